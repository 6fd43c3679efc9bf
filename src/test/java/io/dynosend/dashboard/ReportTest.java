package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.DatabaseTest;
import io.dynosend.account.Role;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.EngagementHours;
import io.dynosend.tracking.Engagements.Visitor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What came of a campaign, and what may be decided while it is on its way. */
class ReportTest extends DatabaseTest {

    private final long account = holder(http.token()).account();
    private final Person ada = new Person(http.port());
    private final Sent sent = new Sent(http, jdbi);

    @BeforeEach
    void adaSignsIn() {
        ada.signIn(newLogin(account, Role.MARKETER), Person.PASSWORD);
    }

    @Test
    void theReportHasTheFiguresOfTheApiAndItsOutcomesAddUp() {
        String uid = read(sent.done(sent.audience("Readers"), "News"));

        var page = ada.page("/app/campaigns/" + uid);

        var insights = sent.insights(uid).get("insights");
        assertThat(stat(page, "Delivered")).isEqualTo("60 % 6 of 10");
        assertThat(insights.get("delivery_rate").asDouble()).isEqualTo(0.6);
        assertThat(stat(page, "Opened")).isEqualTo("50 % 3 readers, 4 opens");
        assertThat(insights.get("unique_open_count").asInt()).isEqualTo(3);
        assertThat(insights.get("open_count").asInt()).isEqualTo(4);
        assertThat(stat(page, "Clicked")).isEqualTo("33.3 % 2 readers, 3 clicks");
        assertThat(stat(page, "Bounced")).isEqualTo("10 % 1");
        assertThat(stat(page, "Unsubscribed")).isEqualTo("0 % 0");
        assertThat(insights.get("bounce_count").asInt()).isEqualTo(1);
        assertThat(outcomes(page))
                .isEqualTo(
                        Map.of("Sent", 6, "Failed", 1, "Skipped", 1, "Unknown", 2, "Waiting", 0));
        assertThat(outcomes(page).values().stream().mapToInt(n -> n).sum())
                .isEqualTo(insights.get("recipients").asInt());
    }

    @Test
    void aReaderWhoShowsThatItArrivedMovesAFinishedCampaignsFigures() {
        String uid = sent.done(sent.audience("Readers"), "News");
        assertThat(outcomes(ada.page("/app/campaigns/" + uid))).containsEntry("Unknown", 2);

        open(uid, 9);

        assertThat(outcomes(ada.page("/app/campaigns/" + uid)))
                .containsEntry("Unknown", 1)
                .containsEntry("Sent", 7);
        assertThat(sent.insights(uid).at("/insights/delivery_rate").asDouble()).isEqualTo(0.7);
    }

    @Test
    void theSumsThatAreKeptAreThoseThatAreCounted() {
        String uid = read(sent.done(sent.audience("Readers"), "News"));
        open(uid, 9);
        ada.post("/app/campaigns/" + uid + "/unknown", Map.of("do", "count", "confirmed", "yes"));
        erase(uid, 3);
        new EngagementHours(jdbi).fold();
        open(uid, 4);

        var page = ada.page("/app/campaigns/" + uid);

        var insights = sent.insights(uid).get("insights");
        assertThat(outcomes(page)).containsEntry("Sent", 8).containsEntry("Unknown", 0);
        assertThat(insights.get("delivery_rate").asDouble()).isEqualTo(0.8);
        assertThat(stat(page, "Opened"))
                .endsWith(
                        "%d readers, %d opens"
                                .formatted(
                                        insights.get("unique_open_count").asInt(),
                                        insights.get("open_count").asInt()));
    }

