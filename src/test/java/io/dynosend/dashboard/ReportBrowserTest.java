package io.dynosend.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.options.ColorScheme.LIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.dynosend.Await;
import io.dynosend.DatabaseTest;
import io.dynosend.account.Role;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.Engagements.Visitor;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Campaigns on their way and their reports, in a real browser. */
class ReportBrowserTest extends DatabaseTest {

    private static Chromium chromium;

    private final long account = holder(http.token()).account();
    private final String email = newLogin(account, Role.OWNER);
    private final Sent sent = new Sent(http, jdbi);

    @BeforeAll
    static void open() {
        chromium = new Chromium(port(application));
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    @Test
    void aCampaignIsPausedAndResumedWhileItsPageMovesByItself() {
        String uid = sent.draft(sent.audience("Readers"), "Slow");
        sent.call(
                "/campaigns/rate",
                "{\"campaign_uid\": \"%s\", \"messages_per_hour\": 3600}".formatted(uid));
        sent.start(uid);
        Await.until(
                "it is sending",
                Duration.ofSeconds(30),
                () -> sent.insights(uid).at("/insights/recipients").asInt() == 10);
        try (var window = chromium.window(1280, LIGHT)) {
            window.signIn(email, Person.PASSWORD).go("/app/campaigns/" + uid);
            var page = window.page();
            var progress = page.locator(".now .big");
            String before = progress.textContent();
            page.waitForCondition(() -> !progress.textContent().equals(before));
            window.check().shoot("campaign-sending");

            page.locator("button:text-is('Pause')").click();
            assertThat(page.locator(".now h2")).hasText("Paused");
            long then = settled(uid);
            window.shoot("campaign-paused");

            page.locator("button:text-is('Resume')").click();
            assertThat(page.locator(".now h2")).hasText("Sending");
            page.waitForCondition(() -> settled(uid) > then);

            page.locator("button:text-is('Cancel campaign')").click();
            page.locator("dialog button.danger, dialog button").first().click();
            assertThat(page.locator(".under-title .badge")).hasText("Cancelled");
            window.assertNothingIsWrong();
        }
    }

    @ParameterizedTest
    @CsvSource({"360, LIGHT", "1280, DARK", "1280, LIGHT", "2560, LIGHT", "360, DARK"})
    void everyTabOfAReportIsAccessibleAndFits(int width, ColorScheme theme) {
        String audience = sent.audience("Readers & <b>friends</b>");
        String uid = sent.done(audience, "News \\\"><script>alert(1)</script>");
        for (int number = 1; number <= 4; number++) {
            engagements().opened(delivery(uid, number), visitor());
        }
        engagements().clicked(delivery(uid, 1), 0, visitor());
        sent.draft(audience, "A draft");
        try (var window = chromium.window(width, theme)) {
            window.signIn(email, Person.PASSWORD);
            String report = "/app/campaigns/" + uid;

            shoot(window, "/app", "home", width, theme);
            shoot(window, "/app/campaigns", "campaigns", width, theme);
            shoot(window, report, "report", width, theme);
            shoot(window, report + "/report/recipients", "report-recipients", width, theme);
            shoot(
                    window,
                    report + "/report/recipients?which=unknown",
                    "report-unknown",
                    width,
                    theme);
            shoot(window, report + "/report/links", "report-links", width, theme);
            shoot(window, report + "/report/domains", "report-domains", width, theme);
            shoot(window, report + "/report/content", "report-content", width, theme);

            window.assertNothingIsWrong();
        }
    }

    @Test
    void theMapOfClicksRunsNothingAndTheListIsSearchedAsOneTypes() {
        String uid = sent.done(sent.audience("Readers"), "News");
        engagements().clicked(delivery(uid, 1), 0, visitor());
        try (var window = chromium.window(1280, LIGHT)) {
            window.signIn(email, Person.PASSWORD);
            var page = window.page();
            page.navigate("/app/campaigns/" + uid + "/report/links");
            page.onDialog(dialog -> org.junit.jupiter.api.Assertions.fail("a script has run"));
            assertThat(page.frameLocator("iframe").locator("a span").first())
                    .hasText("#1  1 · 100 %");
            assertThat(page.locator("iframe").getAttribute("sandbox")).isEmpty();

            page.navigate("/app/campaigns/" + uid + "/report/recipients");
            page.locator("#search").pressSequentially("reader03");
            page.waitForCondition(() -> page.locator("#recipients tbody tr").count() == 1);
            assertThat(page.url()).contains("search=reader03");
            var file = page.waitForDownload(() -> page.locator("a[download]").click());
            assertThat(file.suggestedFilename()).endsWith("-recipients.csv");
        }
    }

    private void shoot(
            Chromium.Window window, String path, String name, int width, ColorScheme theme) {
        window.go(path);
        Page page = window.page();
        page.waitForCondition(() -> page.locator(".lazy").count() == 0);
        window.check()
                .shoot("%s-%d-%s".formatted(name, width, theme.name().toLowerCase(Locale.ROOT)));
    }

    private long settled(String uid) {
        return single(
                Long.class,
                "SELECT count(*) FROM delivery d JOIN campaign c ON c.mailing_id = d.mailing_id WHERE c.uid = ? AND d.state <> 'waiting'",
                uid);
    }

    private static Visitor visitor() {
        return new Visitor("203.0.113.7", "<script>alert(1)</script>");
    }

    private DeliveryRef delivery(String uid, int number) {
        return new DeliveryRef(
                account,
                single(Long.class, "SELECT mailing_id FROM campaign WHERE uid = ?", uid),
                number);
    }
}
