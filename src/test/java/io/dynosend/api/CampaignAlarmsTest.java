package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.Await;
import io.dynosend.Http.Reply;
import io.dynosend.Inbox;
import io.dynosend.blacklist.Blacklist;
import io.dynosend.bounce.Bounces;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Uid;
import io.dynosend.tracking.DeliveryRef;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What pauses a campaign by itself, and what resolves its unknown messages. */
class CampaignAlarmsTest extends ApiTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final String audience =
            newAudience(
                    "\"double_opt_in\": false, \"contact_information\": {\"address_1\": \"1 Main Street\"}");
    private final String campaign = newCampaign(audience);

    @Test
    void anUnknownMessageIsSentAgainUnderTheSameMessageId() throws Exception {
        String address = contact();
        mailing(campaign, "done");
        unknown(1, address, "unknown");
        String id =
                ok(call("GET", "/campaigns/unknown?campaign_uid=" + campaign, ""))
                        .at("/unknown/0/message_id")
                        .asText();

        assertThat(ok(post("/campaigns/unknown/resend")).get("messages").asInt()).isEqualTo(1);

        var message = new Inbox(http, address).message();
        assertThat(message.getMessageID()).isEqualTo(id);
        Await.until("done", SOON, () -> status(campaign).equals("done"));
        assertThat(counts().get("sent").asInt()).isEqualTo(1);
    }

    @Test
    void aBounceShowsThatAnUnknownMessageDidNotArrive() {
        String address = contact();
        mailing(campaign, "done");
        unknown(1, address, "unknown");
        var ref =
                new DeliveryRef(
                        single(
                                Long.class,
                                "SELECT account_id FROM campaign WHERE uid = ?",
                                campaign),
                        single(
                                Long.class,
                                "SELECT mailing_id FROM campaign WHERE uid = ?",
                                campaign),
                        1);
        var bounces = new Bounces(new Blacklist(jdbi, clock));

        jdbi.useTransaction(tx ->
                bounces.returned(tx, ref, new EmailAddress(address), true, "550 5.1.1 unknown"));

        assertThat(counts().get("failed").asInt()).isEqualTo(1);
        assertThat(counts().get("bounced").asInt()).isEqualTo(1);
        assertThat(
                        ok(call("POST", "/blacklist", "{\"email\": \"%s\"}".formatted(address)))
                                .get("blacklisted")
                                .asBoolean())
                .isTrue();
    }

    @Test
    void aCampaignThatBouncesTooOftenPausesItselfUntilItsOwnerKnows() {
        mailing(campaign, "sending");
        deliveries(1, 1000);
        execute(
                "UPDATE mailing SET recipients = 5000 WHERE id = (SELECT mailing_id FROM campaign WHERE uid = ?)",
                campaign);
        bounced(50);
        assertThat(pausedBecause()).isEqualTo("null");

        bounced(51);

        Await.until("paused", SOON, () -> status(campaign).equals("paused"));
        assertThat(pausedBecause()).isEqualTo("bounces");
        ok(post("/campaigns/resume"));
        bounced(60);
        assertThat(status(campaign)).isEqualTo("sending");
        assertThat(pausedBecause()).isEqualTo("null");
    }

    @Test
    void aCampaignThatIsCalledSpamTooOftenPausesItself() {
        mailing(campaign, "sending");
        execute(
                "UPDATE mailing SET recipients = 1000 WHERE id = (SELECT mailing_id FROM campaign WHERE uid = ?)",
                campaign);

        execute(
                """
                INSERT INTO engagement (account_id, mailing_id, number, complained_at)
                SELECT account_id, mailing_id, n, now()
                FROM campaign, generate_series(1, 4) AS n
                WHERE uid = ?
                """,
                campaign);

        Await.until("paused", SOON, () -> status(campaign).equals("paused"));
        assertThat(pausedBecause()).isEqualTo("complaints");
    }

    private String contact() {
        String address = "c-%s@example.net".formatted(Uid.random());
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(address));
        return address;
    }

    private void unknown(int number, String address, String state) {
        execute(
                """
                INSERT INTO delivery (
                    account_id, mailing_id, number, contact_id, address, state, finished_at, relay,
                    reason)
                SELECT p.account_id, p.mailing_id, ?, c.id, c.email, cast(? AS delivery_state),
                       CASE WHEN ? = 'unknown' THEN timestamptz '2026-01-01T10:00:00Z' END,
                       'server-1', 'nobody answered'
                FROM campaign p
                JOIN contact c ON c.account_id = p.account_id
                WHERE p.uid = ? AND c.email = ?
                """,
                number,
                state,
                state,
                campaign,
                address);
        execute(
                """
                UPDATE mailing_chunk k
                SET has_unknown = true
                FROM campaign p
                WHERE p.uid = ? AND k.account_id = p.account_id AND k.mailing_id = p.mailing_id
                """,
                campaign);
    }

    private void deliveries(int first, int last) {
        execute(
                """
                INSERT INTO delivery (
                    account_id, mailing_id, number, contact_id, address, state, finished_at)
                SELECT account_id, mailing_id, n, -n, 'c' || n || '@example.org', 'sent', now()
                FROM campaign, generate_series(?, ?) AS n
                WHERE uid = ?
                """,
                first,
                last,
                campaign);
    }

    private void bounced(int count) {
        execute(
                """
                UPDATE delivery SET bounced_at = now()
                WHERE number <= ? AND mailing_id = (SELECT mailing_id FROM campaign WHERE uid = ?)
                """,
                count,
                campaign);
    }

    private JsonNode counts() {
        return ok(call("GET", "/campaigns/recipients?campaign_uid=" + campaign, "")).get("counts");
    }

    private String pausedBecause() {
        return ok(call("GET", "/campaigns/sending?campaign_uid=" + campaign, ""))
                .at("/sending/paused_because")
                .asText();
    }

    private Reply post(String path) {
        return post(path, "\"x\": 1");
    }

    private Reply post(String path, String more) {
        return call("POST", path, "{\"campaign_uid\": \"%s\", %s}".formatted(campaign, more));
    }
}