    @ParameterizedTest
    @CsvSource({
        "all, 10",
        "sent, 6",
        "failed, 1",
        "bounced, 1",
        "skipped, 1",
        "unknown, 2",
        "waiting, 0",
        "opened, 3",
        "not_opened, 3",
        "clicked, 2",
        "unsubscribed, 0",
        "complained, 0",
        "nonsense, 10"
    })
    void recipientsAreThereByWhatBecameOfThem(String which, int expected) {
        String uid = read(sent.done(sent.audience("Readers"), "News"));
        String path = "/app/campaigns/" + uid + "/report/recipients?which=" + which;

        assertThat(ada.page(path).select("#recipients tbody tr")).hasSize(expected);
        assertThat(ada.get(path.replace("?", ".csv?")).body().lines()).hasSize(expected + 1);
        assertThat(ada.page(path + "&search=reader0").select("#recipients tbody tr").size())
                .isBetween(0, Math.max(0, expected));
    }

    @Test
    void whoDidNotGetItIsToldWhyInTheReceiversWordsWhichDoNothing() {
        String uid = sent.done(sent.audience("Readers"), "News");

        var failed = ada.page("/app/campaigns/" + uid + "/report/recipients?which=failed");
        var skipped = ada.page("/app/campaigns/" + uid + "/report/recipients?which=skipped");

        assertThat(failed.select("#recipients .reply").text())
                .isEqualTo("550 5.1.1 <b>no</b> such mailbox");
        assertThat(failed.select("#recipients b")).isEmpty();
        assertThat(skipped.select("#recipients td").text()).contains("on your blacklist");
        assertThat(failed.select("#recipients th a").attr("href"))
                .matches("/app/audiences/[\\w-]+/contacts/[\\w-]+");
    }

    @Test
    void recipientsAreFoundByAnyPartOfTheirAddress() {
        String uid = sent.done(sent.audience("Readers"), "News");
        String path = "/app/campaigns/" + uid + "/report/recipients?search=";

        assertThat(ada.page(path + "ADER04").select("#recipients tbody th").text())
                .startsWith("reader04@");
        assertThat(ada.page(path + "%25").select("#recipients tbody tr")).isEmpty();
        assertThat(ada.page(path + "@").select("#recipients tbody tr")).hasSize(10);
        assertThat(ada.page(path + "reader08&which=sent").select("#recipients tbody tr")).isEmpty();
    }

    @Test
    void aSearchThatFindsThousandsForgetsNobody() {
        String uid = sent.done(sent.audience("Readers"), "News");
        thousandsMore(uid);
        String path = "/app/campaigns/" + uid + "/report/recipients";

        var unknown = ada.page(path + "?search=many&which=unknown").select("#recipients tbody th");
        assertThat(unknown.eachText()).containsExactly("many5900@example.org");
        assertThat(ada.get(path + ".csv?search=many").body().lines()).hasSize(6_001);
        assertThat(ada.get(path + ".csv?search=many&which=sent").body().lines()).hasSize(6_000);
        assertThat(ada.get(path + ".csv?search=many&which=not_opened").body().lines())
                .hasSize(6_000);
        assertThat(ada.get(path + ".csv?search=many&which=opened").body().lines()).hasSize(1);
        var last = ada.page(path + "?search=many&before=6011").select("#recipients tbody th");
        assertThat(last.eachText()).hasSize(50).endsWith("many6000@example.org");
    }

    private static void thousandsMore(String uid) {
        execute(
                """
                WITH people AS (
                    INSERT INTO contact (
                        account_id, audience_id, uid, email, status, source, tags, fields,
                        created_at, updated_at)
                    SELECT account_id, audience_id, md5(uid || n), 'many' || n || '@example.org',
                           'subscribed', 'api', '{}', '{}', created_at, created_at
                    FROM campaign, generate_series(1, 6000) n
                    WHERE uid = ?
                    RETURNING account_id, id, email)
                INSERT INTO delivery (account_id, mailing_id, number, contact_id, address, state)
                SELECT p.account_id, c.mailing_id, 10 + n, p.id, p.email,
                       (CASE n WHEN 5900 THEN 'unknown' ELSE 'sent' END)::delivery_state
                FROM people p
                JOIN campaign c ON c.account_id = p.account_id AND c.uid = ?,
                     LATERAL (SELECT substring(p.email from '[0-9]+')::int AS n) x
                """,
                uid,
                uid);
        execute(
                """
                UPDATE mailing_chunk k
                SET last_number = 6010, sent = NULL
                FROM campaign c
                WHERE c.uid = ? AND k.account_id = c.account_id AND k.mailing_id = c.mailing_id
                """,
                uid);
    }

