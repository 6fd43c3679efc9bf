package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.Http;
import io.dynosend.Inbox;
import io.dynosend.account.Role;
import io.dynosend.common.Uid;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is asked to confirm, welcomed and bidden farewell, and what these mails say. */
class OptInApiTest extends ApiTest {

    private static final String DOUBLE_OPT_IN = "\"double_opt_in\": true";
    private static final String WELCOME =
            """
            "contact_information": {"company": "Acme", "address_1": "12 Main Street"},
            "welcome_mail": {"subject": "Welcome {{ EMAIL }}",
                             "html": "<p>Hi {{ CITY | default: 'there' }} <a href='https://acme.example/start'>start</a></p>"}
            """;
    private static final String GOODBYE =
            "\"goodbye_mail\": {\"subject\": \"Bye\", \"text\": \"Bye from {{ audience.name }}\"}";

    private final String email = "ada-%s@example.org".formatted(Uid.random());

    @Test
    void aNewContactIsAskedByOneMailOfOurOwnWords() throws Exception {
        String audience = newAudience(DOUBLE_OPT_IN);

        newContact(audience, "\"EMAIL\": \"%s\"".formatted(email));

        var mail = new Inbox(http, email).message();
        assertThat(contactByEmail(audience, email).get("status").asText()).isEqualTo("unconfirmed");
        assertThat(mail.getSubject()).isEqualTo("Please confirm your subscription");
        assertThat(((InternetAddress) mail.getFrom()[0]).getAddress()).isEqualTo("me@example.org");
        assertThat(mail.getRecipients(RecipientType.TO)).hasSize(1);
        assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
        assertThat(mail.getContentType()).startsWith("multipart/alternative");
        for (String text : List.of(Inbox.text(mail), Inbox.html(mail))) {
            assertThat(text)
                    .contains("Readers", "works for 7 days", "do nothing")
                    .doesNotContain("<img", "/o/", "/c/", "/r/", "/u/", email);
        }
        assertThat(Inbox.everything(mail)).doesNotContain("List-Unsubscribe");
        assertThat(kinds(email)).containsExactly("confirmation");
    }

