package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.Await;
import io.dynosend.Http;
import io.dynosend.common.Uid;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What arrives of transactional messages, over real SMTP. */
class TransactionalDeliveryTest extends ApiTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final String recipient = "ada-%s@example.org".formatted(Uid.random());
    private final String audience = newAudience();

    @Test
    void internalContentArrivesFilledWithTagsEscapedForHtml() throws Exception {
        addField(audience, "text", "CITY");
        newContact(audience, "\"EMAIL\": \"%s\", \"CITY\": \"Köln & Bonn\"".formatted(recipient));
        String uid =
                create(
                        """
                        "content": "internal", "subject": "{{ NAME }} in {{ CITY }}",
                        "html": "<p>{{ NAME }} {{ CITY }} {{ EMAIL }} {{ audience.name }} {{ contact.status }}</p><a href='{{ LINK }}'>go</a>"
                        """);

        send(
                uid,
                """
                "customTags": [{"Name": "NAME", "Value": "<b>{{ EMAIL }}</b>"},
                               {"name": "LINK", "value": "https://a.example/?x=1&y=2"}]
                """);

        var message = received();
        assertThat(message.getSubject()).isEqualTo("<b>{{ EMAIL }}</b> in Köln & Bonn");
        assertThat(part(message, 1))
                .isEqualToIgnoringNewLines(
                        "<p>&lt;b&gt;{{ EMAIL }}&lt;/b&gt; Köln &amp; Bonn %s Readers subscribed</p>"
                                        .formatted(recipient)
                                + "<a href='https://a.example/?x=1&amp;y=2'>go</a>");
        assertThat(part(message, 0))
                .contains("<b>{{ EMAIL }}</b> Köln & Bonn")
                .contains("go (https://a.example/?x=1&y=2)");
    }

    @Test
    void itIsOneMessageToOnePersonAndNoMassMail() throws Exception {
        String uid = create("\"content\": \"internal\", \"html\": \"<p>Hi</p>\"");

        send(uid, "\"customHeaders\": [{\"Name\": \"X-Order\", \"Value\": \"Nº 12\"}]");

        var message = received();
        assertThat(Collections.list(message.getAllHeaders()))
                .extracting(header -> header.getName())
                .doesNotContain("Reply-To")
                .contains("From", "To", "Subject", "Date", "Message-ID", "X-Order")
                .noneMatch(name -> name.startsWith("List-"));
        assertThat(message.getHeader("X-Order", null)).isEqualTo("=?UTF-8?B?TsK6?= 12");
        assertThat(message.getSentDate()).isEqualTo("2026-01-01T10:00:00Z");
        assertThat(message.getMessageID()).endsWith("@example.org>");
        assertThat(part(message, 1)).isEqualToIgnoringNewLines("<p>Hi</p>");
    }

    @Test
    void theTimelineOfTheContactSaysWhichMessageItWas() {
        String uid = create("\"content\": \"internal\", \"html\": \"<p>Hi</p>\"");

        send(uid, "\"subject\": \"Your receipt\"");

        Await.until("it is in the timeline", SOON, () -> timeline().has("kind"));
        var mailed = timeline();
        assertThat(mailed.get("kind").asText()).isEqualTo("transactional");
        assertThat(mailed.get("transactional_uid").asText()).isEqualTo(uid);
        assertThat(mailed.get("subject").asText()).isEqualTo("Your receipt");
        assertThat(mailed.get("message_uid").asText()).isNotEmpty();
        assertThat(mailed.get("campaign_uid").isNull()).isTrue();
    }

    @Test
    void externalContentGoesOutAsItCame() throws Exception {
        String uid = create("\"content\": \"external\", \"subject\": \"Hello {{ EMAIL }}\"");
        String html = "<p>{{ EMAIL }} {% if %} ünï <a href=\"https://a.example\">x</a></p>";

        send(
                uid,
                "\"htmlBody\": \"%s\", \"textBody\": \"{{ EMAIL }} %%}\", \"customTags\": 1"
                        .formatted(html.replace("\"", "\\\"")));

        var message = received();
        assertThat(message.getSubject()).isEqualTo("Hello " + recipient);
        assertThat(part(message, 0)).isEqualTo("{{ EMAIL }} %}");
        assertThat(part(message, 1)).isEqualTo(html);
    }

    @Test
    void theSubjectOfTheRequestIsNoTemplate() throws Exception {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");

        send(uid, "\"subject\": \" Über {{ EMAIL }} \"");

        assertThat(received().getSubject()).isEqualTo("Über {{ EMAIL }}");
    }

    @Test
    void attachmentsArriveByteForByte() throws Exception {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");
        byte[] file = new byte[300_001];
        new Random(7).nextBytes(file);

        send(
                uid,
                """
                "attachments": [{"Name": "Ünï.bin", "ContentType": "application/x-test", "Content": "%s"},
                                {"name": "a.txt", "content": "aGVs\\r\\nbG8="}]
                """
                        .formatted(Base64.getEncoder().encodeToString(file)));

        var parts = (MimeMultipart) received().getContent();
        assertThat(parts.getCount()).isEqualTo(3);
        assertThat(parts.getBodyPart(1).getFileName()).isEqualTo("Ünï.bin");
        assertThat(parts.getBodyPart(1).getContentType()).startsWith("application/x-test");
        assertThat(parts.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(file);
        assertThat(parts.getBodyPart(2).getInputStream().readAllBytes())
                .isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whoHasLeftGetsItAndTheLogSaysSo() throws Exception {
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(recipient));
        String who = "\"audience_uid\": \"%s\", \"email\": \"%s\"".formatted(audience, recipient);
        ok(call("PATCH", "/contacts/unsubscribe", "{%s}".formatted(who)));
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");

        send(uid, "");

        received();
        String log = "/transactional/messages?recipient=" + encoded(recipient);
        Await.until(
                "the log says sent",
                SOON,
                () -> ok(call("GET", log, "")).at("/0/status").asText().equals("sent"));
        var sent = ok(call("GET", log, "")).get(0);
        assertThat(sent.get("recipient").asText()).isEqualTo(recipient);
        assertThat(sent.get("reply").asText()).startsWith("250");
        assertThat(sent.get("sent_at").asText()).endsWith("Z");
    }

    @Test
    void aChangedMessageIsSentAsItIsNow() throws Exception {
        String uid = create("\"content\": \"internal\", \"text\": \"old\"");
        send(uid, "");
        received();
        ok(
                call(
                        "PATCH",
                        "/transactional/update",
                        "{\"transactional_uid\": \"%s\", \"subject\": \"new\"}".formatted(uid)));

        send(uid, "\"recipient\": \"second-%s\"".formatted(recipient));

        assertThat(received("second-" + recipient).getSubject()).isEqualTo("new");
    }

    @Test
    void manyAtTheSameMomentAllArriveOnceAndMakeOneContact() throws Exception {
        String uid = create("\"content\": \"internal\", \"text\": \"{{ N }}\"");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls =
                    IntStream.range(0, 40)
                            .<Future<?>>mapToObj(n ->
                                    threads.submit(() ->
                                            send(
                                                    uid,
                                                    "\"customTags\": {\"N\": \"%d\"}"
                                                            .formatted(n))))
                            .toList();
            for (var call : calls) call.get();
        }

        Await.until("all arrive", SOON, () -> sources(recipient) == 40);
        assertThat(ok(call("GET", "/contacts?audience_uid=" + audience, ""))).hasSize(1);
    }

    /** Its newest entry. */
    private JsonNode timeline() {
        return ok(call(
                        "GET",
                        "/contacts/timeline?audience_uid=%s&email=%s"
                                .formatted(audience, encoded(recipient)),
                        ""))
                .at("/timeline/0");
    }

    private String create(String more) {
        return ok(curl(
                        "POST",
                        "/transactional/create",
                        """
                        {"name": "Receipt", "audience_uid": "%s", "subject": "Paid",
                         "from_email": "shop@example.org", %s}
                        """
                                .formatted(audience, more)))
                .get("transactional_uid")
                .asText();
    }

    private void send(String uid, String more) {
        ok(
                curl(
                        "POST",
                        "/transactional",
                        "{\"recipient\": \"%s\", \"transactional_uid\": \"%s\", %s}"
                                .formatted(recipient, uid, more)));
    }

    private MimeMessage received() throws MessagingException {
        return received(recipient);
    }

    private MimeMessage received(String address) throws MessagingException {
        Await.until("the message arrives", SOON, () -> source(address).isPresent());
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(
                        source(address).orElseThrow().getBytes(StandardCharsets.US_ASCII)));
    }

    private Optional<String> source(String address) {
        return ids(address).findFirst().map(id -> http.get("/mailbox/%s.eml".formatted(id)).body());
    }

    private long sources(String address) {
        return ids(address).count();
    }

    private Stream<String> ids(String address) {
        var ids = new ArrayList<String>();
        String after = "";
        while (true) {
            var page = Http.json(http.get("/mailbox/messages?limit=1000&after=" + after).body());
            for (var message : page.get("messages")) {
                after = message.get("id").asText();
                if (message.get("to").asText().equals(address)) ids.add(after);
            }
            if (page.get("messages").size() < 1000) return ids.stream();
        }
    }

    private static String part(MimeMessage message, int number)
            throws MessagingException, IOException {
        return (String) ((MimeMultipart) message.getContent()).getBodyPart(number).getContent();
    }
}