    @Test
    void recipientsComePageByPageInBothDirections() {
        String uid = sent.done(sent.audience("Readers"), "News");
        execute(
                """
                WITH more AS (
                    INSERT INTO delivery (account_id, mailing_id, number, contact_id, address, state)
                    SELECT account_id, mailing_id, n, -n, 'more' || n || '@example.org', 'sent'
                    FROM campaign, generate_series(11, 120) AS n
                    WHERE uid = ?
                )
                SELECT 1
                """,
                uid);
        execute(
                """
                INSERT INTO mailing_chunk (account_id, mailing_id, first_number, last_number, due_at)
                SELECT account_id, mailing_id, 11, 120, NULL FROM campaign WHERE uid = ?
                """,
                uid);
        String path = "/app/campaigns/" + uid + "/report/recipients?which=sent";

        var first = ada.page(path);
        var second = ada.page(first.select("a[rel=next]").attr("href"));
        var third = ada.page(second.select("a[rel=next]").attr("href"));

        assertThat(first.select("a[rel=prev]")).isEmpty();
        assertThat(third.select("a[rel=next]")).isEmpty();
        var all = new java.util.ArrayList<String>();
        for (var page : List.of(first, second, third)) all.addAll(addresses(page));
        assertThat(all).hasSize(116).doesNotHaveDuplicates();
        var back = ada.page(third.select("a[rel=prev]").attr("href"));
        assertThat(addresses(back)).isEqualTo(addresses(second));
        assertThat(addresses(ada.page(back.select("a[rel=prev]").attr("href"))))
                .isEqualTo(addresses(first));
    }

    @Test
    void aFileOfRecipientsHasNoFormulaAndIsInTheAuditLog() {
        String uid = sent.done(sent.audience("Readers"), "=News");
        execute(
                """
                UPDATE delivery d SET reply = '=HYPERLINK("http://evil")'
                FROM campaign c
                WHERE c.uid = ? AND d.mailing_id = c.mailing_id AND d.number = 8
                """,
                uid);

        var file = ada.get("/app/campaigns/" + uid + "/report/recipients.csv?which=failed");

        assertThat(file.header("Content-Type")).startsWith("text/csv");
        assertThat(file.header("Content-Disposition")).startsWith("attachment");
        assertThat(file.body()).contains(",\"'=HYPERLINK(\"\"http://evil\"\")\",");
        assertThat(audit()).contains("exported the recipients of the campaign “=News”");
    }

    @Test
    void theLinksHaveTheirClicksAndTheMapMarksThemInAFrameThatRunsNothing() {
        String uid = read(sent.done(sent.audience("Readers"), "News"));

        var rows = ada.page("/app/campaigns/" + uid + "/report/links?now=1").select("tbody tr");
        var frame = ada.get("/app/campaigns/" + uid + "/report/map");
        var map = org.jsoup.Jsoup.parse(frame.body());

        assertThat(rows.eachText())
                .containsExactly(
                        "1 https://shop.example/one 2 66.7 % 2",
                        "2 https://shop.example/two 1 33.3 % 1",
                        "3 https://shop.example/threeNot in the click map: only some readers get"
                                + " it. 0 0 % 0");
        assertThat(map.select("a span[title]").eachText())
                .containsExactly("#1 2 · 67 %", "#2 1 · 33 %");
        assertThat(map.select("a[href]").eachAttr("href"))
                .allMatch(href -> href.equals("http://unsubscribe.invalid/"));
        assertThat(frame.header("Content-Security-Policy"))
                .contains("default-src 'none'", "sandbox", "frame-ancestors 'self'");
        assertThat(ada.page("/app/campaigns/" + uid + "/report/links").select("iframe").attr("src"))
                .isEqualTo("/app/campaigns/" + uid + "/report/map");
        assertThat(ada.get("/app/campaigns/" + uid + "/report/links.csv").body())
                .contains("1,https://shop.example/one,2,2\r\n");
    }

