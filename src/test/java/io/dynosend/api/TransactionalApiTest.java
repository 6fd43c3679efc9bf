package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Http.Reply;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionalApiTest extends ApiTest {

    private static final String SENT =
            """
            {"status":"success","message":"Your message has been sent","sending_time":1767261600}\
            """;

    /** As the document prints it. */
    private static final String SAMPLE =
            """

            \t{
            \t  "recipient": "RECIPIENT_EMAIL",
            \t  "transactional_uid": "MESSAGE_UID",
            \t  "textBody": "This is the text version",
            \t  "htmlBody": "<html>This is the Html version</html>",
            \t  "customTags": [
            \t  \t  {
            \t  \t  \t  "Name": "PASSWORD_LINK",
            \t  \t  \t  "Value": "https://app.company.com/reset/ea4a45d4a8fqiai"
            \t  \t  },
            \t  \t  {
            \t  \t  \t  "Name": "RESET_TOKEN",
            \t  \t  \t  "Value": "ea4a45d4a8fqiai"
            \t  \t  }
            \t  ],
            \t  "customHeaders": [
            \t  \t  {
            \t  \t  \t  "Name": "X-Header-Name",
            \t  \t  \t  "Value": "Header value"
            \t  \t  },
            \t  \t  {
            \t  \t  \t  "Name": "X-Header-Name-2",
            \t  \t  \t  "Value": "Header value 2"
            \t  \t  }
            \t  ]
               }\
            """;

    private final String audience = newAudience();

    @ParameterizedTest
    @CsvSource({
        "internal, '\"html\": \"<p>{{ PASSWORD_LINK }}</p>\"'",
        "external, '\"name\": \"E\"'"
    })
    void theDocumentsOwnSampleIsSentWhateverTheContentSetting(String setting, String more) {
        String uid = create("\"content\": \"%s\", %s".formatted(setting, more));
        String sample =
                SAMPLE.replace("RECIPIENT_EMAIL", "ada@example.org").replace("MESSAGE_UID", uid);

        var sent = curl("POST", "/transactional", sample);
        var withTrailingCommas =
                curl("POST", "/transactional", sample.replaceAll("([\\]}])(?=\\s*[\\]}])", "$1,"));

        assertThat(sent.body()).isEqualTo(SENT);
        assertThat(withTrailingCommas.body()).isEqualTo(SENT);
    }

    @Test
    void creatingAnswersTheUidOfTheNewMessage() {
        var created =
                curl(
                        "POST",
                        "/transactional/create",
                        """
                        {"name": "Receipt", "audience_uid": "%s", "content": "internal",
                         "subject": "Paid", "html": "<p>{{ TOTAL }}</p>",}
                        """
                                .formatted(audience));

        String uid = ok(created).get("transactional_uid").asText();
        assertThat(uid).matches("[0-9a-z]{13}");
        assertThat(created.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Transactional message created",\
                        "transactional_uid":"%s"}\
                        """
                                .formatted(uid));
    }

    @Test
    void oneIsAnsweredWithItsContentAndTheListWithout() {
        String first =
                create(
                        """
                        "content": "Internal", "html": "<p>", "from_email": "Shop@Acme.com",
                        "from_name": "Shop", "reply_to": "help@acme.com"
                        """);
        String second = create("\"content\": \"external\"");

        var one = call("GET", "/transactional?transactional_uid=" + first, "");
        var list = curl("GET", "/transactional", "null");

        String shop =
                """
                {"uid":"%s","name":"Receipt","audience_uid":"%s","content":"internal",\
                "subject":"Paid","from_email":"shop@acme.com","from_name":"Shop",\
                "reply_to":"help@acme.com","created_at":"%s","updated_at":"%3$s"\
                """
                        .formatted(first, audience, NOW);
        String external =
                """
                {"uid":"%s","name":"Receipt","audience_uid":"%s","content":"external",\
                "subject":"Paid","from_email":"me@example.org","from_name":"Me",\
                "reply_to":null,"created_at":"%s","updated_at":"%3$s"}\
                """
                        .formatted(second, audience, NOW);
        assertThat(one.body())
                .isEqualTo(
                        "{\"transactional\":%s,\"html\":\"<p>\",\"text\":null}}".formatted(shop));
        assertThat(list.body()).isEqualTo("[%s,%s}]".formatted(external, shop));
    }

    @Test
    void updatingChangesWhatIsGivenAndClearsWhatIsGivenBlank() {
        String uid =
                create(
                        """
                        "content": "internal", "html": "<p>", "text": "T",
                        "reply_to": "help@acme.com"
                        """);

        var updated =
                curl(
                        "PATCH",
                        "/transactional/update",
                        """
                        {"transactional_uid": "%s", "subject": "Other", "text": null,
                         "reply_to": "", "name": ""}
                        """
                                .formatted(uid));

        assertThat(updated.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Transactional message updated",\
                        "transactional_uid":"%s"}\
                        """
                                .formatted(uid));
        var now =
                ok(call("GET", "/transactional?transactional_uid=" + uid, "")).get("transactional");
        assertThat(now.get("name").asText()).isEqualTo("Receipt");
        assertThat(now.get("subject").asText()).isEqualTo("Other");
        assertThat(now.get("reply_to").isNull()).isTrue();
        assertThat(now.get("html").asText()).isEqualTo("<p>");
        assertThat(now.get("text").isNull()).isTrue();
    }

    @Test
    void aDeletedMessageIsGoneButWhatItSentIsListed() {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");
        send(uid, "");

        var deleted =
                call("DELETE", "/transactional", "{\"transactional_uid\": \"%s\"}".formatted(uid));

        assertThat(deleted.body())
                .isEqualTo(
                        "{\"status\":\"success\",\"message\":\"Transactional message deleted\"}");
        refused(call("DELETE", "/transactional?transactional_uid=" + uid, ""), 404, "not_found");
        refused(send(uid, ""), 404, "not_found");
        assertThat(ok(call("GET", "/transactional/messages?transactional_uid=" + uid, "")))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "\"content\": \"internal\" ~ missing_parameter ~ Missing parameter: html or text",
                "\"content\": \"other\" ~ bad_input ~ content must be internal or external",
                "\"subject\": \"x\" ~ missing_parameter ~ Missing parameter: content",
                "\"content\": \"internal\", \"html\": \"\\n{% if %}\" ~ template_error ~ html: line 2, column 7:",
                "\"content\": \"internal\", \"text\": \"{{ x\" ~ template_error ~ text: line 1, column 1:",
                "\"content\": \"external\", \"subject\": \"{{ x\" ~ template_error ~ subject: line 1, column 1:",
                "\"content\": \"external\", \"subject\": \"a\\r\\nb\" ~ bad_input ~ subject must be a single line",
                "\"content\": \"external\", \"from_name\": \"a\\nb\" ~ bad_input ~ from_name must be a single line",
                "\"content\": \"external\", \"from_email\": \"x\" ~ invalid_email ~ from_email is not a valid",
                "\"content\": \"external\", \"from_email\": \"jörg@example.org\" ~ invalid_email ~ from_email must not"
            })
    void whatCannotBecomeAMessageIsRefused(String more, String code, String message) {
        var reply = createMessage(more);

        assertThat(refused(reply, 400, code)).startsWith(message);
        assertThat(curl("GET", "/transactional", "").body()).isEqualTo("[]");
    }

    @Test
    void aMessageNeedsASubjectOfItsOwnOrOfTheAudience() {
        String withSubject = newAudience("\"default_subject\": \"The default\"");
        String more = "{\"name\": \"N\", \"content\": \"external\", \"audience_uid\": \"%s\"}";

        var without = call("POST", "/transactional/create", more.formatted(audience));
        var with = call("POST", "/transactional/create", more.formatted(withSubject));

        assertThat(refused(without, 400, "missing_parameter"))
                .isEqualTo("Missing parameter: subject");
        assertThat(with.status()).isEqualTo(200);
    }

    @Test
    void anUnknownRecipientBecomesAnUnconfirmedContactOfTheMessagesAudience() {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");

        send(uid, "");
        send(uid, "");

        var contact = contactByEmail(audience, "ada@example.org");
        assertThat(contact.get("status").asText()).isEqualTo("unconfirmed");
        assertThat(contact.get("source").asText()).isEqualTo("transactional");
    }

    @Test
    void whoHasLeftStillGetsIt() {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");
        newContact(audience, "\"EMAIL\": \"ada@example.org\"");
        ok(
                call(
                        "PATCH",
                        "/contacts/unsubscribe",
                        "{\"audience_uid\": \"%s\", \"email\": \"ada@example.org\"}"
                                .formatted(audience)));

        ok(send(uid, ""));

        assertThat(contactByEmail(audience, "ada@example.org").get("status").asText())
                .isEqualTo("unsubscribed");
    }

    @Test
    void beyondTheQuotaOfTheMonthNothingIsDone() {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");
        execute(
                "UPDATE account SET monthly_quota = 1 WHERE id = ?",
                holder(http.token()).account());
        ok(send(uid, ""));

        var reply = send(uid, "\"recipient\": \"bob@example.org\"");
        var wrong = send(uid, "\"subject\": \"a\\nb\"");

        refused(reply, 401, "quota_exceeded");
        badInput(wrong);
        assertThat(log("")).hasSize(1);
        refused(
                call(
                        "GET",
                        "/contacts?audience_uid=%s&email=bob@example.org".formatted(audience),
                        ""),
                404,
                "not_found");
    }

    @Test
    void aBlacklistedRecipientIsRefusedAndNoContactIsMade() {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");
        execute(
                "INSERT INTO blacklist VALUES (?, 'ada@example.org', 'manual', now())",
                holder(http.token()).account());

        var reply = send(uid, "");

        refused(reply, 400, "recipient_blacklisted");
        assertThat(log("")).isEmpty();
        assertThat(curl("GET", "/contacts?audience_uid=" + audience, "").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From",
                "sender",
                "TO",
                "Cc",
                "bcc",
                "Reply-To",
                "Subject",
                "Date",
                "Message-ID",
                "MIME-Version",
                "Content-Type",
                "content-x",
                "Return-Path",
                "Received",
                "Delivered-To",
                "Resent-From",
                "DKIM-Signature",
                "DomainKey-Signature",
                "ARC-Seal",
                "Authentication-Results",
                "Received-SPF",
                "List-Unsubscribe",
                "List-Unsubscribe-Post",
                "Feedback-ID",
                "Errors-To",
                "Auto-Submitted",
                "Precedence",
                "Disposition-Notification-To",
                "Return-Receipt-To",
                "X-Dynosend-Id",
                "X A",
                "X:",
                "X\\r\\nBcc",
                "X\\n",
                "X\\u0000",
                "Ü",
                "X\\t",
                " X"
            })
    void aHeaderThatIsNotTheCallersIsRefusedByName(String name) {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");

        var reply =
                send(
                        uid,
                        "\"customHeaders\": [{\"Name\": \"%s\", \"Value\": \"x\"}]"
                                .formatted(name));

        assertThat(badInput(reply).toLowerCase(Locale.ROOT))
                .contains(name.replaceAll("(\\\\|[: ]|Ü).*", "").strip().toLowerCase(Locale.ROOT));
        assertThat(log("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\r\\nBcc: x@y.example",
                "a\\rb",
                "a\\nb",
                "a\\n",
                "\\r\\n",
                "a\\u0000",
                "a\\u2028b",
                "a\\u2029b",
                "a\\u0085b",
                "\\ud800"
            })
    void noValueOrSubjectOfACallerBreaksItsLine(String value) {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");

        var header =
                send(
                        uid,
                        "\"customHeaders\": [{\"name\": \"X-A\", \"value\": \"%s\"}]"
                                .formatted(value));
        var subject = send(uid, "\"subject\": \"x%s\"".formatted(value));

        assertThat(badInput(header)).contains("X-A");
        assertThat(badInput(subject)).startsWith("subject ");
        assertThat(log("")).isEmpty();
    }

    @Test
    void headersAreLimitedInNumberAndLengthAndComeOnce() {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");

        ok(send(uid, headers(20, "x".repeat(985))));
        assertThat(badInput(send(uid, headers(21, "x"))))
                .isEqualTo("customHeaders may hold at most 20 headers");
        assertThat(badInput(send(uid, headers(1, "x".repeat(994))))).contains("X-H0");
        assertThat(badInput(send(uid, headers(1, "é ".repeat(331) + "é")))).contains("998 octets");
        assertThat(
                        badInput(
                                send(
                                        uid,
                                        """
                                        "customHeaders": [{"Name": "X-A", "Value": "1"},
                                                          {"Name": "x-a", "Value": "2"}]
                                        """)))
                .isEqualTo("customHeaders holds x-a twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "\"customHeaders\": \"x\" ~ bad_input ~ customHeaders must be a list",
                "\"customHeaders\": [\"x\"] ~ bad_input ~ Each of customHeaders must be an object",
                "\"customHeaders\": [{\"Value\": \"x\"}] ~ missing_parameter ~ Missing parameter: customHeaders[0][Name]",
                "\"customTags\": [{\"Name\": \"A\", \"Value\": null}, {\"name\": \" \"}] ~ missing_parameter ~ Missing parameter: customTags[1][Name]",
                "\"customTags\": [{\"Name\": \"A\", \"Val\": \"x\"}] ~ missing_parameter ~ Missing parameter: customTags[0][Value]",
                "\"customTags\": [{\"Name\": \"A\", \"Value\": [1]}] ~ bad_input ~ Value must be a single value",
                "\"attachments\": [{\"Content\": \"aGk=\"}] ~ missing_parameter ~ Missing parameter: attachments[0][Name]",
                "\"attachments\": [{\"Name\": \"a.txt\"}] ~ missing_parameter ~ Missing parameter: attachments[0][Content]",
                "\"attachments\": [{\"Name\": \"a.txt\", \"Content\": \"a-_b!\"}] ~ bad_input ~ attachments[0][Content] is not base64",
                "\"attachments\": [{\"Name\": \"../a\", \"Content\": \"aGk=\"}] ~ bad_input ~ “../a” is not a file name",
                "\"attachments\": [{\"Name\": \"a\", \"ContentType\": \"a/b\\r\\nX: y\", \"Content\": \"aGk=\"}] ~ bad_input ~ The content type of",
                "\"scheduled_at\": \"2026-01-01T09:58:59Z\" ~ bad_input ~ scheduled_at must not be in the past",
                "\"scheduled_at\": \"2026-01-31T10:00:01Z\" ~ bad_input ~ scheduled_at must be at most 30 days ahead",
                "\"scheduled_at\": \"tomorrow\" ~ bad_input ~ scheduled_at must be a time",
                "\"recipient\": \"x\" ~ invalid_email ~ recipient is not a valid email address",
                "\"recipient\": \"a\\r\\nRCPT TO:<x@y.example>\" ~ invalid_email ~ recipient",
                "\"recipient\": \"\" ~ missing_parameter ~ Missing parameter: recipient",
                "\"transactional_uid\": \"\" ~ missing_parameter ~ Missing parameter: transactional_uid"
            })
    void whatCannotBeSentIsRefusedAndSaysWhy(String more, String code, String message) {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");

        var reply = send(uid, more);

        assertThat(refused(reply, 400, code)).startsWith(message);
        assertThat(log("")).isEmpty();
    }

    @Test
    void parametersAreReadBeforeTheMessageIsLookedFor() {
        var wrong = send("0000000000000", "\"subject\": \"a\\nb\"");
        var right = send("0000000000000", "");

        badInput(wrong);
        assertThat(refused(right, 404, "not_found")).isEqualTo("Transactional message not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"htmlBody", "textBody"})
    void externalContentComesWithEveryRequest(String missing) {
        String uid = create("\"content\": \"external\"");
        String both = "\"htmlBody\": \"<p>\", \"textBody\": \"t\", \"customTags\": \"ignored\"";

        ok(send(uid, both));
        var reply = send(uid, both + ", \"%s\": \" \"".formatted(missing));

        assertThat(refused(reply, 400, "missing_parameter"))
                .isEqualTo("Missing parameter: " + missing);
    }

    @Test
    void aTemplateThatCannotBeRenderedIsTheCallersToKnow() {
        String uid =
                create(
                        "\"content\": \"internal\", \"text\": \"{% for i in (1..100000000) %}x{% endfor %}\"");

        assertThat(refused(send(uid, ""), 400, "template_error")).startsWith("text: ");
        assertThat(log("")).isEmpty();
    }

    @Test
    void tenMegabytesMayBeAttachedInAllAndNotOneByteMore() {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");
        String half = Base64.getEncoder().encodeToString(new byte[5 << 20]);
        String halfAndOne = Base64.getEncoder().encodeToString(new byte[(5 << 20) + 1]);
        String two =
                """
                "attachments": [{"Name": "a", "Content": "%s"}, {"name": "b", "content": "%s"}]
                """;

        ok(send(uid, two.formatted(half, half)));
        var reply = send(uid, two.formatted(half, halfAndOne));

        assertThat(badInput(reply)).isEqualTo("attachments must be 10 MB or less in all");
    }

    @Test
    void theTimeOfSendingIsWhenItIsScheduled() {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");

        var later = ok(send(uid, "\"scheduled_at\": \"2026-01-31T10:00:00Z\""));
        var justPast = ok(send(uid, "\"scheduled_at\": 1767261560"));

        assertThat(later.get("sending_time").asLong()).isEqualTo(1769853600);
        assertThat(justPast.get("sending_time").asLong()).isEqualTo(1767261600);
    }

    @Test
    void theLogTellsEveryMessageNewestFirst() {
        String uid =
                create("\"content\": \"internal\", \"text\": \"T\", \"subject\": \"Hi {{ N }}\"");
        String other = create("\"content\": \"internal\", \"text\": \"T\"");
        String later = "\"scheduled_at\": \"2026-01-02T10:00:00Z\", ";
        send(uid, later + "\"customTags\": {\"N\": \"one\"}");
        send(uid, later + "\"recipient\": \"bob@example.org\", \"customTags\": {\"N\": \"two\"}");
        send(other, later + "\"subject\": \"{{ three }}\"");

        assertThat(log("")).containsExactly("{{ three }}", "Hi two", "Hi one");
        assertThat(log("transactional_uid=" + uid)).containsExactly("Hi two", "Hi one");
        assertThat(log("recipient=Ada@example.org")).containsExactly("{{ three }}", "Hi one");
        assertThat(log("recipient=nobody@example.org")).isEmpty();
        assertThat(log("per_page=1&page=2")).containsExactly("Hi two");
        String one = call("GET", "/transactional/messages?per_page=1&page=3", "").body();
        String message = one.substring(9, 22);
        assertThat(one)
                .isEqualTo(
                        """
                        [{"uid":"%s","transactional_uid":"%s","recipient":"ada@example.org",\
                        "subject":"Hi one","status":"waiting","tries":0,"reason":null,\
                        "reply":null,"queued_at":"%s","sent_at":null}]\
                        """
                                .formatted(message, uid, NOW));
        assertThat(log("message_uid=" + message)).containsExactly("Hi one");
    }

    @Test
    void theLogOfNothingIsNotFound() {
        String path = "/transactional/messages?%s=0000000000000";

        refused(call("GET", path.formatted("transactional_uid"), ""), 404, "not_found");
        refused(call("GET", path.formatted("message_uid"), ""), 404, "not_found");
        assertThat(badInput(call("GET", "/transactional/messages?per_page=1001", "")))
                .isEqualTo("per_page must be 1000 or less");
    }

    @Test
    void anErasedContactTakesItsSubjectsAlong() {
        String uid = create("\"content\": \"internal\", \"text\": \"T\"");
        send(uid, "\"subject\": \"Dear Ada Lovelace\"");

        execute(
                "DELETE FROM contact WHERE account_id = ? AND email = 'ada@example.org'",
                holder(http.token()).account());

        assertThat(log("")).isEmpty();
    }

    private String create(String more) {
        return ok(createMessage(more)).get("transactional_uid").asText();
    }

    private Reply createMessage(String more) {
        return curl(
                "POST",
                "/transactional/create",
                "{\"name\": \"Receipt\", \"audience_uid\": \"%s\", \"subject\": \"Paid\", %s}"
                        .formatted(audience, more));
    }

    private Reply send(String uid, String more) {
        return curl(
                "POST",
                "/transactional",
                "{\"recipient\": \"ada@example.org\", \"transactional_uid\": \"%s\", %s}"
                        .formatted(uid, more));
    }

    private static String headers(int count, String value) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"Name\": \"X-H%d\", \"Value\": \"%s\"}".formatted(i, value))
                .collect(Collectors.joining(",", "\"customHeaders\": [", "]"));
    }

    private List<String> log(String query) {
        return ok(call("GET", "/transactional/messages?" + query, "")).findValuesAsText("subject");
    }
}
