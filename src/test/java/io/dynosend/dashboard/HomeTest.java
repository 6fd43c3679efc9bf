package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.DatabaseTest;
import io.dynosend.account.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first page: what goes on, what needs somebody, what to do first. */
class HomeTest extends DatabaseTest {

    private final long account = holder(http.token()).account();
    private final Person ada = new Person(http.port());
    private final Sent sent = new Sent(http, jdbi);

    @BeforeEach
    void adaSignsIn() {
        ada.signIn(newLogin(account, Role.MARKETER), Person.PASSWORD);
    }

    @Test
    void theStepsToTheFirstCampaignAreTickedOffOneByOneAndGoWithIt() {
        assertThat(done(ada.page("/app"))).isEmpty();

        String audience = sent.audience("Readers");
        assertThat(done(ada.page("/app"))).containsExactly("Create an audience", "Add contacts");

        String campaign = sent.draft(audience, "News");
        assertThat(done(ada.page("/app"))).contains("Create a campaign");
        assertThat(ada.page("/app").text()).contains("3 of 5 done");

        sent.start(campaign);
        assertThat(ada.page("/app").select(".tasks")).isEmpty();
    }

    @Test
    void whatIsBeingSentMovesAndIsPausedAndResumedRightThere() {
        String uid = sent.draft(sent.audience("Readers"), "Slow & <b>steady");
        sent.call(
                "/campaigns/rate",
                "{\"campaign_uid\": \"%s\", \"messages_per_hour\": 60}".formatted(uid));
        sent.start(uid);
        Await.until(
                "it is sending",
                Duration.ofSeconds(30),
                () -> ada.page("/app").select(".going").text().contains("of 10"));

        var now = ada.page("/app");
        assertThat(now.select("#now").attr("hx-trigger")).isEqualTo("every 2s");
        assertThat(now.select(".going b")).isEmpty();
        ada.post(
                now.select(".going form").attr("action").replaceFirst("^https?://[^/]+", ""),
                Map.of("from", "home"));
        var paused = ada.page("/app").select(".going");
        assertThat(paused.select(".badge").text()).isEqualTo("Paused");
        assertThat(paused.select("form").attr("action")).endsWith("/" + uid + "/resume");

        var part = ada.get("/app?told=" + uid + ".0.0", "HX-Request", "true").body();
        assertThat(part).doesNotContain("<html").contains("Paused");
    }

    @Test
    void whatNeedsSomebodyIsSaid() {
        String audience = sent.audience("Readers");
        String done = sent.done(audience, "News");
        execute(
                """
                UPDATE mailing SET state = 'paused', done_at = NULL, paused_because = 'restored'
                WHERE id = (SELECT mailing_id FROM campaign WHERE uid = ?)
                """,
                done);
        execute(
                "UPDATE campaign SET failure = 'no <subject>' WHERE uid = ?",
                sent.draft(audience, "B"));
        execute("UPDATE audience SET address_1 = '' WHERE uid = ?", audience);
        sent.call("/domains", "{\"domain\": \"unsigned.example\"}");

        var warnings = ada.page("/app").select(".warnings p").eachText();

        assertThat(warnings)
                .anyMatch(text -> text.startsWith("No relay is set"))
                .anyMatch(text -> text.startsWith("“News” has paused itself. The database comes"))
                .anyMatch(text -> text.startsWith("For 2 messages of “News” the relay never said"))
                .anyMatch(text -> text.startsWith("“B” was not started: no <subject>"))
                .anyMatch(text -> text.startsWith("Mail from unsigned.example is not signed"))
                .anyMatch(text -> text.startsWith("“Readers” has no postal address"));
    }

    @Test
    void manyBouncesAndComplaintsAreSaidOfThoseThatAreLargeEnough() {
        String uid = sent.done(sent.audience("Readers"), "News");
        assertThat(ada.page("/app").select(".warnings").text()).doesNotContain("bounced");

        execute(
                """
                INSERT INTO delivery (account_id, mailing_id, number, contact_id, address, state, bounced_at)
                SELECT account_id, mailing_id, n, -n, 'm' || n || '@example.org', 'sent',
                       CASE WHEN n < 15 THEN now() END
                FROM campaign, generate_series(11, 40) AS n
                WHERE uid = ?
                """,
                uid);
        execute(
                """
                INSERT INTO mailing_chunk (account_id, mailing_id, first_number, last_number, due_at)
                SELECT account_id, mailing_id, 11, 40, NULL FROM campaign WHERE uid = ?
                """,
                uid);
        execute(
                """
                INSERT INTO engagement (account_id, mailing_id, number, complained_at)
                SELECT account_id, mailing_id, 11, now() FROM campaign WHERE uid = ?
                """,
                uid);

        assertThat(ada.page("/app").select(".warnings p").eachText())
                .anyMatch(text -> text.startsWith("12.5 % of “News” bounced"))
                .anyMatch(text -> text.startsWith("2.8 % of the readers of “News” reported it"));
    }

    @Test
    void theChartsEndWithWhatIsThereNow() {
        sent.audience("Readers");

        var charts = ada.page("/app/charts?days=90");

        assertThat(charts.select(".charts .big").text()).isEqualTo("10subscribed contacts");
        var growth = charts.select(".charts .plot").get(0).select(".plot-data td").eachText();
        assertThat(growth).hasSize(90).last().isEqualTo("10");
        assertThat(ada.page("/app").select(".lazy").attr("hx-get"))
                .isEqualTo("/app/charts?days=30");
    }

    @Test
    void anotherAccountSeesNothingOfIt() {
        sent.done(sent.audience("Secret readers"), "Secret news");
        var stranger = new Person(http.port());
        stranger.signIn(newLogin(holder(newAccount()).account(), Role.OWNER), Person.PASSWORD);

        for (String path : List.of("/app", "/app/charts", "/app/campaigns")) {
            assertThat(stranger.get(path).body()).doesNotContain("Secret");
        }
    }

    private static List<String> done(Document page) {
        return page.select(".tasks .done-already a").eachText();
    }
}
