package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Http.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an author may decide about a campaign that is under way. */
class CampaignControlApiTest extends ApiTest {

    @Test
    void aCancelledCampaignSkipsWhoHasNotGotItAndIsDone() {
        String uid = underWay("paused");

        ok(post("/campaigns/cancel", uid, ""));

        assertThat(state(uid, 1)).isEqualTo("sent");
        assertThat(state(uid, 2)).isEqualTo("skipped");
        assertThat(state(uid, 3)).isEqualTo("unknown");
        assertThat(single(String.class, reason(uid, 2))).isEqualTo("cancelled");
        assertThat(
                        ok(call("GET", "/campaigns/sending?campaign_uid=" + uid, ""))
                                .get("sending")
                                .get("cancelled_at")
                                .asText())
                .isEqualTo(NOW);
    }

    @Test
    void whatIsBehindTheBarrierWhenACampaignIsCancelledGetsItsOutcome() {
        String uid = underWay("sending");
        execute(
                """
                UPDATE mailing_chunk k
                SET in_flight = 2, node = gen_random_uuid(), due_at = now() + interval '1 h'
                FROM campaign c
                WHERE c.uid = ? AND k.account_id = c.account_id AND k.mailing_id = c.mailing_id
                """,
                uid);

        ok(post("/campaigns/cancel", uid, ""));

        assertThat(state(uid, 2)).isEqualTo("waiting");
    }

    @Test
    void whatIsNotUnderWayCannotBeCancelled() {
        String uid = underWay("done");

        assertThat(refused(post("/campaigns/cancel", uid, ""), 400, "campaign_state"))
                .endsWith("cannot be cancelled");
    }