    @Test
    void nothingThatSomebodyTypedIntoAFormIsCarriedOn() {
        String audience = newAudience(DOUBLE_OPT_IN);
        addField(audience, "text", "FIRST_NAME");
        String hostile = "win-1000-euro-%s@example.org".formatted(Uid.random());

        newContact(
                audience,
                """
                "EMAIL": "%s", "FIRST_NAME": "Win 1000 € http://evil.example {{ EMAIL }}",
                "tag": "http://evil.example,<b>evil</b>"
                """
                        .formatted(hostile));

        var mail = new Inbox(http, hostile).message();
        assertThat(Inbox.everything(mail)).doesNotContain("evil", "1000 €", "{{");
        assertThat(Inbox.text(mail) + Inbox.html(mail)).doesNotContain("win-1000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Ada & Söhne <News> {{ EMAIL }}        | Ada & Söhne <News> {{ EMAIL }}
                    Dr. Ada. News                         | Dr. Ada. News
                    Visit https://evil.example            | example.org
                    www evil                              | example.org
                    evil.example                          | example.org
                    evil。example                          | example.org
                    ｅｖｉｌ．ｅｘａｍｐｌｅ                          | example.org
                    mail me@evil                          | example.org
                    mailto:evil                           | example.org
                    """)
    void theNameOfTheAudienceIsNoLink(String name, String shown) {
        String audience = newAudience(DOUBLE_OPT_IN);
        execute("UPDATE audience SET name = ? WHERE uid = ?", name, audience);

        newContact(audience, "\"EMAIL\": \"%s\"".formatted(email));

        var mail = new Inbox(http, email).message();
        assertThat(Inbox.text(mail)).contains("to get mail from %s.".formatted(shown));
        assertThat(Inbox.html(mail))
                .contains(
                        "<strong>%s</strong>"
                                .formatted(
                                        shown.replace("&", "&amp;")
                                                .replace("<", "&lt;")
                                                .replace(">", "&gt;")));
    }

    @Test
    void theNameOfTheAudienceIsCutAndHidesNothing() {
        String longName = newAudience(DOUBLE_OPT_IN);
        execute("UPDATE audience SET name = ? WHERE uid = ?", "Ä".repeat(200), longName);
        String hiding = newAudience(DOUBLE_OPT_IN);
        execute("UPDATE audience SET name = ? WHERE uid = ?", "News \u202etxet", hiding);

        newContact(longName, "\"EMAIL\": \"%s\"".formatted(email));
        newContact(hiding, "\"EMAIL\": \"other-%s\"".formatted(email));

        assertThat(Inbox.text(new Inbox(http, email).message()))
                .contains("from " + "Ä".repeat(63) + "….");
        assertThat(Inbox.text(new Inbox(http, "other-" + email).message()))
                .contains("from example.org.");
    }

    @Test
    void theHostOfARequestIsInNoMail() throws IOException {
        String audience = newAudience(DOUBLE_OPT_IN);
        String body = "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s\"}".formatted(audience, email);

        String answer =
                raw(
                        """
                        POST /api/v2/contacts HTTP/1.1\r
                        Host: evil.example\r
                        X-Forwarded-Host: evil.example\r
                        X-Forwarded-Proto: gopher\r
                        Forwarded: host=evil.example\r
                        Authorization: Bearer %s\r
                        Content-Length: %d\r
                        Connection: close\r
                        \r
                        %s\
                        """
                                .formatted(http.token(), body.length(), body));

        assertThat(answer).startsWith("HTTP/1.1 200");
        var mail = new Inbox(http, email).message();
        assertThat(Inbox.everything(mail)).doesNotContain("evil", "gopher");
        assertThat(Inbox.link(mail, "http")).startsWith("http://localhost:" + http.port());
    }

    @Test
    void whoNeedNotConfirmIsNotAsked() {
        String single = newAudience();
        String doubled = newAudience(DOUBLE_OPT_IN);

        newContact(single, "\"EMAIL\": \"%s\"".formatted(email));
        newContact(doubled, "\"EMAIL\": \"%s\", \"ignore_doi\": true".formatted(email));
        ok(
                http.upload(
                        "/api/v2/imports",
                        Map.of("audience_uid", doubled),
                        "c.csv",
                        "EMAIL\nimported-%s\n".formatted(email).getBytes(StandardCharsets.UTF_8)));
        sendTransactional(doubled, "transactional-" + email);

        assertThat(kinds(email)).isEmpty();
        assertThat(kinds("imported-" + email)).isEmpty();
        assertThat(kinds("transactional-" + email)).containsExactly("transactional");
    }

    @Test
    void anAddressIsAskedOnceADayWhateverTheAudience() {
        newContact(newAudience(DOUBLE_OPT_IN), "\"EMAIL\": \"%s\"".formatted(email));
        String second = newAudience(DOUBLE_OPT_IN);
        newContact(second, "\"EMAIL\": \"%s\"".formatted(email));
        ok(ask("DELETE", "/contacts", second));
        newContact(second, "\"EMAIL\": \"%s\"".formatted(email));
        assertThat(kinds(email)).hasSize(1);
        assertThat(refused(ask(second), 400, "confirmation_limit"))
                .isEqualTo(
                        "This address was asked at 2026-01-01T10:00:00Z; it may be asked again 24"
                                + " hours later");
        clock.advance(Duration.ofHours(24));

        newContact(newAudience(DOUBLE_OPT_IN), "\"EMAIL\": \"%s\"".formatted(email));

        assertThat(kinds(email)).hasSize(2);
    }

    @Test
    void whoDoesNotConfirmIsErasedThirtyDaysAfterTheLastMail() {
        String audience = newAudience(DOUBLE_OPT_IN);
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(email));
        newContact(audience, "\"EMAIL\": \"joined-%s\"".formatted(email));
        newContact(audience, "\"EMAIL\": \"asked-again-%s\"".formatted(email));
        ok(
                call(
                        "PATCH",
                        "/contacts/subscribe",
                        "{\"audience_uid\": \"%s\", \"email\": \"joined-%s\"}"
                                .formatted(audience, email)));
        clock.advance(Duration.ofDays(2));
        ok(call("POST", "/contacts/confirmation", who(audience, "asked-again-" + email)));
        clock.advance(Duration.ofDays(28));
        forgetUnansweredRequests();
        assertThat(emails(audience)).hasSize(3);

        clock.advance(Duration.ofSeconds(1));
        forgetUnansweredRequests();

        assertThat(emails(audience)).containsExactly("joined-" + email, "asked-again-" + email);
    }

    @Test
    void spellingsThatReachOneMailboxCountAsOne() {
        String mailbox = Uid.random();
        String audience = newAudience(DOUBLE_OPT_IN);
        var spellings =
                List.of(mailbox, mailbox.charAt(0) + "." + mailbox.substring(1), mailbox + "+a");

        for (String each : spellings) {
            newContact(audience, "\"EMAIL\": \"%s@gmail.com\"".formatted(each));
        }
        newContact(audience, "\"EMAIL\": \"%s@googlemail.com\"".formatted(mailbox));
        newContact(audience, "\"EMAIL\": \"%s+a@example.org\"".formatted(mailbox));
        newContact(audience, "\"EMAIL\": \"%s+b@example.org\"".formatted(mailbox));

        assertThat(requests(audience)).isEqualTo(3);
    }

    @Test
    void manyAudiencesAtTheSameMomentAskOnce() throws Exception {
        var audiences = IntStream.range(0, 8).mapToObj(_ -> newAudience(DOUBLE_OPT_IN)).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls =
                    audiences.stream()
                            .<Future<?>>map(each ->
                                    threads.submit(() ->
                                            newContact(each, "\"EMAIL\": \"%s\"".formatted(email))))
                            .toList();
            for (var each : calls) each.get();
        }

        assertThat(kinds(email)).containsExactly("confirmation");
    }

    @Test
    void askingAgainSendsOneMoreMailADayLater() {
        String audience = newAudience(DOUBLE_OPT_IN);
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(email));
        clock.advance(Duration.ofDays(2));

        var sent = ok(ask(audience));
        clock.advance(Duration.ofDays(2));
        var again = ask(audience);

        assertThat(sent.get("message").asText()).isEqualTo("Confirmation sent");
        assertThat(refused(again, 400, "confirmation_limit")).contains("asked twice");
        assertThat(kinds(email)).hasSize(2);
    }

    @Test
    void onlyTheUnconfirmedAreAsked() {
        String audience = newAudience(DOUBLE_OPT_IN);
        newContact(audience, "\"EMAIL\": \"%s\", \"ignore_doi\": true".formatted(email));
        String former = "former-" + email;
        newContact(audience, "\"EMAIL\": \"%s\", \"ignore_doi\": true".formatted(former));
        ok(call("PATCH", "/contacts/unsubscribe", who(audience, former)));

        assertThat(refused(ask(audience), 400, "contact_state"))
                .isEqualTo("The contact is subscribed: there is nothing to confirm");
        refused(
                call("POST", "/contacts/confirmation", who(audience, former)),
                400,
                "contact_state");
        refused(
                call("POST", "/contacts/confirmation", who(audience, "x@example.org")),
                404,
                "not_found");
    }

    @Test
    void whoCameByATransactionalMessageMayBeAskedLater() {
        String audience = newAudience();
        sendTransactional(audience, email);

        ok(ask(audience));

        assertThat(kinds(email)).containsExactlyInAnyOrder("transactional", "confirmation");
    }

    @Test
    void theBlacklistedHearNothing() {
        call("POST", "/blacklist/add", "{\"email\": \"%s\"}".formatted(email));
        String audience = newAudience(DOUBLE_OPT_IN);
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(email));
        newContact(newAudience(WELCOME), "\"EMAIL\": \"%s\"".formatted(email));

        assertThat(kinds(email)).isEmpty();
        refused(ask(audience), 400, "recipient_blacklisted");
    }

    @Test
    void withoutQuotaTheContactIsCreatedAndAskedOnceThereIsSome() {
        long account = holder(http.token()).account();
        execute("UPDATE account SET monthly_quota = 0 WHERE id = ?", account);
        String audience = newAudience(DOUBLE_OPT_IN);

        newContact(audience, "\"EMAIL\": \"%s\"".formatted(email));
        newContact(newAudience(WELCOME), "\"EMAIL\": \"%s\"".formatted(email));
        refused(ask(audience), 401, "quota_exceeded");
        execute("UPDATE account SET monthly_quota = 1 WHERE id = ?", account);

        ok(ask(audience));
        assertThat(kinds(email)).containsExactly("confirmation");
    }

    @Test
    void ofManyInOneCallEachIsAsked() {
        String audience = newAudience(DOUBLE_OPT_IN);

        ok(
                call(
                        "POST",
                        "/contacts/batch",
                        """
                        {"audience_uid": "%s",
                         "contacts": [{"EMAIL": "%s"}, {"EMAIL": "2-%s"}, {"EMAIL": "%s"}]}
                        """
                                .formatted(audience, email, email, email)));

        assertThat(kinds(email)).containsExactly("confirmation");
        assertThat(kinds("2-" + email)).containsExactly("confirmation");
    }

    @Test
    void whatIsUndoneSendsNothing() {
        String audience = newAudience(DOUBLE_OPT_IN);
        String body = "\"EMAIL\": \"%s\"".formatted(email);
        String json = "{\"audience_uid\": \"%s\", %s}".formatted(audience, body);

        for (int i = 0; i < 2; i++) {
            ok(http.post("/api/v2/contacts", json, "Idempotency-Key", "one"));
        }
        refused(createContact(audience, body), 400, "contact_exists");

        assertThat(kinds(email)).hasSize(1);
    }

    @Test
    void theEvidenceSaysWhoSkippedTheConfirmation() {
        String audience = newAudience(DOUBLE_OPT_IN);
        newContact(
                audience,
                "\"EMAIL\": \"%s\", \"ignore_doi\": true, \"tag\": \"a\"".formatted(email));
        ok(
                call(
                        "PATCH",
                        "/contacts/addtag",
                        who(audience, email).replace("}", ", \"tag\": \"x\"}")));
        ok(call("PATCH", "/contacts/unsubscribe", who(audience, email)));

        var viewer = http.as(newUser(http.token(), Role.VIEWER));
        var evidence = consent(viewer, audience);

        assertThat(evidence.findValuesAsText("type")).containsExactly("subscribed", "unsubscribed");
        assertThat(evidence.get(0).get("ignore_doi").asBoolean()).isTrue();
        assertThat(evidence.get(0).get("user_uid").asText()).hasSize(13);
        assertThat(evidence.get(0).get("source").asText()).isEqualTo("api");
        assertThat(evidence.get(0).has("tags")).isFalse();
    }

    @Test
    void aMarketerMaySkipNoConfirmation() {
        String audience = newAudience(DOUBLE_OPT_IN);
        var marketer = http.as(newUser(http.token(), Role.MARKETER));

        var reply =
                marketer.post(
                        "/api/v2/contacts",
                        "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s\", \"ignore_doi\": 1}"
                                .formatted(audience, email));

        refused(reply, 401, "forbidden");
    }

    @Test
    void whoIsCreatedSubscribedIsWelcomedWithAWayOut() throws Exception {
        String audience = newAudience(WELCOME);
        addField(audience, "text", "CITY");

        newContact(audience, "\"EMAIL\": \"%s\", \"CITY\": \"Köln <b>\"".formatted(email));

        var mail = new Inbox(http, email).message();
        assertThat(mail.getSubject()).isEqualTo("Welcome " + email);
        assertThat(Inbox.html(mail))
                .contains(
                        "Hi Köln &lt;b&gt;",
                        "https://acme.example/start",
                        "12 Main Street",
                        ">Unsubscribe</a>")
                .doesNotContain("/o/", "/c/");
        String link = Inbox.link(mail, "http://localhost:%d/u/".formatted(http.port()));
        assertThat(mail.getHeader("List-Unsubscribe", null).replaceAll("\\s", ""))
                .isEqualTo("<" + link + ">");
        assertThat(mail.getHeader("List-Unsubscribe-Post", null))
                .isEqualTo("List-Unsubscribe=One-Click");
        assertThat(mail.getHeader("Feedback-ID", null))
                .matches("welcome:[0-9a-z]{13}:welcome:dynosend");
        assertThat(mail.getHeader("List-Id", null)).contains(audience);
        http.post(URI.create(link).getPath(), "");
        assertThat(contactByEmail(audience, email).get("status").asText())
                .isEqualTo("unsubscribed");
    }

    @Test
    void whoConfirmsIsWelcomedThenAndWhoLeavesByALinkIsBiddenFarewell() throws Exception {
        String audience = newAudience(String.join(",", DOUBLE_OPT_IN, WELCOME, GOODBYE));
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(email));
        var inbox = new Inbox(http, email);
        assertThat(kinds(email)).containsExactly("confirmation");

        press(inbox.message(), "/confirm/");
        press(inbox.messages(2).get(1), "/u/");

        MimeMessage goodbye = inbox.messages(3).get(2);
        assertThat(goodbye.getSubject()).isEqualTo("Bye");
        assertThat(goodbye.getContent().toString().strip()).isEqualTo("Bye from Readers");
        assertThat(goodbye.getHeader("List-Unsubscribe")).isNull();
        assertThat(kinds(email)).containsExactly("confirmation", "welcome", "goodbye");
    }

    @Test
    void changesByTheApiAndImportsSendNothing() {
        String audience = newAudience(WELCOME + "," + GOODBYE);
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(email));

        ok(call("PATCH", "/contacts/unsubscribe", who(audience, email)));
        ok(call("PATCH", "/contacts/subscribe", who(audience, email)));
        ok(
                http.upload(
                        "/api/v2/imports",
                        Map.of("audience_uid", audience),
                        "c.csv",
                        "EMAIL\nimported-%s\n".formatted(email).getBytes(StandardCharsets.UTF_8)));

        assertThat(kinds(email)).containsExactly("welcome");
        assertThat(kinds("imported-" + email)).isEmpty();
    }

    @Test
    void theMailsAreSettingsThatCanBeChangedAndTakenBack() {
        String audience = newAudience(WELCOME);
        assertThat(details(audience).at("/welcome_mail/subject").asText())
                .isEqualTo("Welcome {{ EMAIL }}");
        assertThat(details(audience).has("goodbye_mail")).isFalse();

        update(audience, GOODBYE);
        assertThat(details(audience).at("/goodbye_mail/text").asText()).startsWith("Bye from");
        update(audience, "\"name\": \"Other\"");
        assertThat(details(audience).has("welcome_mail")).isTrue();
        update(audience, "\"welcome_mail\": null, \"goodbye_mail\": {}");

        assertThat(details(audience).has("welcome_mail")).isFalse();
        assertThat(details(audience).has("goodbye_mail")).isFalse();
    }

    @Test
    void whatCannotBeRenderedIsRefusedByFieldLineAndColumn() {
        String audience = newAudience();
        String broken =
                "{\"audience_uid\": \"%s\", \"goodbye_mail\": {\"subject\": \"x\", \"html\": \"a\\n{%% if %%}\"}}"
                        .formatted(audience);

        var reply = call("PATCH", "/audiences/update", broken);

        assertThat(refused(reply, 400, "template_error"))
                .startsWith("goodbye_mail.html: line 2, column ");
        for (String wrong :
                List.of(
                        "\"welcome_mail\": \"x\"",
                        "\"welcome_mail\": [1]",
                        "\"goodbye_mail\": {\"subject\": \"a\\nb\", \"text\": \"x\"}")) {
            badInput(change(audience, wrong));
        }
        refused(change(audience, "\"goodbye_mail\": {\"html\": \"x\"}"), 400, "missing_parameter");
        refused(
                change(audience, "\"goodbye_mail\": {\"subject\": \"x\"}"),
                400,
                "missing_parameter");
    }

    @Test
    void aWelcomeMailNeedsThePostalAddress() {
        String audience = newAudience(WELCOME);

        assertThat(badInput(change(audience, "\"contact_information\": {\"address_1\": \"\"}")))
                .startsWith("welcome_mail needs contact_information with address_1");
        String without = newAudience(GOODBYE);
        badInput(change(without, "\"welcome_mail\": {\"subject\": \"x\", \"html\": \"x\"}"));
    }

    @Test
    void aMailThatCannotBeWrittenStopsNobodyFromJoining() {
        String audience = newAudience(WELCOME);
        execute("UPDATE audience SET from_email = 'é@example.org' WHERE uid = ?", audience);
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(email));
        String doubled = newAudience(DOUBLE_OPT_IN);
        execute("UPDATE audience SET from_email = 'é@example.org' WHERE uid = ?", doubled);
        newContact(doubled, "\"EMAIL\": \"%s\"".formatted(email));

        refused(ask(doubled), 400, "sender_unusable");

        assertThat(kinds(email)).isEmpty();
    }

    private void press(MimeMessage mail, String path) {
        String link = Inbox.link(mail, "http://localhost:%d%s".formatted(http.port(), path));
        assertThat(http.post(URI.create(link).getPath(), "").status()).isEqualTo(200);
    }

    private List<String> emails(String audience) {
        return ok(http.get("/api/v2/contacts?audience_uid=" + audience)).findValuesAsText("email");
    }

    private Http.Reply ask(String audience) {
        return ask("POST", "/contacts/confirmation", audience);
    }

    private Http.Reply ask(String verb, String path, String audience) {
        return call(verb, path, who(audience, email));
    }

    private static String who(String audience, String address) {
        return "{\"audience_uid\": \"%s\", \"email\": \"%s\"}".formatted(audience, address);
    }

    private JsonNode consent(Http client, String audience) {
        return ok(client.get(
                        "/api/v2/contacts/consent?audience_uid=%s&email=%s"
                                .formatted(audience, encoded(email))))
                .get("consent");
    }

    private JsonNode details(String audience) {
        return ok(call("GET", "/audiences?audience_uid=" + audience, ""));
    }

    private void update(String audience, String more) {
        ok(change(audience, more));
    }

    private Http.Reply change(String audience, String more) {
        return call(
                "PATCH",
                "/audiences/update",
                "{\"audience_uid\": \"%s\", %s}".formatted(audience, more));
    }

    private void sendTransactional(String audience, String recipient) {
        String uid =
                ok(call(
                                "POST",
                                "/transactional/create",
                                """
                                {"name": "R", "audience_uid": "%s", "content": "internal",
                                 "subject": "S", "text": "T"}
                                """
                                        .formatted(audience)))
                        .get("transactional_uid")
                        .asText();
        ok(
                call(
                        "POST",
                        "/transactional",
                        "{\"transactional_uid\": \"%s\", \"recipient\": \"%s\"}"
                                .formatted(uid, recipient)));
    }

    /** Of the messages queued for an address, the oldest first. */
    private static List<String> kinds(String address) {
        return jdbi.withHandle(db ->
                db.select(
                                """
                                SELECT m.kind
                                FROM delivery d
                                JOIN mailing m ON m.account_id = d.account_id AND m.id = d.mailing_id
                                WHERE d.address = ?
                                ORDER BY m.id
                                """,
                                address)
                        .mapTo(String.class)
                        .list());
    }

    private static int requests(String audience) {
        return single(
                Integer.class,
                """
                SELECT count(*) FROM opt_in_request r
                JOIN contact c ON c.account_id = r.account_id AND c.id = r.contact_id
                JOIN audience a ON a.account_id = c.account_id AND a.id = c.audience_id
                WHERE a.uid = ?
                """,
                audience);
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            var answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
