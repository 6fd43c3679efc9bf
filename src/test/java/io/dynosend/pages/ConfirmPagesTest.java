package io.dynosend.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import io.dynosend.Inbox;
import io.dynosend.account.SigningKey;
import io.dynosend.common.Uid;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.tracking.TrackingTokens.Confirmation;
import io.dynosend.tracking.TrackingTokens.Open;
import io.dynosend.tracking.TrackingTokens.Unsubscribe;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The link of a confirmation mail, as people, mail programs, scanners and forgers follow it. */
class ConfirmPagesTest extends DatabaseTest {

    private final TrackingTokens tokens = new TrackingTokens(SigningKey.load(jdbi, null));
    private final String email = "ada-%s@example.org".formatted(Uid.random());
    private String audience = "";
    private String contact = "";
    private String page = "";

    @BeforeEach
    void aContactWhoWasAsked() {
        audience =
                http.post(
                                "/api/v2/audiences",
                                """
                                {"name": "<b>News</b>", "from_email": "a@example.org",
                                 "from_name": "A", "double_opt_in": true}
                                """)
                        .json()
                        .get("audience_uid")
                        .asText();
        contact =
                http.post(
                                "/api/v2/contacts",
                                "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s\"}"
                                        .formatted(audience, email))
                        .json()
                        .get("contact_uid")
                        .asText();
        page = page(1);
    }

    @Test
    void theLinkOfTheMailLeadsHere() {
        var mail = new Inbox(http, email).message();

        String link = Inbox.link(mail, "http://localhost:%d/confirm/".formatted(http.port()));

        assertThat(URI.create(link).getPath()).isEqualTo(page);
        assertThat(Inbox.html(mail)).contains("href=\"" + link + "\"");
    }

    @Test
    void lookingConfirmsNobody() {
        var looked = http.get(page);
        var head = http.call("HEAD", page, "");
        for (String verb : List.of("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")) {
            http.call(verb, page, "");
        }
        http.get(page + "/resend");

        assertThat(looked.status()).isEqualTo(200);
        assertThat(looked.body())
                .contains(email, "&lt;b&gt;News&lt;/b&gt;", "<form method=\"post\">")
                .doesNotContain("<b>News");
        assertThat(looked.header("Cache-Control")).isEqualTo("no-store");
        assertThat(head.status()).isEqualTo(200);
        assertThat(status()).isEqualTo("unconfirmed");
        assertThat(requests()).isEqualTo(1);
        assertThat(activities("confirmed")).isZero();
    }