    @Test
    void aRateIsKeptBeforeTheStartAndWhileItIsSent() {
        String fresh = createNew();
        String sending = underWay("paused");

        for (String uid : new String[] {fresh, sending}) {
            ok(post("/campaigns/rate", uid, ", \"messages_per_hour\": 500"));
            assertThat(
                            ok(call("GET", "/campaigns/sending?campaign_uid=" + uid, ""))
                                    .get("sending")
                                    .get("messages_per_hour")
                                    .asInt())
                    .isEqualTo(500);
        }
        assertThat(
                        single(
                                Integer.class,
                                "SELECT m.per_hour FROM mailing m JOIN campaign c ON c.mailing_id = m.id WHERE c.uid = '%s'"
                                        .formatted(sending)))
                .isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "x", "9999999999"})
    void aRateThatIsNoneIsRefused(String rate) {
        var reply =
                post("/campaigns/rate", createNew(), ", \"messages_per_hour\": \"" + rate + "\"");

        assertThat(badInput(reply)).contains("messages_per_hour");
    }

    @Test
    void unknownMessagesAreListedWithWhatARelaysLogKnows() {
        String uid = underWay("sending");

        var list = ok(call("GET", "/campaigns/unknown?campaign_uid=" + uid, "")).get("unknown");

        assertThat(list).hasSize(1);
        assertThat(list.get(0).get("email").asText()).isEqualTo("c3@example.org");
        assertThat(list.get(0).get("relay_uid").asText()).isEqualTo("server");
        assertThat(list.get(0).get("since").asText()).isEqualTo(NOW);
        assertThat(list.get(0).get("message_id").asText()).matches("<[\\w-]+@[\\w.]+>");
    }

    @Test
    void unknownMessagesCountAsSentWhenTheirOwnerSaysSo() {
        String uid = underWay("done");

        var counted = ok(post("/campaigns/unknown/count-as-sent", uid, ""));

        assertThat(counted.get("messages").asInt()).isEqualTo(1);
        assertThat(state(uid, 3)).isEqualTo("sent");
    }

    @Test
    void unknownMessagesAreSentAgainWhenTheirOwnerSaysSo() {
        String uid = underWay("done");

        var again = ok(post("/campaigns/unknown/resend", uid, ""));

        assertThat(again.get("messages").asInt()).isEqualTo(1);
        assertThat(
                        single(
                                Integer.class,
                                "SELECT count(*)::int FROM mailing m JOIN campaign c ON c.mailing_id = m.id WHERE c.uid = '%s' AND m.state = 'sending'"
                                        .formatted(uid)))
                .isEqualTo(1);
    }

    @Test
    void aContactThatIsNotUnknownIsLeftAlone() {
        String uid = underWay("done");

        var again = ok(post("/campaigns/unknown/resend", uid, ", \"contact_uid\": \"nobody\""));

        assertThat(again.get("messages").asInt()).isZero();
        assertThat(state(uid, 3)).isEqualTo("unknown");
    }

    @ParameterizedTest
    @CsvSource({
        "2030-07-01T09:00, Europe/Berlin, 2030-07-01T07:00:00.000000Z",
        "2030-01-01 09:00, America/New_York, 2030-01-01T14:00:00.000000Z",
        // Clocks go back from 3:00 to 2:00: the first 2:30 is meant.
        "2030-10-27T02:30, Europe/Berlin, 2030-10-27T00:30:00.000000Z",
    })
    void aScheduleIsReadByTheClocksOfATimeZone(String local, String zone, String instant) {
        var reply = schedule(createNew(), local, zone);

        assertThat(ok(reply).get("scheduled_at").asText()).isEqualTo(instant);
    }

    @ParameterizedTest
    @CsvSource({
        "2030-03-31T02:30, Europe/Berlin, there is no 02:30 in Europe/Berlin",
        "2030-03-31T01:30, Nowhere/At_All, time_zone must be the name of a time zone",
        "2030-03-31T01:30Z, Europe/Berlin, scheduled_at must be a time such as",
    })
    void aTimeThatClocksDoNotShowIsRefused(String local, String zone, String message) {
        assertThat(badInput(schedule(createNew(), local, zone))).contains(message);
    }

    private Reply schedule(String uid, String local, String zone) {
        return post(
                "/campaigns/schedule",
                uid,
                ", \"scheduled_at\": \"%s\", \"time_zone\": \"%s\"".formatted(local, zone));
    }

    private Reply post(String path, String uid, String more) {
        return call("POST", path, "{\"campaign_uid\": \"%s\"%s}".formatted(uid, more));
    }

    private String createNew() {
        return ok(createCampaign(newAudience(), "\"subject\": \"S\", \"html\": \"<p>H</p>\""))
                .get("campaign_uid")
                .asText();
    }

    /** One of its recipients has it, one waits, and of one nobody knows. */
    private String underWay(String state) {
        String uid = createNew();
        execute(
                """
                WITH m AS (
                    INSERT INTO mailing (
                        account_id, audience_id, state, recipients, until_contact, started_at,
                        recipients_written_at, done_at)
                    SELECT account_id, audience_id, ?, 3, 0, now(), now(),
                           CASE WHEN ? = 'done' THEN now() END
                    FROM campaign WHERE uid = ?
                    RETURNING account_id, id
                ), k AS (
                    INSERT INTO mailing_chunk (
                        account_id, mailing_id, first_number, last_number, due_at, has_unknown)
                    SELECT account_id, id, 1, 3, now() + interval '1 h', true FROM m
                ), d AS (
                    INSERT INTO delivery (
                        account_id, mailing_id, number, contact_id, address, state, finished_at,
                        relay)
                    SELECT account_id, id, n, -n, 'c' || n || '@example.org',
                           (ARRAY['sent', 'waiting', 'unknown']::delivery_state[])[n],
                           CASE WHEN n <> 2 THEN timestamptz '2026-01-01T10:00:00Z' END,
                           CASE WHEN n = 3 THEN 'server' END
                    FROM m, generate_series(1, 3) AS n
                )
                UPDATE campaign c SET mailing_id = m.id FROM m WHERE c.uid = ?
                """,
                state,
                state,
                uid,
                uid);
        return uid;
    }

    private static String state(String uid, int number) {
        return single(String.class, column("state::text", uid, number));
    }

    private static String reason(String uid, int number) {
        return column("reason", uid, number);
    }

    private static String column(String column, String uid, int number) {
        return """
        SELECT d.%s
        FROM delivery d
        JOIN campaign c ON c.account_id = d.account_id AND c.mailing_id = d.mailing_id
        WHERE c.uid = '%s' AND d.number = %d
        """
                .formatted(column, uid, number);
    }
}
