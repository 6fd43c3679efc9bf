package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Http.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CampaignsApiTest extends ApiTest {

    private static final String WHOLE =
            """
            {
              "name": "Monthly update",
              "audience_uid": "%s",
              "subject": "This month's product update",
              "from_email": "Team@Acme.com",
              "from_name": "Acme",
              "reply_to": "answers@acme.com",
              "html": "<p>Hello {{ EMAIL }}</p>",
              "text": "Hello",
            }
            """;

    @Test
    void creatingAnswersTheUidOfTheNewCampaign() {
        var created = curl("POST", "/campaigns", WHOLE.formatted(newAudience()));

        String uid = ok(created).get("campaign_uid").asText();
        assertThat(uid).matches("[0-9a-z]{13}");
        assertThat(created.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Campaign created","campaign_uid":"%s"}\
                        """
                                .formatted(uid));
    }

    @Test
    void theListHoldsExactlyTheKeysOfTheDocumentInItsOrder() {
        String uid = create(WHOLE.formatted(newAudience()));

        var list = curl("GET", "/campaigns", "");

        assertThat(list.body()).isEqualTo("[%s]".formatted(campaign(uid)));
    }

    @Test
    void theNewestCampaignComesFirst() {
        String audience = newAudience();
        String first = newCampaign(audience);
        String second = newCampaign(audience);

        assertThat(ok(curl("GET", "/campaigns", "null")).findValuesAsText("uid"))
                .containsExactly(second, first);
    }

    @Test
    void aCampaignIsAnsweredWithItsFifteenInsights() {
        String uid = create(WHOLE.formatted(newAudience()));

        // As the document prints it: GET with a body.
        var campaign = curl("GET", "/campaigns", "{\"campaign_uid\": \"%s\"}".formatted(uid));

        assertThat(campaign.body())
                .isEqualTo(
                        """
                        {"campaign":%s,"insights":{"recipients":0,"delivery_rate":0,\
                        "open_count":0,"unique_open_count":0,"unique_open_rate":0,\
                        "click_count":0,"unique_click_count":0,"click_rate":0,\
                        "click_per_unique_open":0,"spam_report_count":0,"spam_report_rate":0,\
                        "bounce_count":0,"bounce_rate":0,"unsubscribed_count":0,\
                        "unsubscribed_rate":0}}\
                        """
                                .formatted(campaign(uid)));
    }

    @Test
    void insightsAreCountedFromTheLedgerAndRoundedHalfUp() {
        String uid = newCampaign(newAudience());
        mailing(uid, "done");
        deliveries(uid, 1, 6, "sent", false);
        deliveries(uid, 7, 7, "failed", true);
        deliveries(uid, 8, 8, "skipped", false);
        engagement(uid, 1, 3, 2);
        engagement(uid, 2, 1, 0);
        engagement(uid, 3, 1, 1);
        execute(
                """
                UPDATE engagement SET unsubscribed_at = now(), complained_at = now()
                WHERE number = 3 AND mailing_id = (SELECT mailing_id FROM campaign WHERE uid = ?)
                """,
                uid);

        var answer = ok(call("GET", "/campaigns?campaign_uid=" + uid, ""));

        assertThat(answer.at("/campaign/status").asText()).isEqualTo("done");
        assertThat(answer.at("/campaign/delivered_at").asText()).isEqualTo(NOW);
        assertThat(answer.get("insights").toString())
                .isEqualTo(
                        """
                        {"recipients":8,"delivery_rate":0.75,\
                        "open_count":5,"unique_open_count":3,"unique_open_rate":0.5,\
                        "click_count":3,"unique_click_count":2,"click_rate":0.5,\
                        "click_per_unique_open":0.67,"spam_report_count":1,\
                        "spam_report_rate":0.17,"bounce_count":1,"bounce_rate":0.13,\
                        "unsubscribed_count":1,"unsubscribed_rate":0.17}\
                        """);
    }

    @Test
    void whatIsNotGivenComesFromTheAudience() {
        String audience = newAudience("\"default_subject\": \"The default\"");

        String uid = newCampaign(audience, "\"subject\": \" \", \"from_name\": null");

        var campaign = ok(call("GET", "/campaigns?campaign_uid=" + uid, "")).get("campaign");
        assertThat(campaign.get("subject").asText()).isEqualTo("The default");
        assertThat(campaign.get("from_email").asText()).isEqualTo("me@example.org");
        assertThat(campaign.get("from_name").asText()).isEqualTo("Me");
        assertThat(campaign.get("reply_to").asText()).isEqualTo("me@example.org");
    }

    @Test
    void parametersMayComeInTheQueryInAFormOrInParts() {
        String[] fields = {
            "name",
            "Monthly update",
            "audience_uid",
            newAudience(),
            "subject",
            "This month's product update",
            "from_email",
            "team@acme.com",
            "from_name",
            "Acme",
            "reply_to",
            "answers@acme.com",
            "html",
            "<p>Grüße {{ EMAIL }} & mehr</p>"
        };

        String inQuery = make(call("POST", "/campaigns?" + form(fields), ""));
        String inForm = make(call("POST", "/campaigns", form(fields), "Content-Type", FORM));
        String inParts =
                make(call("POST", "/campaigns", multipart(fields), "Content-Type", MULTIPART));

        for (String uid : List.of(inQuery, inForm, inParts)) {
            assertThat(
                            call(
                                            "GET",
                                            "/campaigns",
                                            form("campaign_uid", uid),
                                            "Content-Type",
                                            FORM)
                                    .json()
                                    .get("campaign")
                                    .toString())
                    .isEqualTo(campaign(uid));
            assertThat(single(String.class, "SELECT html FROM campaign WHERE uid = ?", uid))
                    .isEqualTo("<p>Grüße {{ EMAIL }} & mehr</p>");
        }
    }

    @Test
    void aLongMessageMayComeInPartsToo() {
        String html = "<p>%s</p>".formatted("x".repeat(600_000));

        var created =
                call(
                        "POST",
                        "/campaigns",
                        multipart("name", "A", "audience_uid", newAudience(), "html", html),
                        "Content-Type",
                        MULTIPART);

        ok(created);
    }

    @Test
    void unknownKeysSetNoColumn() {
        String uid =
                newCampaign(
                        newAudience(),
                        """
                        "id": 987654321, "uid": "mine", "status": "done", "type": "x",
                        "mailing_id": 1, "account_id": 1, "delivered_at": "2001-01-01",
                        "created_at": "2001-01-01", "__proto__": {"status": "done"}
                        """);

        var campaign = ok(call("GET", "/campaigns?campaign_uid=" + uid, "")).get("campaign");
        assertThat(uid).isNotEqualTo("mine");
        assertThat(campaign.get("status").asText()).isEqualTo("new");
        assertThat(campaign.get("type").asText()).isEqualTo("regular");
        assertThat(campaign.get("delivered_at").isNull()).isTrue();
        assertThat(campaign.get("created_at").asText()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"campaign_uid\": \"\"}", "{\"campaign_uid\": \" \"}"})
    void aBlankCampaignUidIsRefusedAndNotTakenForTheList(String body) {
        assertThat(refused(curl("GET", "/campaigns", body), 400, "missing_parameter"))
                .isEqualTo("Missing parameter: campaign_uid");
    }

    @Test
    void startingIsAnsweredAtOnceAndEndsInDone() {
        String audience = newAudience();
        newContact(audience, "\"EMAIL\": \"a@example.org\"");
        String uid = newCampaign(audience);

        var started = curl("POST", "/campaigns/start", "{\"campaign_uid\": \"%s\"}".formatted(uid));

        assertThat(started.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Campaign started\"}");
        Await.until("done", Duration.ofSeconds(30), () -> status(uid).equals("done"));
        var campaign = ok(call("GET", "/campaigns?campaign_uid=" + uid, ""));
        assertThat(campaign.at("/campaign/delivered_at").asText()).isEqualTo(NOW);
        assertThat(campaign.at("/insights/delivery_rate").toString()).isEqualTo("1");
    }

    @Test
    void aCampaignStartsOnce() {
        String uid = newCampaign(newAudience());
        ok(start(uid));

        var again = start(uid);

        assertThat(refused(again, 400, "campaign_state")).endsWith("cannot be started");
        assertThat(
                        single(
                                Integer.class,
                                """
                                SELECT count(*) FROM mailing m JOIN campaign c USING (account_id)
                                WHERE c.uid = ?
                                """,
                                uid))
                .isEqualTo(1);
    }

    @Test
    void anIncompleteCampaignIsNotStartedAndSaysAllThatIsMissing() {
        String bare = newCampaign(newAudience("\"double_opt_in\": false"), "\"html\": \" \"");

        assertThat(refused(start(bare), 400, "campaign_not_ready"))
                .isEqualTo(
                        "The campaign is not ready; missing: subject, html, the audience's postal"
                                + " address (contact_information.address_1)");
        assertThat(status(bare)).isEqualTo("new");
    }

    @ParameterizedTest
    @CsvSource({
        "new, pause, paused",
        "new, resume, resumed",
        "done, start, started",
        "done, pause, paused",
        "done, resume, resumed",
        "paused, start, started",
        "paused, pause, paused",
        "sending, start, started",
        "sending, resume, resumed",
        "error, start, started"
    })
    void whatItsStateDoesNotAllowIsRefused(String state, String verb, String done) {
        String uid = newCampaign(newAudience());
        if (!state.equals("new")) mailing(uid, state);

        var reply = call("POST", "/campaigns/%s?campaign_uid=%s".formatted(verb, uid), "");

        assertThat(refused(reply, 400, "campaign_state"))
                .isEqualTo("A campaign that is %s cannot be %s".formatted(state, done));
        assertThat(status(uid)).isEqualTo(state);
    }

    @Test
    void aSendingCampaignIsPausedAndResumed() {
        String uid = newCampaign(newAudience());
        mailing(uid, "sending");

        var paused = curl("POST", "/campaigns/pause", "{\"campaign_uid\": \"%s\"}".formatted(uid));
        String between = status(uid);
        var resumed =
                curl("POST", "/campaigns/resume", "{\"campaign_uid\": \"%s\"}".formatted(uid));

        assertThat(paused.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Campaign paused\"}");
        assertThat(between).isEqualTo("paused");
        assertThat(resumed.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Campaign resumed\"}");
        assertThat(status(uid)).isEqualTo("sending");
    }

    @Test
    void recipientsAreTheLedgerLineByLine() {
        String audience = newAudience();
        String contact = newContact(audience, "\"EMAIL\": \"c1@example.org\"");
        String uid = newCampaign(audience);
        mailing(uid, "done");
        deliveries(uid, 1, 1, "failed", true);
        execute(
                """
                UPDATE delivery SET contact_id = (SELECT id FROM contact WHERE uid = ?)
                WHERE mailing_id = (SELECT mailing_id FROM campaign WHERE uid = ?)
                """,
                contact,
                uid);

        var answer = call("GET", "/campaigns/recipients?campaign_uid=" + uid, "");

        assertThat(answer.body())
                .isEqualTo(
                        """
                        {"counts":{"recipients":1,"waiting":0,"sent":0,"failed":1,"skipped":0,\
                        "unknown":0,"bounced":1},"recipients":[{"contact_uid":"%s",\
                        "email":"c1@example.org","status":"failed","reason":"no_such_mailbox",\
                        "reply":"550 5.1.1 unknown","tries":0,"finished_at":"%s"}]}\
                        """
                                .formatted(contact, NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 20, c1",
        "'&page=2', 5, c21",
        "'&per_page=25', 25, c1",
        "'&status=sent', 3, c1",
        "'&status=skipped&page=2&per_page=20', 2, c24",
        "'&status=waiting', 0, ''",
        "'&page=9', 0, ''",
        "'&status=', 20, c1"
    })
    void recipientsComeByPageAndByStatus(String query, int size, String first) {
        String uid = newCampaign(newAudience());
        mailing(uid, "done");
        deliveries(uid, 1, 3, "sent", false);
        deliveries(uid, 4, 25, "skipped", false);

        var answer = ok(call("GET", "/campaigns/recipients?campaign_uid=" + uid + query, ""));

        assertThat(answer.at("/counts/recipients").asInt()).isEqualTo(25);
        assertThat(answer.get("recipients")).hasSize(size);
        if (size > 0) {
            assertThat(answer.at("/recipients/0/email").asText()).isEqualTo(first + "@example.org");
        }
    }

    @Test
    void aCampaignThatIsNotStartedHasNoRecipients() {
        String uid = newCampaign(newAudience());

        var answer = ok(call("GET", "/campaigns/recipients?campaign_uid=" + uid, ""));

        assertThat(answer.at("/counts/recipients").asInt()).isZero();
        assertThat(answer.get("recipients")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "status=lost, 'status must be one of waiting, sent, failed, skipped, unknown'",
        "per_page=1001, per_page must be 1000 or less",
        "page=0, page must be a whole number from 1"
    })
    void recipientsRefuseWhatTheyCannotShow(String query, String message) {
        String uid = newCampaign(newAudience());

        var reply =
                call("GET", "/campaigns/recipients?campaign_uid=%s&%s".formatted(uid, query), "");

        assertThat(badInput(reply)).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "html ~ <p>\\n{% if x %} ~ html: line 2, column 1: ",
                "html ~ \\n\\n  <p>{{ x | }}</p> ~ html: line 3, column ",
                "text ~ a\\n\\n{% endfor %} ~ text: line 3, column 1: ",
                "subject ~ {{ x ~ subject: line 1, column 1: "
            })
    void aTemplateThatDoesNotCompileIsRefusedWithItsPlaceAndNotKept(
            String field, String source, String where) {
        String more =
                "\"subject\": \"S\", \"html\": \"<p>H</p>\", \"text\": \"T\", \"%s\": \"%s\""
                        .formatted(field, source);

        var reply = createCampaign(newAudience(), more);

        assertThat(refused(reply, 400, "template_error")).startsWith(where);
        assertThat(curl("GET", "/campaigns", "").body()).isEqualTo("[]");
    }

    private static String campaign(String uid) {
        return """
        {"uid":"%s","name":"Monthly update","type":"regular",\
        "subject":"This month's product update","from_email":"team@acme.com",\
        "from_name":"Acme","reply_to":"answers@acme.com","status":"new",\
        "delivered_at":null,"created_at":"%s","updated_at":"%s"}\
        """
                .formatted(uid, NOW, NOW);
    }

    private String create(String body) {
        return make(curl("POST", "/campaigns", body));
    }

    private String make(Reply reply) {
        return ok(reply).get("campaign_uid").asText();
    }

    private void deliveries(String campaign, int first, int last, String state, boolean bounced) {
        execute(
                """
                INSERT INTO delivery (
                    account_id, mailing_id, number, contact_id, address, state, finished_at,
                    bounced_at, reason, reply)
                SELECT account_id, mailing_id, n, -n, 'c' || n || '@example.org',
                       cast(? AS delivery_state), timestamptz '2026-01-01T10:00:00Z',
                       CASE WHEN ? THEN now() END, 'no_such_mailbox', '550 5.1.1 unknown'
                FROM campaign, generate_series(?, ?) AS n
                WHERE uid = ?
                """,
                state,
                bounced,
                first,
                last,
                campaign);
    }

    private void engagement(String campaign, int number, int opens, int clicks) {
        execute(
                """
                INSERT INTO engagement (
                    account_id, mailing_id, number, open_count, first_open_at, click_count,
                    first_click_at)
                SELECT account_id, mailing_id, ?, ?, now(), ?, CASE WHEN ? > 0 THEN now() END
                FROM campaign
                WHERE uid = ?
                """,
                number,
                opens,
                clicks,
                clicks,
                campaign);
    }
}
