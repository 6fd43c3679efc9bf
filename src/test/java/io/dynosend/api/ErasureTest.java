package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Http;
import io.dynosend.Http.Reply;
import io.dynosend.account.Quotas;
import io.dynosend.account.SigningKey;
import io.dynosend.common.EmailAddress;
import io.dynosend.sending.MessageSigner;
import io.dynosend.sending.Outbox;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import io.dynosend.sending.OutgoingMessage;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.tracking.TrackingTokens.Click;
import io.dynosend.tracking.TrackingTokens.Open;
import io.dynosend.tracking.TrackingTokens.Unsubscribe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a deleted contact leaves behind: nothing, in no column of no table. */
class ErasureTest extends ApiTest {

    private static final String EMAIL = "erase.me@vanishing.example";
    private static final String OLD_EMAIL = "formerly@vanishing.example";
    private static final String VALUE = "Q7-unmistakable";
    private static final String USER_AGENT = "Vanishing/7.7";
    private static final String IP = "127.7.77.177";

    private final TrackingTokens tokens = new TrackingTokens(SigningKey.load(jdbi, null));
    private String audience = "";
    private String contact = "";

    @BeforeEach
    void aContactWithFields() {
        audience = newAudience();
        addField(audience, "text", "PLAN_NAME");
        contact =
                made(
                        "POST",
                        "/api/v2/contacts",
                        """
                        {"audience_uid": "%s", "EMAIL": "%s", "PLAN_NAME": "%s", "tag": "%s"}
                        """
                                .formatted(audience, OLD_EMAIL, VALUE, VALUE),
                        "contact_uid");
    }

    @Test
    void nothingOfADeletedContactIsLeftAnywhere() {
        String campaign = sentCampaign();
        engage(campaign);
        change("PATCH", "/contacts/update", ", \"new_email\": \"%s\"".formatted(EMAIL));
        change("PATCH", "/contacts/addtag", ", \"tag\": \"more %s\"".formatted(VALUE));
        change("PATCH", "/contacts/subscribe", "");
        send(
                "POST",
                "/api/v2/events",
                parameters(
                        ", \"event_name\": \"x\", \"properties\": {\"a\": \"%s\"}"
                                .formatted(VALUE)));
        importNaming(EMAIL);
        askForTheBlacklist(EMAIL);
        queue("To: %s\r\n\r\n%s".formatted(EMAIL, VALUE));
        ok(start(newCampaign(audience)));
        String insights = insights(campaign);
        for (String trace : List.of(EMAIL, OLD_EMAIL, VALUE, IP, USER_AGENT)) {
            assertThat(found(trace)).as(trace).isNotEmpty();
        }

        change("DELETE", "/contacts", "");

        for (String trace : List.of(EMAIL, OLD_EMAIL, VALUE, IP, USER_AGENT)) {
            assertThat(found(trace)).as(trace).isEmpty();
        }
        assertThat(insights(campaign)).isEqualTo(insights);
        assertThat(refused(delete(), 404, "not_found")).isEqualTo("Contact not found");
    }

    @Test
    void theBlacklistAloneRemembers() {
        ok(
                call(
                        "PATCH",
                        "/contacts/update",
                        parameters(", \"new_email\": \"%s\"".formatted(EMAIL))));
        call("POST", "/blacklist/add", "{\"email\": \"%s\"}".formatted(OLD_EMAIL));

        ok(delete());

        assertThat(found(OLD_EMAIL)).containsExactly("blacklist.email");
        assertThat(found(EMAIL)).isEmpty();
        execute("DELETE FROM blacklist WHERE email = ?", OLD_EMAIL);
    }

    @Test
    void whoIsDeletedBeforeTheirMailIsSkippedAndTheCountsAddUp() {
        newContact(audience, "\"EMAIL\": \"stays@example.org\"");
        String campaign = newCampaign(audience);
        ok(start(campaign));
        ok(call("POST", "/campaigns/pause", "{\"campaign_uid\": \"%s\"}".formatted(campaign)));

        ok(delete());
        ok(call("POST", "/campaigns/resume", "{\"campaign_uid\": \"%s\"}".formatted(campaign)));
        awaitDone(campaign);

        assertThat(found(OLD_EMAIL)).isEmpty();
        var recipients = ok(call("GET", "/campaigns/recipients?campaign_uid=" + campaign, ""));
        var counts = recipients.get("counts");
        assertThat(counts.get("sent").asInt() + counts.get("skipped").asInt())
                .isEqualTo(counts.get("recipients").asInt());
        assertThat(recipients.toString()).contains("stays@example.org");
    }

    @Test
    void whoOpensAfterBeingDeletedLeavesNoTrace() {
        String campaign = sentCampaign();
        var delivery = delivery(campaign);
        long id = single(Long.class, "SELECT id FROM contact WHERE uid = ?", contact);
        ok(delete());

        engage(delivery, id);

        assertThat(found(IP)).isEmpty();
        assertThat(found(USER_AGENT)).isEmpty();
    }

    private String sentCampaign() {
        String campaign =
                newCampaign(
                        audience,
                        """
                        "subject": "Hello", "html": "<a href='https://shop.example/'>{{ PLAN_NAME }}</a>"
                        """);
        ok(start(campaign));
        awaitDone(campaign);
        return campaign;
    }