    @Test
    void domainsAddUp() {
        String uid = read(sent.done(sent.audience("Readers"), "News"));

        String href = "/app/campaigns/" + uid + "/report/domains?now=1";
        Await.until(
                "they are counted",
                Duration.ofSeconds(30),
                () -> !ada.page(href).select("tbody tr").isEmpty());

        var row = ada.page(href).select("tbody tr");
        assertThat(row).hasSize(1);
        assertThat(row.text()).matches("\\S+\\.example\\.org 10 6 0 1 10 % 50 % 33.3 %");
    }

    @Test
    void aMessageWithoutAnAnswerIsDecidedOnAloneOrWithAllOthers() {
        String uid = sent.done(sent.audience("Readers"), "News");
        String path = "/app/campaigns/" + uid + "/report/recipients?which=unknown";
        String contact = ada.page(path).select("#recipients [name=contact]").get(0).val();

        var asked = ada.post(unknown(uid), Map.of("do", "count", "contact", contact));
        assertThat(asked.body()).contains("Count 1 message as sent?");
        assertThat(ada.page(path).select("#recipients tbody tr")).hasSize(2);

        ada.post(unknown(uid), Map.of("do", "count", "contact", contact, "confirmed", "yes"));
        assertThat(ada.page(path).select("#recipients tbody tr")).hasSize(1);

        ada.post(unknown(uid), Map.of("do", "resend", "confirmed", "yes"));
        assertThat(ada.page(path).select("#recipients tbody tr")).isEmpty();
        assertThat(audit())
                .contains(
                        "counted 1 message without an answer as sent of the campaign “News”",
                        "sent 1 message without an answer again of the campaign “News”");
    }

