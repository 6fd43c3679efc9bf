package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Http.Reply;
import io.dynosend.account.Role;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many contacts in one call. */
class ContactBatchApiTest extends ApiTest {

    private String audience = "";

    @BeforeEach
    void anAudience() {
        audience = newAudience();
        addField(audience, "number", "AGE");
    }

    @Test
    void everyRowHasItsResultInItsPlace() {
        newContact(audience, "\"EMAIL\": \"there@example.org\"");

        var batch =
                batch(
                        """
                        {"EMAIL": "a@example.org", "tag": "x,y", "AGE": 7}, {"EMAIL": "broken"},
                        {"email": "there@example.org"}, {"EMAIL": "b@example.org", "AGE": "old"},
                        {"AGE": 3}, {"EMAIL": "A@example.org"}, {"EMAIL": "c@example.org"}
                        """);

        String a = ok(batch).at("/results/0/contact_uid").asText();
        String c = batch.json().at("/results/6/contact_uid").asText();
        assertThat(batch.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Batch finished","created":2,"rejected":5,\
                        "results":[{"row":1,"status":"success","message":"Contact created",\
                        "contact_uid":"%s"},{"row":2,"status":"error",\
                        "message":"EMAIL is not a valid email address","code":"invalid_email"},\
                        {"row":3,"status":"error",\
                        "message":"The audience has a contact with this email",\
                        "code":"contact_exists"},{"row":4,"status":"error",\
                        "message":"AGE must be a number such as 12 or 3.5","code":"bad_input",\
                        "errors":{"AGE":["AGE must be a number such as 12 or 3.5"]}},\
                        {"row":5,"status":"error","message":"Missing parameter: EMAIL",\
                        "code":"missing_parameter"},{"row":6,"status":"error",\
                        "message":"The audience has a contact with this email",\
                        "code":"contact_exists"},{"row":7,"status":"success",\
                        "message":"Contact created","contact_uid":"%s"}]}\
                        """
                                .formatted(a, c));
        assertThat(contact(audience, a).get("AGE").asText()).isEqualTo("7");
        assertThat(contact(audience, a).get("tags").asText()).isEqualTo("x,y");
    }

    @Test
    void aThousandAreCreatedAndNoMore() {
        var thousand = ok(batch(rows(1_000)));
        var more = batch(rows(1_001));

        assertThat(thousand.get("created").asInt()).isEqualTo(1_000);
        assertThat(thousand.get("results")).hasSize(1_000);
        assertThat(badInput(more)).isEqualTo("contacts must be 1,000 at most");
    }

    @Test
    void whatIsNoListOfObjectsIsRefused() {
        for (String contacts : new String[] {"7", "\"x\"", "[7]", "[\"a@example.org\"]", "{}"}) {
            var reply =
                    call(
                            "POST",
                            "/contacts/batch",
                            "{\"audience_uid\": \"%s\", \"contacts\": %s}"
                                    .formatted(audience, contacts));

            assertThat(badInput(reply))
                    .isEqualTo(
                            contacts.startsWith("[")
                                    ? "Each of contacts must be an object"
                                    : "contacts must be a list");
        }
        assertThat(refused(batch(""), 400, "missing_parameter"))
                .isEqualTo("Missing parameter: contacts");
    }

    @Test
    void whoMayNotIgnoreDoubleOptInMayNotInABatchEither() {
        var marketer = http.as(newUser(http.token(), Role.MARKETER));

        var reply =
                marketer.post(
                        "/api/v2/contacts/batch",
                        """
                        {"audience_uid": "%s", "contacts": [
                            {"EMAIL": "a@example.org"},
                            {"EMAIL": "b@example.org", "ignore_doi": true}]}
                        """
                                .formatted(audience));

        refused(reply, 401, "forbidden");
        assertThat(ok(call("GET", "/contacts?audience_uid=" + audience, ""))).isEmpty();
    }

    private Reply batch(String rows) {
        return call(
                "POST",
                "/contacts/batch",
                "{\"audience_uid\": \"%s\", \"contacts\": [%s]}".formatted(audience, rows));
    }

    private static String rows(int count) {
        return IntStream.range(0, count)
                .mapToObj("{\"EMAIL\": \"c%d@example.org\"}"::formatted)
                .collect(Collectors.joining(","));
    }
}
