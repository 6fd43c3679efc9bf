package io.dynosend.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.dynosend.DatabaseTest;
import io.dynosend.Inbox;
import io.dynosend.account.Role;
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
            page.setDefaultTimeout(12_000);
            window.check().shoot("editor-new");
            page.getByLabel("Campaign name").fill("November");
            page.getByLabel("Subject").fill("News for {{ EMAIL }}");
            page.getByText("Create and continue").click();
            window.check().shoot("editor-designs");
            page.locator("button[value=newsletter]").click();

            var builder = builder(page);
            var canvas = builder.frameLocator("iframe");
            assertThat(canvas.locator("h1").first()).containsText("{{ audience.name }}");
            builder.locator(".gjs-block", new FrameLocator.LocatorOptions().setHasText("Heading"))
                    .click();
            type(page, canvas, "h2:has-text('A heading')", "Typed by Ada");
            assertThat(page.locator("[data-saved]")).hasText(Pattern.compile("Saved .*"));
            window.check().shoot("editor-builder");

            page.setDefaultTimeout(12_000);
            page.reload();
            assertThat(builder(page).frameLocator("iframe").locator("h2:has-text('Typed by Ada')"))
                    .isVisible();

            page.getByText("Continue to review").click();
            assertThat(page.locator(".reach-number")).containsText("2 contacts get it");
            assertThat(page.locator(".checks")).isVisible();
            assertThat(page.frameLocator(".beside iframe.preview").locator("body"))
                    .containsText("Typed by Ada");
            window.check().shoot("editor-review");
            page.locator("main header").getByText("Continue to send").click();
            assertThat(page.locator(".reach-number")).isVisible();
            window.check().shoot("editor-send");
            page.locator("form[action$='/start'] button").click();
            assertThat(page.locator("main")).containsText("to 2 contacts of “Readers” now?");
            window.check().shoot("editor-confirm");
            page.locator("main form button[type=submit]").click();
            assertThat(page.locator("h1")).hasText("November");
            window.assertNothingIsWrong();
        }

        var mail = new Inbox(http, "zoe@example.org").message();
        assertThat(Inbox.everything(mail))
                .contains("News for zoe@example.org", "Typed by Ada", "Analytical Engines");
        assertThat(Inbox.html(mail)).doesNotContain("data-gjs", "{{", "contenteditable");
    }

    private FrameLocator builder(Page page) {
        var inner = page.frameLocator("[data-builder]").frameLocator("iframe");
        assertThat(inner.locator("body[data-ready]")).isVisible();
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
        for (String contact : new String[] {"zoe@example.org", "max@example.org"}) {
            http.post(
                    "/api/v2/contacts",
                    "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s\"}".formatted(uid, contact),
                    "Content-Type",
                    "application/json");
        }
        return uid;
    }
}