    @Test
    void aCampaignIsPausedLimitedResumedAndCancelled() {
        String uid = slow();

        ada.post("/app/campaigns/" + uid + "/pause", Map.of());
        var paused = ada.page("/app/campaigns/" + uid);
        assertThat(paused.select(".badge").get(0).text()).isEqualTo("Paused");
        assertThat(sent.insights(uid).at("/campaign/status").asText()).isEqualTo("paused");

        var wrong = ada.post("/app/campaigns/" + uid + "/limit", Map.of("per_hour", "<b>fast"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body()).contains("value=\"&lt;b>fast\"");
        ada.post("/app/campaigns/" + uid + "/limit", Map.of("per_hour", "2,000"));
        assertThat(ada.page("/app/campaigns/" + uid).select(".limit summary").text())
                .isEqualTo("Speed: at most 2,000 an hour");

        ada.post("/app/campaigns/" + uid + "/resume", Map.of("from", "home"));
        assertThat(ada.page("/app/campaigns/" + uid).select(".badge").get(0).text())
                .isEqualTo("Sending");

        assertThat(ada.post("/app/campaigns/" + uid + "/cancel", Map.of()).body())
                .contains("who have not got it yet will not get it");
        ada.post("/app/campaigns/" + uid + "/cancel", Map.of("confirmed", "yes"));
        Await.until(
                "it is cancelled", Duration.ofSeconds(30), () -> badge(uid).equals("Cancelled"));
        assertThat(audit())
                .contains(
                        "paused the campaign “Slow”",
                        "limited the campaign “Slow” to 2000 messages an hour",
                        "resumed the campaign “Slow”",
                        "cancelled the campaign “Slow”");
    }

    @Test
    void aPageThatAsksAgainIsToldHowFastItGoes() {
        String uid = slow();
        ada.post("/app/campaigns/" + uid + "/pause", Map.of());
        execute(
                """
                UPDATE mailing SET state = 'sending'
                WHERE id = (SELECT mailing_id FROM campaign WHERE uid = ?)
                """,
                uid);
        var first = ada.page("/app/campaigns/" + uid);
        String again = first.select("#progress").attr("hx-get");
        assertThat(again).startsWith("/app/campaigns/" + uid + "?told=" + uid + ".");
        ada.post("/app/campaigns/" + uid + "/pause", Map.of());

        clock.advance(Duration.ofSeconds(4));
        var part = ada.get(again, "HX-Request", "true").body();

        assertThat(part).doesNotContain("<html").contains("Paused");
        assertThat(Pace.told("x.1.2_../../etc_y.5.6")).containsOnlyKeys("x", "y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "cancel", "limit", "unknown", "delete", "duplicate"})
    void aViewerReadsAllAndDecidesNothing(String verb) {
        String uid = sent.done(sent.audience("Readers"), "News");
        var viewer = new Person(http.port());
        viewer.signIn(newLogin(account, Role.VIEWER), Person.PASSWORD);

        for (String below :
                List.of(
                        "",
                        "/report/recipients",
                        "/report/links?now=1",
                        "/report/domains?now=1",
                        "/report/content",
                        "/report/message",
                        "/report/map",
                        "/report/links.csv")) {
            var page = viewer.get("/app/campaigns/" + uid + below);
            assertThat(page.status()).as(below).isEqualTo(200);
            assertThat(org.jsoup.Jsoup.parse(page.body()).select("main form[method=post]"))
                    .isEmpty();
        }
        // Who exports nobody of an audience exports no recipients either.
        assertThat(viewer.get("/app/campaigns/" + uid + "/report/recipients.csv").status())
                .isEqualTo(403);
        assertThat(
                        viewer.post(
                                        "/app/campaigns/" + uid + "/" + verb,
                                        Map.of("confirmed", "yes", "do", "resend"))
                                .status())
                .isEqualTo(403);
    }

    @Test
    void aCampaignOfAnotherAccountIsNotThere() {
        String uid = sent.done(sent.audience("Readers"), "News");
        var stranger = new Person(http.port());
        stranger.signIn(newLogin(holder(newAccount()).account(), Role.OWNER), Person.PASSWORD);

        for (String below :
                List.of(
                        "",
                        "/report/recipients",
                        "/report/recipients.csv",
                        "/report/links",
                        "/report/links.csv",
                        "/report/map",
                        "/report/domains",
                        "/report/content",
                        "/report/message")) {
            assertThat(stranger.get("/app/campaigns/" + uid + below).status()).isEqualTo(404);
        }
        for (String verb :
                List.of("pause", "resume", "cancel", "limit", "unknown", "delete", "duplicate")) {
            assertThat(
                            stranger.post(
                                            "/app/campaigns/" + uid + "/" + verb,
                                            Map.of("confirmed", "yes"))
                                    .status())
                    .as(verb)
                    .isEqualTo(404);
        }
    }

    @Test
    void theListIsSearchedFilteredSortedAndItsDraftsAreDeleted() {
        String audience = sent.audience("Readers <b>");
        String done = read(sent.done(audience, "Zebra"));
        String one = sent.draft(audience, "Alpha <script>");
        String two = sent.draft(audience, "Beta");

        assertThat(names("")).containsExactly("Beta", "Alpha <script>", "Zebra");
        assertThat(names("?search=EB")).containsExactly("Zebra");
        assertThat(names("?status=done")).containsExactly("Zebra");
        assertThat(names("?sort=name&dir=asc")).containsExactly("Alpha <script>", "Beta", "Zebra");
        assertThat(names("?sort=opened")).startsWith("Zebra");
        assertThat(names("?audience=" + audience)).hasSize(3);
        assertThat(names("?audience=none")).isEmpty();
        assertThat(names("?sort=1;drop&dir=x&page=999")).hasSize(3);
        var row = ada.page("/app/campaigns?search=zebra").select("tbody tr").text();
        assertThat(row).contains("to Readers <b>", "Sent", "50 %", "33.3 %", "10 %");

        ada.post("/app/campaigns/" + done + "/duplicate", Map.of());
        assertThat(names("?status=new")).contains("Zebra (copy)");

        assertThat(delete(done, one, two, false)).contains("Delete 2 drafts?");
        assertThat(names("")).hasSize(4);
        delete(done, one, two, true);
        assertThat(names("")).containsExactlyInAnyOrder("Zebra (copy)", "Zebra");
    }

    private String delete(String done, String one, String two, boolean confirmed) {
        return ada.postAll(
                        "/app/campaigns/delete",
                        "pick=%s&pick=%s&pick=%s%s"
                                .formatted(done, one, two, confirmed ? "&confirmed=yes" : ""))
                .body();
    }

    /** Whose first three readers open, one of them twice, and two click. */
    private String read(String uid) {
        open(uid, 1);
        open(uid, 1);
        open(uid, 2);
        open(uid, 3);
        click(uid, 1, 0);
        click(uid, 1, 1);
        click(uid, 2, 0);
        return uid;
    }

    private void open(String uid, int number) {
        engagements().opened(delivery(uid, number), visitor());
    }

    private void click(String uid, int number, int link) {
        engagements().clicked(delivery(uid, number), link, visitor());
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

    private void erase(String uid, int number) {
        var reply =
                http.call(
                        "DELETE",
                        "/api/v2/contacts",
                        "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\"}"
                                .formatted(
                                        single(
                                                String.class,
                                                "SELECT a.uid FROM campaign c JOIN audience a ON a.id = c.audience_id WHERE c.uid = ?",
                                                uid),
                                        single(
                                                String.class,
                                                "SELECT t.uid FROM campaign c JOIN delivery d ON d.mailing_id = c.mailing_id JOIN contact t ON t.id = d.contact_id WHERE c.uid = ? AND d.number = ?",
                                                uid,
                                                number)),
                        "Content-Type",
                        "application/json");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    }

    /** On its way to ten contacts at one message an hour. */
    private String slow() {
        String uid = sent.draft(sent.audience("Readers"), "Slow");
        sent.call(
                "/campaigns/rate",
                "{\"campaign_uid\": \"%s\", \"messages_per_hour\": 60}".formatted(uid));
        sent.start(uid);
        Await.until(
                "it is sending",
                Duration.ofSeconds(30),
                () ->
                        sent.insights(uid).at("/campaign/status").asText().equals("sending")
                                && sent.insights(uid).at("/insights/recipients").asInt() == 10);
        return uid;
    }

    private String badge(String uid) {
        return ada.page("/app/campaigns/" + uid).select(".badge").get(0).text();
    }

    private static String unknown(String uid) {
        return "/app/campaigns/" + uid + "/unknown";
    }

    private List<String> names(String query) {
        return ada.page("/app/campaigns" + query).select("#campaigns tbody th a").eachText();
    }

    private static List<String> addresses(Document page) {
        return page.select("#recipients tbody th").eachText();
    }

    private List<String> audit() {
        return jdbi.withHandle(db ->
                db.select("SELECT action FROM audit_entry WHERE account_id = ?", account)
                        .mapTo(String.class)
                        .list());
    }

    private static String stat(Document page, String label) {
        return page.select(".figure").stream()
                .filter(figure -> figure.select("dt").text().equals(label))
                .findFirst()
                .orElseThrow()
                .select("dd")
                .text();
    }

    private static Map<String, Integer> outcomes(Document page) {
        var outcomes = new java.util.HashMap<String, Integer>();
        for (var part : page.select(".parts-legend li")) {
            outcomes.put(
                    part.select("a, span").get(0).text(),
                    Integer.parseInt(part.select("strong").text().replace(",", "")));
        }
        return outcomes;
    }
}