    @Test
    void theButtonConfirmsOnceAndSaysSoAgain() {
        var first = press(page);
        var second = press(page);
        var looked = http.get(page);

        assertThat(first.body()).contains("Subscription confirmed", email);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body()).contains("Already confirmed").doesNotContain("<form");
        assertThat(looked.body()).isEqualTo(second.body());
        assertThat(status()).isEqualTo("subscribed");
        assertThat(activities("confirmed")).isEqualTo(1);
    }

    @Test
    void manyPressesAtOnceConfirmOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var presses =
                    IntStream.range(0, 10)
                            .<Future<?>>mapToObj(_ -> threads.submit(() -> press(page)))
                            .toList();
            for (var each : presses) each.get();
        }

        assertThat(activities("confirmed")).isEqualTo(1);
    }

    @Test
    void confirmingIsWrittenDownWithItsEvidence() {
        var mail = new Inbox(http, email).message();
        String messageId =
                single(
                        String.class,
                        "SELECT message_id FROM opt_in_request WHERE contact_id = ?",
                        id());
        clock.advance(Duration.ofHours(1));

        http.post(page, "", "User-Agent", "Mozilla/5.0 (X11)");

        var evidence = consent();
        assertThat(evidence.findValuesAsText("type"))
                .containsExactly("unconfirmed", "asked", "confirmed");
        var confirmed = evidence.get(2);
        assertThat(confirmed.get("at").asText()).isEqualTo("2026-01-01T11:00:00.000000Z");
        assertThat(confirmed.get("source").asText()).isEqualTo("link");
        assertThat(confirmed.get("ip_address").asText()).isEqualTo("127.0.0.1");
        assertThat(confirmed.get("user_agent").asText()).isEqualTo("Mozilla/5.0 (X11)");
        assertThat(confirmed.get("wording").asText()).isEqualTo("confirmation-1");
        assertThat(confirmed.get("address").asText()).isEqualTo(email);
        assertThat(confirmed.get("message_id").asText()).isEqualTo(messageId);
        assertThat(Inbox.everything(mail)).contains("Message-ID: <%s>".formatted(messageId));
    }

    @Test
    void whoeverChangesOneBitOfALinkGetsTheSamePage() {
        byte[] token = Base64.getUrlDecoder().decode(page.substring("/confirm/".length()));
        String nothing = http.get("/confirm/x").body();

        for (int bit = 0; bit < token.length * 8; bit++) {
            var forged = token.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            String path =
                    "/confirm/" + Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
            var reply = bit % 2 == 0 ? http.get(path) : press(path);
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.body()).isEqualTo(nothing);
        }
        assertThat(status()).isEqualTo("unconfirmed");
    }

    @Test
    void noOtherLinkOfOursConfirms() {
        long account = holder(http.token()).account();
        var delivery = new DeliveryRef(account, id(), 1);
        var others =
                List.of(
                        page + "A",
                        page.substring(0, page.length() - 1),
                        page(2),
                        "/confirm/" + tokens.of(new Confirmation(account + 1, id(), 1)),
                        "/confirm/" + tokens.of(new Open(delivery)),
                        "/confirm/" + tokens.of(new Unsubscribe(delivery, id())),
                        "/confirm/" + "A".repeat(5_000));

        for (String other : others) {
            for (var reply : List.of(http.get(other), press(other), press(other + "/resend"))) {
                assertThat(reply.status()).as(other).isEqualTo(404);
                assertThat(reply.body()).isEqualTo(http.get("/confirm/x").body());
            }
        }
        assertThat(status()).isEqualTo("unconfirmed");
        assertThat(press("/u/" + page.substring("/confirm/".length())).status()).isEqualTo(404);
    }

    @Test
    void aLinkWorksForSevenDays() {
        clock.advance(Duration.ofDays(7).minusSeconds(1));
        assertThat(http.get(page).body()).contains("Confirm your subscription");
        clock.advance(Duration.ofSeconds(1));

        var looked = http.get(page);
        var pressed = press(page);

        assertThat(looked.status()).isEqualTo(200);
        assertThat(looked.body())
                .contains("This link has expired", "action=\"%s/resend\"".formatted(page));
        assertThat(pressed.body()).isEqualTo(looked.body());
        assertThat(status()).isEqualTo("unconfirmed");
    }

    @Test
    void anExpiredLinkIsRenewedOnceAndTheNewOneConfirms() {
        new Inbox(http, email).message();
        clock.advance(Duration.ofDays(8));

        var sent = press(page + "/resend");
        var again = press(page + "/resend");
        clock.advance(Duration.ofDays(2));
        var later = press(page + "/resend");

        assertThat(sent.body()).contains("A new link is on its way");
        assertThat(again.body()).contains("two links already");
        assertThat(later.body()).contains("two links already");
        assertThat(requests()).isEqualTo(2);
        var mails = new Inbox(http, email).messages(2);
        String link =
                Inbox.link(mails.get(1), "http://localhost:%d/confirm/".formatted(http.port()));
        assertThat(URI.create(link).getPath()).isEqualTo(page(2));
        assertThat(press(page(2)).body()).contains("Subscription confirmed");
        assertThat(status()).isEqualTo("subscribed");
        assertThat(press(page(2) + "/resend").body()).contains("Already confirmed");
    }

    @Test
    void aNewLinkIsNotSentOnTheDayOfTheFirst() {
        clock.advance(Duration.ofHours(23));

        assertThat(press(page + "/resend").body()).contains("You were sent a link today");
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void whoIsBlacklistedOrOutOfQuotaIsToldNothingAndSentNothing() {
        clock.advance(Duration.ofDays(8));
        http.post("/api/v2/blacklist/add", "{\"email\": \"%s\"}".formatted(email));

        var reply = press(page + "/resend");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("We cannot send a new link").doesNotContain("blacklist");
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void whoHasLeftSinceIsNotBroughtBackByAnOldLink() {
        change("PATCH", "/contacts/unsubscribe", "");

        var looked = http.get(page);
        var pressed = press(page);
        var resent = press(page + "/resend");

        assertThat(looked.body()).contains("You have unsubscribed").doesNotContain("<form");
        assertThat(pressed.body()).isEqualTo(looked.body());
        assertThat(resent.body()).isEqualTo(looked.body());
        assertThat(status()).isEqualTo("unsubscribed");
    }

    @Test
    void aLinkSentToTheFormerAddressProvesNothingAboutTheNewOne() {
        change("PATCH", "/contacts/update", ", \"new_email\": \"new-%s\"".formatted(email));

        assertThat(http.get(page).status()).isEqualTo(404);
        assertThat(press(page).status()).isEqualTo(404);
        assertThat(status()).isEqualTo("unconfirmed");
    }

    @Test
    void theLinkOfADeletedContactLeadsNowhereAndNothingIsLeftButTheLimit() {
        change("DELETE", "/contacts", "");

        assertThat(press(page).status()).isEqualTo(404);
        assertThat(
                        single(
                                Integer.class,
                                "SELECT count(*) FROM opt_in_request WHERE recipient = ?",
                                email))
                .isZero();
        assertThat(
                        single(
                                Integer.class,
                                "SELECT count(*) FROM opt_in_limit WHERE mailbox LIKE '%ada%'"))
                .isZero();
    }

    private String page(int request) {
        long account = holder(http.token()).account();
        return "/confirm/" + tokens.of(new Confirmation(account, id(), request));
    }

    private Reply press(String path) {
        return http.post(path, "", "Content-Type", "application/x-www-form-urlencoded");
    }

    private void change(String verb, String path, String more) {
        var reply =
                http.call(
                        verb,
                        "/api/v2" + path,
                        "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\"%s}"
                                .formatted(audience, contact, more));
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    }

    private JsonNode consent() {
        return http.get(
                        "/api/v2/contacts/consent?audience_uid=%s&contact_uid=%s"
                                .formatted(audience, contact))
                .json()
                .get("consent");
    }

    private long id() {
        return single(Long.class, "SELECT id FROM contact WHERE uid = ?", contact);
    }

    private String status() {
        return single(String.class, "SELECT status FROM contact WHERE uid = ?", contact);
    }

    private int requests() {
        return single(
                Integer.class, "SELECT count(*) FROM opt_in_request WHERE contact_id = ?", id());
    }

    private int activities(String kind) {
        return single(
                Integer.class,
                "SELECT count(*) FROM contact_activity WHERE contact_id = ? AND kind = ?",
                id(),
                kind);
    }
}
