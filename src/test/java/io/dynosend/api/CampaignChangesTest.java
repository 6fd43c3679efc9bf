package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Http.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a campaign is changed, scheduled and deleted. */
class CampaignChangesTest extends ApiTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String AT_NOON = "2026-01-01T12:00:00Z";

    private final String audience = newAudience();
    private final String campaign = newCampaign(audience);

    @Test
    void aSegmentThatIsNotThereDoesNotBecomeEverybody() {
        String audience = newAudience();

        var refused =
                call(
                        "POST",
                        "/campaigns",
                        "{\"name\": \"A\", \"audience_uid\": \"%s\", \"segment_uid\": \"s1\"}"
                                .formatted(audience));

        assertThat(refused(refused, 404, "not_found")).isEqualTo("Segment not found");
    }

    @Test
    void updatingChangesWhatIsGivenAndNothingElse() {
        clock.advance(Duration.ofMinutes(5));

        var updated = update("\"subject\": \"Other\", \"reply_to\": \"Answers@Acme.com\"");

        assertThat(updated.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Campaign updated","campaign_uid":"%s"}\
                        """
                                .formatted(campaign));
        assertThat(curl("GET", "/campaigns", "").body())
                .isEqualTo(
                        """
                        [{"uid":"%s","name":"News","type":"regular","subject":"Other",\
                        "from_email":"me@example.org","from_name":"Me",\
                        "reply_to":"answers@acme.com","status":"new","delivered_at":null,\
                        "created_at":"%s","updated_at":"2026-01-01T10:05:00.000000Z"}]\
                        """
                                .formatted(campaign, NOW));
        assertThat(html()).isEqualTo("<p>Hello</p>");
    }

    @Test
    void contentIsReplacedAndTheTextTakenBack() {
        ok(update("\"html\": \"<p>A</p>\", \"text\": \"B\""));
        assertThat(preview()).contains("<p>A</p>").contains("\"text\":\"B");

        ok(update("\"text\": null, \"html\": \"<p>C</p>\""));

        assertThat(preview()).contains("<p>C</p>").contains("\"text\":\"C");
    }

    @Test
    void anotherAudienceOfTheAccountTakesIt() {
        String other = newAudience();

        ok(update("\"audience_uid\": \"%s\"".formatted(other)));

        assertThat(
                        single(
                                String.class,
                                """
                                SELECT a.uid FROM campaign c
                                JOIN audience a ON a.id = c.audience_id WHERE c.uid = ?
                                """,
                                campaign))
                .isEqualTo(other);
    }

    @Test
    void aTemplateThatDoesNotCompileChangesNothing() {
        var reply = update("\"name\": \"Other\", \"html\": \"<p>\\n{% if x %}\"");

        assertThat(refused(reply, 400, "template_error"))
                .startsWith("html: line 2, column 1:")
                .endsWith("\n{% if x %}\n^");
        assertThat(ok(curl("GET", "/campaigns", "")).at("/0/name").asText()).isEqualTo("News");
    }

    @ParameterizedTest
    @CsvSource({
        "queued, update, updated",
        "sending, update, updated",
        "paused, update, updated",
        "done, update, updated",
        "error, update, updated",
        "queued, schedule, scheduled",
        "sending, schedule, scheduled",
        "done, schedule, scheduled",
        "queued, delete, deleted",
        "sending, delete, deleted"
    })
    void whatItsStateDoesNotAllowIsRefused(String state, String verb, String done) {
        mailing(campaign, state);

        var reply =
                switch (verb) {
                    case "update" -> update("\"subject\": \"Other\"");
                    case "schedule" -> schedule(AT_NOON);
                    default -> delete();
                };

        assertThat(refused(reply, 400, "campaign_state"))
                .isEqualTo("A campaign that is %s cannot be %s".formatted(state, done));
        assertThat(status(campaign)).isEqualTo(state);
    }

    @Test
    void aScheduledCampaignStartsWhenItsTimeHasCome() {
        newContact(audience, "\"EMAIL\": \"a@example.org\"");

        var scheduled = schedule("2026-01-01T14:00:00+02:00");
        String before = status(campaign);
        clock.advance(Duration.ofHours(2));
        Await.until("done", SOON, () -> status(campaign).equals("done"));

        assertThat(scheduled.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Campaign scheduled",\
                        "scheduled_at":"2026-01-01T12:00:00.000000Z"}\
                        """);
        assertThat(before).isEqualTo("scheduled");
        assertThat(ok(insights()).at("/insights/recipients").asInt()).isEqualTo(1);
    }

    @Test
    void schedulingAgainMovesIt() {
        ok(schedule(AT_NOON));
        ok(schedule("1767279600")); // 15:00
        String other = newCampaign(audience);
        ok(schedule(other, "2026-01-01T13:00:00Z"));

        clock.advance(Duration.ofHours(4));
        Await.until("the other has started", SOON, () -> !status(other).equals("scheduled"));

        assertThat(status(campaign)).isEqualTo("scheduled");
        clock.advance(Duration.ofHours(1));
        Await.until("done", SOON, () -> status(campaign).equals("done"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\""})
    void withoutATimeItIsNewAgain(String nothing) {
        ok(schedule(AT_NOON));

        var taken =
                curl(
                        "POST",
                        "/campaigns/schedule",
                        "{\"campaign_uid\": \"%s\", \"scheduled_at\": %s}"
                                .formatted(campaign, nothing));

        assertThat(taken.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Campaign unscheduled","scheduled_at":null}\
                        """);
        assertThat(status(campaign)).isEqualTo("new");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T10:00:00Z, scheduled_at must be in the future",
        "2025-12-31T10:00:00Z, scheduled_at must be in the future",
        "2036-02-01T10:00:00Z, scheduled_at must be within ten years",
        "99999999999, scheduled_at must be within ten years",
        "tomorrow, scheduled_at must be a time such as 2026-01-31T10:00:00Z"
    })
    void aTimeThatCannotBeMeantIsRefused(String at, String message) {
        assertThat(badInput(schedule(at))).isEqualTo(message);
        assertThat(status(campaign)).isEqualTo("new");
    }

    @Test
    void aTimeMustBeSaidOrTakenBack() {
        var reply =
                curl(
                        "POST",
                        "/campaigns/schedule",
                        "{\"campaign_uid\": \"%s\"}".formatted(campaign));

        assertThat(refused(reply, 400, "missing_parameter"))
                .isEqualTo("Missing parameter: scheduled_at");
    }

    @Test
    void whatIsNotReadyIsNotScheduled() {
        String bare = newCampaign(newAudience("\"double_opt_in\": false"), "\"html\": \" \"");

        assertThat(refused(schedule(bare, AT_NOON), 400, "campaign_not_ready"))
                .isEqualTo(
                        "The campaign is not ready; missing: subject, html, the audience's postal"
                                + " address (contact_information.address_1)");
    }

    @Test
    void whatIsNotReadyByThenEndsInErrorAndCanBeMended() {
        ok(schedule(AT_NOON));
        ok(update("\"html\": \"\""));

        clock.advance(Duration.ofHours(2));
        Await.until("error", SOON, () -> status(campaign).equals("error"));

        refused(start(campaign), 400, "campaign_state");
        assertThat(single(String.class, "SELECT failure FROM campaign WHERE uid = ?", campaign))
                .isEqualTo("The campaign is not ready; missing: html");
        ok(schedule(""));
        ok(update("\"html\": \"<p>Now</p>\""));
        ok(start(campaign));
    }

    @Test
    void aScheduledCampaignCanBeStartedAtOnceAndIsNotStartedAgain() {
        ok(schedule(AT_NOON));

        ok(start(campaign));
        Await.until("done", SOON, () -> status(campaign).equals("done"));

        assertThat(
                        single(
                                Integer.class,
                                "SELECT count(*) FROM campaign WHERE uid = ? AND scheduled_at IS NULL",
                                campaign))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"new", "scheduled", "paused", "done", "error"})
    void deletingTakesTheCampaignAndWhatCameOfIt(String state) {
        if (state.equals("scheduled")) ok(schedule(AT_NOON));
        else if (!state.equals("new")) mailing(campaign, state);
        Integer before = rows();

        var deleted = delete();

        assertThat(deleted.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Campaign deleted\"}");
        assertThat(before).isPositive();
        assertThat(rows()).isZero();
        refused(delete(), 404, "not_found");
    }

    @Test
    void aPausedCampaignThatIsDeletedGivesItsQuotaBack() {
        newContact(audience, "\"EMAIL\": \"a@example.org\"");
        mailing(campaign, "paused");
        long account = holder(http.token()).account();
        execute("UPDATE mailing SET reserved = 3 WHERE account_id = ?", account);
        execute("INSERT INTO mail_usage VALUES (?, date_trunc('month', now()), 3)", account);

        ok(delete());

        assertThat(
                        single(
                                Long.class,
                                "SELECT sum(mails) FROM mail_usage WHERE account_id = ?",
                                account))
                .isZero();
    }

    private Integer rows() {
        return single(
                Integer.class,
                """
                SELECT (SELECT count(*) FROM campaign WHERE account_id = a.id)
                     + (SELECT count(*) FROM mailing WHERE account_id = a.id)
                     + (SELECT count(*) FROM mailing_chunk WHERE account_id = a.id)
                FROM account a WHERE id = ?
                """,
                holder(http.token()).account());
    }

    private String html() {
        return single(String.class, "SELECT html FROM campaign WHERE uid = ?", campaign);
    }

    private String preview() {
        return curl("POST", "/campaigns/preview", "{\"campaign_uid\": \"%s\"}".formatted(campaign))
                .body();
    }

    private Reply insights() {
        return call("GET", "/campaigns?campaign_uid=" + campaign, "");
    }

    private Reply update(String more) {
        return curl(
                "PATCH",
                "/campaigns/update",
                "{\"campaign_uid\": \"%s\", %s}".formatted(campaign, more));
    }

    private Reply schedule(String at) {
        return schedule(campaign, at);
    }

    private Reply schedule(String uid, String at) {
        return curl(
                "POST",
                "/campaigns/schedule",
                "{\"campaign_uid\": \"%s\", \"scheduled_at\": \"%s\"}".formatted(uid, at));
    }

    private Reply delete() {
        return curl("DELETE", "/campaigns", "{\"campaign_uid\": \"%s\"}".formatted(campaign));
    }
}
