package io.dynosend.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.dynosend.DatabaseTest;
import io.dynosend.Inbox;
import io.dynosend.account.Role;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The editor as somebody with a browser sees it, from nothing to a mail in a mailbox. */
class EditorBrowserTest extends DatabaseTest {

    private static Chromium chromium;

    private final String email = newLogin(holder(http.token()).account(), Role.OWNER);
    private final Person ada = new Person(http.port());

    @BeforeAll
    static void open() {
        chromium = new Chromium(port(application));
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    @Test
    void aFirstCampaignIsBuiltReviewedAndDelivered() {
        audience();
        try (var window = chromium.window(1440, ColorScheme.LIGHT)) {
            var page = window.signIn(email, Person.PASSWORD).go("/app/campaigns/new").page();
            page.setDefaultTimeout(30_000);
            window.check().shoot("editor-new");
            page.getByLabel("Campaign name").fill("November");
            page.getByLabel("Subject").fill("News for {{ EMAIL }}");
            page.getByText("Create and continue").click();
            window.check().shoot("editor-designs");
            page.locator("button[value=newsletter]").click();

            var builder = builder(page);
            var canvas = builder.frameLocator("iframe");
            assertThat(canvas.locator("h1").first()).containsText("{{ audience.name }}", SLOW);
            builder.locator(".gjs-block", new FrameLocator.LocatorOptions().setHasText("Heading"))
                    .click();
            type(page, canvas, "h2:has-text('A heading')", "Typed by Ada");
            builder.locator(".gjs-block", new FrameLocator.LocatorOptions().setHasText("Button"))
                    .click();
            assertThat(canvas.locator("table.ds-button")).hasCount(2);
            // Nothing flows beside a button.
            assertThat(canvas.locator("table.ds-button").first()).hasCSS("float", "none");
            assertThat(page.locator("[data-saved]"))
                    .hasText(Pattern.compile("Saved .*"), SLOW_TEXT);
            window.check().shoot("editor-builder");

            page.setDefaultTimeout(30_000);
            page.reload();
            assertThat(builder(page).frameLocator("iframe").locator("h2:has-text('Typed by Ada')"))
                    .isVisible(SLOW_VISIBLE);
            assertThat(builder(page).frameLocator("iframe").locator("h2:has-text('Typed by Ada')"))
                    .hasCSS("color", INK);

            page.getByText("Continue to review").click();
            assertThat(page.locator(".reach-number")).containsText("2 contacts get it", SLOW);
            assertThat(page.locator(".checks")).isVisible(SLOW_VISIBLE);
            assertThat(page.frameLocator(".beside iframe.preview").locator("body"))
                    .containsText("Typed by Ada", SLOW);
            // What the builder made keeps its looks: in the mail they stand where they are needed.
            assertThat(
                            page.frameLocator(".beside iframe.preview")
                                    .locator("h2:has-text('Typed by Ada')"))
                    .hasCSS("color", INK);
            window.check().shoot("editor-review");
            page.locator("main header").getByText("Continue to send").click();
            assertThat(page.locator(".reach-number")).isVisible(SLOW_VISIBLE);
            window.check().shoot("editor-send");
            page.locator("form[action$='/start'] button").click();
            assertThat(page.locator("main")).containsText("to 2 contacts of “Readers” now?", SLOW);
            window.check().shoot("editor-confirm");
            page.locator("main form button[type=submit]").click();
            assertThat(page.locator("h1")).hasText("November", SLOW_TEXT);
            window.assertNothingIsWrong();
        }

        var mail = new Inbox(http, "zoe.builds@example.org").message();
        assertThat(Inbox.everything(mail))
                .contains("News for zoe.builds@example.org", "Typed by Ada", "Analytical Engines");
        assertThat(Inbox.html(mail)).doesNotContain("data-gjs", "{{", "contenteditable");
    }

    @Test
    void codeIsSavedAsItIsTypedAndErrorsStandAtTheirLine() {
        String campaign = campaign(Map.of("format", "html"));
        try (var window = chromium.window(1280, ColorScheme.DARK)) {
            window.signIn(email, Person.PASSWORD).go(campaign + "/content");
            var page = window.page();
            page.setDefaultTimeout(30_000);
            write(page, "<p>\n\n{% if %}</p>");
            assertThat(page.locator("[data-problem]")).containsText("line 3", SLOW);
            assertThat(page.locator(".line-wrong")).hasCount(1);
            window.check().shoot("editor-code-wrong");

            write(page, "<p>Dear {{ EMAIL }}</p><script>document.title = 'run'</script>");
            assertThat(page.locator("[data-saved]"))
                    .hasText(Pattern.compile("Saved .*"), SLOW_TEXT);
            page.getByLabel("Preview as").fill("zo");
            page.locator(".look-found a").click();
            assertThat(page.frameLocator("#look iframe").locator("body"))
                    .containsText("Dear zoe.builds@example.org", SLOW);
            page.getByText("Phone", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page.locator(".stage.phone")).isVisible(SLOW_VISIBLE);
            page.getByText("Dark", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page.locator(".stage.phone.dark")).isVisible(SLOW_VISIBLE);
            window.check().shoot("editor-code");
            assertThat(page.title()).doesNotContain("run");
            page.reload();
            assertThat(page.locator(".CodeMirror")).containsText("Dear {{ EMAIL }}", SLOW);

            ada.post(
                    campaign + "/content",
                    Map.of("format", "html", "content", "<p>Theirs</p>", "text", ""));
            write(page, "<p>Mine</p>");
            assertThat(page.locator(".stale")).containsText("somebody else", SLOW);
            window.check().shoot("editor-stale");
            page.getByText("Keep mine and replace theirs").click();
            assertThat(page.locator("[data-saved]"))
                    .hasText(Pattern.compile("Saved .*"), SLOW_TEXT);
            assertThat(ada.page(campaign + "/content").select("#content").val())
                    .isEqualTo("<p>Mine</p>");
            // What was refused on purpose.
            assertThat(window.complaints()).allMatch(each -> each.contains("status of 4"));
        }
    }

    @Test
    void whatAStrangerWroteRunsNowhereAndFitsAPhone() {
        String campaign = campaign(Map.of("starter", "letter"));
        String built = ada.page(campaign + "/content").select("#content").val();
        String hostile =
                built.replace(
                        "All the best",
                        "<img class=\"ds-image\" src=\"data:,\" onerror=\"top.postMessage('run', '*')\">"
                                + "<script>top.postMessage('run', '*')</script>All the best");
        ada.post(campaign + "/content", Map.of("format", "html", "content", hostile, "text", ""));
        try (var window = chromium.window(360, ColorScheme.LIGHT)) {
            var page = window.signIn(email, Person.PASSWORD).page();
            page.setDefaultTimeout(30_000);
            page.addInitScript(
                    "addEventListener('message', e => { if (e.data === 'run') document.documentElement.dataset.ran = 'yes' })");
            window.go(campaign + "/content");
            assertThat(builder(page).frameLocator("iframe").locator(".ds-footer"))
                    .isVisible(SLOW_VISIBLE);
            window.check().shoot("editor-builder-360");
            window.go(campaign + "/review");
            assertThat(page.locator("#look iframe")).isVisible(SLOW_VISIBLE);
            window.check().shoot("editor-review-360");
            window.go(campaign + "/send").check().shoot("editor-send-360");
            window.go(campaign + "/audience").check().shoot("editor-audience-360");
            assertThat(page.locator("html[data-ran]")).hasCount(0);
            // The builder's policy says what it did not run.
            assertThat(window.complaints())
                    .allMatch(each ->
                            each.contains("Executing inline")
                                    && each.contains("script-src 'self' 'unsafe-eval'"));
        }
    }

    private static final String INK = "rgb(29, 36, 48)";
    private static final LocatorAssertions.ContainsTextOptions SLOW =
            new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);
    private static final LocatorAssertions.HasTextOptions SLOW_TEXT =
            new LocatorAssertions.HasTextOptions().setTimeout(30_000);
    private static final LocatorAssertions.IsVisibleOptions SLOW_VISIBLE =
            new LocatorAssertions.IsVisibleOptions().setTimeout(30_000);