    private void engage(String campaign) {
        engage(
                delivery(campaign),
                single(Long.class, "SELECT id FROM contact WHERE uid = ?", contact));
    }

    private void engage(DeliveryRef delivery, long contactId) {
        send("GET", "/o/" + tokens.of(new Open(delivery)) + ".gif", "");
        send("GET", "/c/" + tokens.of(new Click(delivery, 0)), "");
        send("POST", "/u/" + tokens.of(new Unsubscribe(delivery, contactId)), "");
    }

    private DeliveryRef delivery(String campaign) {
        long mailing =
                single(Long.class, "SELECT mailing_id FROM campaign WHERE uid = ?", campaign);
        return new DeliveryRef(holder(http.token()).account(), mailing, 1);
    }

    private void importNaming(String email) {
        String csv = "EMAIL,PLAN_NAME\n%s,%s\n%s,%s\n".formatted(email, VALUE, email, VALUE);
        var upload =
                http.upload(
                        "/api/v2/imports",
                        Map.of("audience_uid", audience),
                        email + ".csv",
                        csv.getBytes(StandardCharsets.UTF_8));
        assertThat(ok(upload).get("rejected").asInt()).isEqualTo(1);
    }

    private void askForTheBlacklist(String email) {
        ok(
                call(
                        "POST",
                        "/blacklist",
                        "{\"email\": \"%s\"}".formatted(email),
                        "Idempotency-Key",
                        "key " + email));
    }

    @Test
    void whatATestOrAPreviewShowedOfThemIsGoneToo() {
        String campaign =
                newCampaign(
                        audience,
                        "\"subject\": \"{{ PLAN_NAME }}\", \"html\": \"{{ PLAN_NAME }}\"");
        String about =
                "{\"campaign_uid\": \"%s\", \"contact_uid\": \"%s\"".formatted(campaign, contact);
        ok(call("POST", "/campaigns/test", about + ", \"email\": \"colleague@example.org\"}"));
        ok(call("POST", "/campaigns/test", about + ", \"email\": \"%s\"}".formatted(OLD_EMAIL)));
        var preview = call("POST", "/campaigns/preview", about + "}", "Idempotency-Key", "preview");
        assertThat(preview.body()).contains(VALUE);

        ok(delete());

        assertThat(found(VALUE)).isEmpty();
        assertThat(found(OLD_EMAIL)).isEmpty();
        var again = call("POST", "/campaigns/preview", about + "}", "Idempotency-Key", "preview");
        refused(again, 404, "not_found");
    }

    /** A mail to the contact that is not due for a long time. */
    private void queue(String content) {
        var outbox = new Outbox(jdbi, clock, new Quotas(jdbi, clock), MessageSigner.NONE);
        var row =
                jdbi.withHandle(db ->
                        db.select(
                                        "SELECT account_id, audience_id, id FROM contact WHERE uid = ?",
                                        contact)
                                .mapToMap(Long.class)
                                .one());
        var message =
                new OutgoingMessage(
                        new EmailAddress("me@example.org"),
                        content.getBytes(StandardCharsets.UTF_8));
        jdbi.useTransaction(tx ->
                outbox.enqueue(
                        tx,
                        List.of(
                                new NewMessage(
                                        outbox.nextId(),
                                        Objects.requireNonNull(row.get("account_id")),
                                        Objects.requireNonNull(row.get("audience_id")),
                                        row.get("id"),
                                        new EmailAddress(EMAIL),
                                        Kind.TRANSACTIONAL,
                                        clock.instant().plus(Duration.ofDays(3)),
                                        message))));
    }

    private void change(String verb, String path, String more) {
        assertThat(send(verb, "/api/v2" + path, parameters(more))).contains("success");
    }

    private Reply delete() {
        return call("DELETE", "/contacts", parameters(""));
    }

    private String parameters(String more) {
        return "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\"%s}"
                .formatted(audience, contact, more);
    }

    private String insights(String campaign) {
        return ok(call("GET", "/campaigns?campaign_uid=" + campaign, ""))
                .get("insights")
                .toString();
    }

    private void awaitDone(String campaign) {
        Await.until(
                "done",
                Duration.ofSeconds(30),
                () ->
                        ok(call("GET", "/campaigns?campaign_uid=" + campaign, ""))
                                .at("/campaign/status")
                                .asText()
                                .equals("done"));
    }

    private String made(String verb, String path, String body, String key) {
        return Http.json(send(verb, path, body)).get(key).asText();
    }

    /** From an address and with a program of its own, which nobody else leaves as a trace. */
    private String send(String verb, String path, String body) {
        try (var client = HttpClient.newBuilder().localAddress(InetAddress.getByName(IP)).build()) {
            var request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:%d%s".formatted(http.port(), path)))
                            .header("Authorization", "Bearer " + http.token())
                            .header("User-Agent", USER_AGENT)
                            .method(verb, BodyPublishers.ofString(body))
                            .build();
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> found(String trace) {
        return Traces.of(jdbi, trace);
    }
}