    private static void write(Page page, String text) {
        page.locator(".CodeMirror").click();
        page.keyboard().press("Control+a");
        page.keyboard().insertText(text);
    }

    private String campaign(Map<String, String> design) {
        var created = ada(Map.of("name", "November", "subject", "News", "audience", audience()));
        ada.post(created + "/design", design);
        return created;
    }

    private String ada(Map<String, String> fields) {
        return ada.post("/app/campaigns/new", fields).header("Location").replace("/content", "");
    }

    private FrameLocator builder(Page page) {
        var inner = page.frameLocator("[data-builder]").frameLocator("iframe");
        assertThat(inner.locator("body[data-ready]")).isVisible(SLOW_VISIBLE);
        return inner;
    }

    private static void type(Page page, FrameLocator canvas, String what, String text) {
        var piece = canvas.locator(what).first();
        piece.dblclick();
        page.keyboard().press("Control+a");
        page.keyboard().type(text);
    }

    private String audience() {
        ada.signIn(email, Person.PASSWORD);
        String uid =
                http.post(
                                "/api/v2/audiences",
                                """
                                {"name": "Readers", "from_email": "a@example.org",
                                 "from_name": "Ada Lovelace", "contact_information": {"company":
                                 "Analytical Engines", "address_1": "1 Main Street", "city": "X",
                                 "country": "DE"}}
                                """,
                                "Content-Type",
                                "application/json")
                        .json()
                        .path("audience_uid")
                        .asText();
        for (String contact : new String[] {"zoe.builds@example.org", "max@example.org"}) {
            http.post(
                    "/api/v2/contacts",
                    "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s\"}".formatted(uid, contact),
                    "Content-Type",
                    "application/json");
        }
        return uid;
    }
}
