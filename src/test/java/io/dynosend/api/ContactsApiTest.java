package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.Http.Reply;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContactsApiTest extends ApiTest {

    private String audience = "";

    @BeforeEach
    void anAudienceWithAField() {
        audience = newAudience();
        addField(audience, "text", "PLAN_NAME");
    }

    @Test
    void theDocumentsOwnCallCreatesAContact() {
        addField(audience, "text", "CUSTOM_FIELD_TAG");

        var created =
                curl(
                        "POST",
                        "/contacts",
                        """

                        \t{
                        \t  "audience_uid": "%s",
                        \t  "EMAIL": "jake@gmail.com",
                        \t  "CUSTOM_FIELD_TAG": "custom field value"  // optional
                           }\
                        """
                                .formatted(audience));

        String uid = ok(created).get("contact_uid").asText();
        assertThat(uid).matches("[0-9a-z]{13}");
        assertThat(created.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Contact created","contact_uid":"%s"}\
                        """
                                .formatted(uid));
        assertThat(contact(audience, uid).get("CUSTOM_FIELD_TAG").asText())
                .isEqualTo("custom field value");
    }

    @Test
    void aContactIsShownWithAllItsKeysInOrder() {
        addField(audience, "number", "AGE");
        String uid =
                newContact(
                        audience,
                        "\"EMAIL\": \" Jake@Gmail.com \", \"tag\": \"a, b,a\", \"AGE\": 42");

        var contact =
                curl(
                        "GET",
                        "/contacts",
                        """

                        \t{
                        \t  "audience_uid": "%s",
                        \t  "contact_uid": "%s"
                           }\
                        """
                                .formatted(audience, uid));

        long id = ok(contact).at("/contact/id").asLong();
        assertThat(contact.body())
                .isEqualTo(
                        """
                        {"contact":{"id":%d,"contact_uid":"%s","email":"jake@gmail.com",\
                        "status":"subscribed","source":"api","ip_address":"127.0.0.1",\
                        "tags":"a,b","created_at":"%s","updated_at":"%s","PLAN_NAME":null,\
                        "AGE":"42"}}\
                        """
                                .formatted(id, uid, NOW, NOW));
    }

    @Test
    void theListIsABareArrayOfTheSameObjectsById() {
        for (String name : new String[] {"z", "a", "m"}) {
            newContact(audience, "\"EMAIL\": \"%s@example.org\"".formatted(name));
        }

        var list = curl("GET", "/contacts", "{\"audience_uid\": \"%s\"}".formatted(audience));

        assertThat(ok(list).findValuesAsText("email"))
                .containsExactly("z@example.org", "a@example.org", "m@example.org");
        assertThat(list.json().get(1)).isEqualTo(contactByEmail(audience, "a@example.org"));
        assertThat(list.body())
                .startsWith("[{\"id\":")
                .isEqualTo(
                        curl(
                                        "GET",
                                        "/contacts",
                                        "{\"audience_uid\": \"%s\", \"page\": 1}"
                                                .formatted(audience))
                                .body());
    }

    @Test
    void theWholeListComesWithoutPagesHoweverLong() {
        fill(2_500);

        var list = ok(call("GET", "/contacts?audience_uid=" + audience, ""));

        assertThat(list).hasSize(2_500);
        assertThat(list.get(2_499).get("email").asText()).isEqualTo("c2500@example.org");
    }

    @ParameterizedTest
    @CsvSource({
        "'page=1', 20, c1",
        "'page=2', 3, c21",
        "'page=3', 0, ''",
        "'per_page=5', 5, c1",
        "'page=3&per_page=10', 3, c21",
        "'page=999999999&per_page=999999999', 0, ''",
        "'per_page=1000000', 23, c1",
        "'page=2&per_page=', 3, c21"
    })
    void aPageHoldsTwentyUnlessToldOtherwise(String query, int size, String first) {
        fill(23);

        var page = ok(call("GET", "/contacts?audience_uid=%s&%s".formatted(audience, query), ""));

        assertThat(page).hasSize(size);
        if (size > 0) {
            assertThat(page.get(0).get("email").asText()).isEqualTo(first + "@example.org");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "\"2\"", "\" 2 \"", "2.0"})
    void aPageNumberMayBeANumberOrAText(String page) {
        fill(21);

        var list =
                curl(
                        "GET",
                        "/contacts",
                        "{\"audience_uid\": \"%s\", \"page\": %s}".formatted(audience, page));

        assertThat(ok(list)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "1.5",
                "\"x\"",
                "true",
                "[1]",
                "{}",
                "99999999999999999999",
                "1e400"
            })
    void whatIsNoPageNumberIsRefused(String page) {
        for (String name : new String[] {"page", "per_page"}) {
            var reply =
                    curl(
                            "GET",
                            "/contacts",
                            "{\"audience_uid\": \"%s\", \"%s\": %s}"
                                    .formatted(audience, name, page));

            assertThat(badInput(reply)).startsWith(name + " ");
        }
    }

    @Test
    void aPageThatIsNullOrBlankIsNotGiven() {
        fill(21);

        for (String page : new String[] {"null", "\"\""}) {
            var list =
                    curl(
                            "GET",
                            "/contacts",
                            "{\"audience_uid\": \"%s\", \"page\": %s, \"per_page\": %s}"
                                    .formatted(audience, page, page));
            assertThat(ok(list)).hasSize(21);
        }
    }

    @Test
    void oneContactIsFoundByUidOrByAddressInAnyCase() {
        String uid = newContact(audience, "\"EMAIL\": \"jake@gmail.com\"");

        assertThat(contactByEmail(audience, " JAKE@gmail.COM ").get("contact_uid").asText())
                .isEqualTo(uid);
        assertThat(contact(audience, uid).get("email").asText()).isEqualTo("jake@gmail.com");
    }

    @Test
    void theUidWinsOverTheAddress() {
        String one = newContact(audience, "\"EMAIL\": \"one@example.org\"");
        newContact(audience, "\"EMAIL\": \"two@example.org\"");

        var found =
                call(
                        "GET",
                        "/contacts?audience_uid=%s&contact_uid=%s&email=two@example.org"
                                .formatted(audience, one),
                        "");

        assertThat(ok(found).at("/contact/email").asText()).isEqualTo("one@example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contact_uid=", "email=", "contact_uid=%20&email="})
    void aBlankContactIsRefusedAndNotTakenForTheList(String query) {
        newContact(audience, "\"EMAIL\": \"one@example.org\"");

        var reply = call("GET", "/contacts?audience_uid=%s&%s".formatted(audience, query), "");

        assertThat(refused(reply, 400, "missing_parameter"))
                .isEqualTo("Missing parameter: contact_uid or email");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contact_uid=none", "email=none@example.org"})
    void aContactThatIsNotInTheAudienceIsNotFound(String query) {
        String other = newAudience();
        newContact(other, "\"EMAIL\": \"none@example.org\"");

        var reply = call("GET", "/contacts?audience_uid=%s&%s".formatted(audience, query), "");

        assertThat(refused(reply, 404, "not_found")).isEqualTo("Contact not found");
    }

    @Test
    void parametersMayComeInTheQueryInAFormOrInParts() {
        String[] fields = {
            "audience_uid",
            audience,
            "EMAIL",
            "jake@example.org",
            "tag",
            "a,b",
            "PLAN_NAME",
            "Größe & mehr",
            "ignore_doi",
            "1"
        };
        String inQuery = made(call("POST", "/contacts?" + form(fields), ""));
        var query = contact(audience, inQuery).toString();
        fields[3] = "jane@example.org";
        String inForm = made(call("POST", "/contacts", form(fields), "Content-Type", FORM));
        fields[3] = "joan@example.org";
        String inParts =
                made(call("POST", "/contacts", multipart(fields), "Content-Type", MULTIPART));

        assertThat(same(inForm, "jane")).isEqualTo(same(inQuery, "jake"));
        assertThat(same(inParts, "joan")).isEqualTo(same(inQuery, "jake"));
        assertThat(query).contains("\"tags\":\"a,b\"", "\"PLAN_NAME\":\"Größe & mehr\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"a, b ,,a,c\" | a,b,c",
                "[\"a\", \"b, c\", \"a\"] | a,b,c",
                "[\"a\", null, \"\", 7] | a,7",
                "7 | 7",
                "\"\" | ''",
                "[] | ''",
                "null | ''",
                "\"Ü, 日本\" | Ü,日本",
                "\"x\\\"y\\\\z, {1}\" | x\"y\\z,{1}"
            })
    void tagsAreSplitTrimmedAndKeptOnceInTheOrderGiven(String written, String kept) {
        String uid = newContact(audience, "\"EMAIL\": \"a@example.org\", \"tag\": " + written);

        assertThat(contact(audience, uid).get("tags").asText()).isEqualTo(kept);
    }

    @Test
    void tagsMayBeAListInAForm() {
        String uid =
                made(
                        call(
                                "POST",
                                "/contacts",
                                form(
                                        "audience_uid",
                                        audience,
                                        "EMAIL",
                                        "a@example.org",
                                        "tag[]",
                                        "a",
                                        "tag[]",
                                        "b"),
                                "Content-Type",
                                FORM));

        assertThat(contact(audience, uid).get("tags").asText()).isEqualTo("a,b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": 1}", "[[\"a\"]]", "\"a\\nb\"", "\"a\\u2028b\""})
    void whatIsNoTagIsRefused(String written) {
        var reply = createContact(audience, "\"EMAIL\": \"a@example.org\", \"tag\": " + written);

        assertThat(badInput(reply)).startsWith("tag ");
    }

    @Test
    void anAddressThatIsThereIsAConflictWhateverItsCaseAndStatus() {
        String uid = newContact(audience, "\"EMAIL\": \"jake@gmail.com\"");
        unsubscribe(uid);

        var again = createContact(audience, "\"EMAIL\": \"JAKE@gmail.com\"");

        assertThat(again.body())
                .isEqualTo(
                        """
                        {"status":"error","message":"The audience has a contact with this email",\
                        "code":"contact_exists"}\
                        """);
        assertThat(again.status()).isEqualTo(400);
        assertThat(contact(audience, uid).get("status").asText()).isEqualTo("unsubscribed");
    }

    @Test
    void anotherAudienceMayHaveTheSameAddress() {
        newContact(audience, "\"EMAIL\": \"jake@gmail.com\"");

        newContact(newAudience(), "\"EMAIL\": \"jake@gmail.com\"");
    }

    @Test
    void emailIsAnAliasOfTheCapitalName() {
        String uid = newContact(audience, "\"email\": \"a@example.org\"");
        String both = newContact(audience, "\"email\": \"no\", \"EMAIL\": \"b@example.org\"");

        assertThat(contact(audience, uid).get("email").asText()).isEqualTo("a@example.org");
        assertThat(contact(audience, both).get("email").asText()).isEqualTo("b@example.org");
    }

    @Test
    void aMissingOrImpossibleAddressIsRefusedByName() {
        var missing = createContact(audience, "\"EMAIL\": \" \"");
        var impossible = createContact(audience, "\"EMAIL\": \"jake\"");
        var list = createContact(audience, "\"EMAIL\": [\"a@example.org\"]");

        assertThat(refused(missing, 400, "missing_parameter"))
                .isEqualTo("Missing parameter: EMAIL");
        assertThat(refused(impossible, 400, "invalid_email"))
                .isEqualTo("EMAIL is not a valid email address");
        assertThat(badInput(list)).startsWith("EMAIL ");
    }

    @ParameterizedTest
    @CsvSource({"true, subscribed", "1, subscribed", "\"on\", subscribed", "false, unconfirmed"})
    void doubleOptInMakesUnconfirmedContactsUnlessIgnored(String ignore, String status) {
        String careful = newAudience("\"double_opt_in\": true");

        String uid = newContact(careful, "\"EMAIL\": \"a@example.org\", \"ignore_doi\": " + ignore);

        assertThat(contact(careful, uid).get("status").asText()).isEqualTo(status);
    }

    @Test
    void unknownKeysAreIgnoredAndSetNoColumn() {
        String uid =
                newContact(
                        audience,
                        """
                        "EMAIL": "a@example.org", "id": 7, "uid": "mine", "contact_uid": "mine",
                        "status": "unsubscribed", "source": "evil", "account_id": 1,
                        "ip_address": "6.6.6.6", "created_at": "2001-01-01", "tags": "x",
                        "fields": {"PLAN_NAME": "y"}, "__proto__": {"status": "x"},
                        "UNSUBSCRIBE_URL": "https://evil.example", "plan_name": "z", "": 1
                        """);

        var contact = contact(audience, uid);
        assertThat(uid).isNotEqualTo("mine");
        assertThat(contact.get("status").asText()).isEqualTo("subscribed");
        assertThat(contact.get("source").asText()).isEqualTo("api");
        assertThat(contact.get("ip_address").asText()).isEqualTo("127.0.0.1");
        assertThat(contact.get("created_at").asText()).isEqualTo(NOW);
        assertThat(contact.get("tags").asText()).isEmpty();
        assertThat(contact.get("PLAN_NAME").isNull()).isTrue();
        assertThat(contact.has("UNSUBSCRIBE_URL")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text | \"Gold\" | Gold",
                "text | \"  Gold  \" | Gold",
                "text | 12 | 12",
                "text | true | true",
                "number | 12 | 12",
                "number | \"12\" | 12",
                "number | -3.5 | -3.5",
                "number | \"007\" | 007",
                "number | 12345678901234567890 | 12345678901234567890",
                "textarea | \"a\\nb\" | a\\nb",
                "date | \"2026-12-31\" | 2026-12-31",
                "date | \"2024-02-29\" | 2024-02-29",
                "datetime | \"2026-12-31 18:30:00\" | 2026-12-31 18:30:00",
                "datetime | \"2026-12-31T18:30:00Z\" | 2026-12-31T18:30:00Z",
                "datetime | \"2026-12-31T18:30:00.123456Z\" | 2026-12-31T18:30:00.123456Z",
                "datetime | \"2026-12-31T18:30:00+02:00\" | 2026-12-31T18:30:00+02:00",
                "datetime | \"2026-12-31 18:30\" | 2026-12-31 18:30",
                "time | \"18:30\" | 18:30",
                "time | \"18:30:59\" | 18:30:59"
            })
    void aValueOfItsFieldsTypeIsKeptAsText(String type, String written, String kept) {
        addField(audience, type, "X");

        String uid = newContact(audience, "\"EMAIL\": \"a@example.org\", \"X\": " + written);

        var value = contact(audience, uid).get("X");
        assertThat(value.isTextual()).isTrue();
        assertThat(value.asText()).isEqualTo(kept.replace("\\n", "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "number | \"twelve\"",
                "number | \"1,5\"",
                "number | \"NaN\"",
                "number | true",
                "number | \"0x10\"",
                "number | 1e999999999",
                "date | \"31.12.2026\"",
                "date | \"2026-02-29\"",
                "date | 20261231",
                "datetime | \"2026-02-31 18:30:00\"",
                "datetime | \"2026-12-3118:30\"",
                "datetime | \"2026-12-31\"",
                "datetime | \"2026-12-31 24:30\"",
                "time | \"25:00\"",
                "time | \"6pm\"",
                "text | [\"a\"]",
                "text | {\"a\": 1}",
                "text | \"\\u0000\"",
                "text | \"\\ud800\""
            })
    void aValueThatIsNotOfItsFieldsTypeIsRefusedByName(String type, String written) {
        addField(audience, type, "X");

        var reply = createContact(audience, "\"EMAIL\": \"a@example.org\", \"X\": " + written);

        assertThat(badInput(reply)).startsWith("X ");
        assertThat(ok(call("GET", "/contacts?audience_uid=" + audience, ""))).isEmpty();
    }

    @Test
    void everyFieldThatIsWrongIsNamed() {
        addField(audience, "number", "AGE");
        addField(audience, "date", "BORN");

        var reply =
                createContact(
                        audience,
                        """
                        "EMAIL": "a@example.org", "AGE": "old", "BORN": "long ago", "PLAN_NAME": "x"
                        """);

        assertThat(reply.body())
                .isEqualTo(
                        """
                        {"status":"error","message":"AGE must be a number such as 12 or 3.5",\
                        "code":"bad_input","errors":{"AGE":["AGE must be a number such as 12 or 3.5"],\
                        "BORN":["BORN must be a date such as 2026-12-31"]}}\
                        """);
    }

    @Test
    void aTextMayHave255CharactersAndNoMore() {
        String uid = newContact(audience, email("a") + field("PLAN_NAME", "x".repeat(255)));

        var reply = createContact(audience, email("b") + field("PLAN_NAME", "x".repeat(256)));

        assertThat(contact(audience, uid).get("PLAN_NAME").asText()).hasSize(255);
        assertThat(badInput(reply)).contains("PLAN_NAME", "255");
    }

    @Test
    void theDocumentsOwnCallUpdatesAContact() {
        addField(audience, "text", "CUSTOM_FIELD_TAG");
        String uid = newContact(audience, "\"EMAIL\": \"a@example.org\", \"tag\": \"old\"");
        clock.advance(Duration.ofHours(1));

        var updated =
                curl(
                        "PATCH",
                        "/contacts/update",
                        """

                        \t{
                        \t  "audience_uid": "%s",
                        \t  "contact_uid": "%s",
                        \t  "new_email": "newemail@gmail.com",
                        \t  "tag": "updated, new user",
                        \t  "CUSTOM_FIELD_TAG": "custom field value"
                           }\
                        """
                                .formatted(audience, uid));

        assertThat(ok(updated)).isNotNull();
        assertThat(updated.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Contact updated","contact_uid":"%s"}\
                        """
                                .formatted(uid));
        var contact = contact(audience, uid);
        assertThat(contact.get("email").asText()).isEqualTo("newemail@gmail.com");
        assertThat(contact.get("tags").asText()).isEqualTo("updated,new user");
        assertThat(contact.get("CUSTOM_FIELD_TAG").asText()).isEqualTo("custom field value");
        assertThat(contact.get("status").asText()).isEqualTo("subscribed");
        assertThat(contact.get("created_at").asText()).isEqualTo(NOW);
        assertThat(contact.get("updated_at").asText()).isEqualTo("2026-01-01T11:00:00.000000Z");
    }

    @Test
    void anUpdateLeavesAloneWhatItDoesNotName() {
        addField(audience, "number", "AGE");
        String uid = newContact(audience, email("a") + ", \"tag\": \"x\", \"PLAN_NAME\": \"Gold\"");

        update(uid, "\"AGE\": 3, \"tag\": null");

        var contact = contact(audience, uid);
        assertThat(contact.get("email").asText()).isEqualTo("a@example.org");
        assertThat(contact.get("tags").asText()).isEqualTo("x");
        assertThat(contact.get("PLAN_NAME").asText()).isEqualTo("Gold");
        assertThat(contact.get("AGE").asText()).isEqualTo("3");
    }

    @Test
    void blankAndNullClearAFieldAndBlankClearsTheTags() {
        addField(audience, "number", "AGE");
        String uid =
                newContact(
                        audience,
                        email("a") + ", \"tag\": \"x\", \"PLAN_NAME\": \"Gold\", \"AGE\": 3");

        update(uid, "\"AGE\": null, \"PLAN_NAME\": \"  \", \"tag\": \"\"");

        var contact = contact(audience, uid);
        assertThat(contact.get("AGE").isNull()).isTrue();
        assertThat(contact.get("PLAN_NAME").isNull()).isTrue();
        assertThat(contact.get("tags").asText()).isEmpty();
    }

    @Test
    void anUpdateNeverChangesTheStatus() {
        String uid = newContact(audience, email("a"));
        unsubscribe(uid);

        update(uid, "\"status\": \"subscribed\", \"EMAIL\": \"b@example.org\", \"id\": 987654321");

        var contact = contact(audience, uid);
        assertThat(contact.get("status").asText()).isEqualTo("unsubscribed");
        assertThat(contact.get("email").asText()).isEqualTo("b@example.org");
        assertThat(contact.get("id").asLong()).isNotEqualTo(987654321);
    }

    @Test
    void anAddressThatIsTakenIsRefusedAndOnesOwnIsNot() {
        String one = newContact(audience, email("one"));
        newContact(audience, email("two"));

        update(one, "\"new_email\": \"ONE@example.org\"");
        var taken = updateReply(one, "\"new_email\": \"TWO@example.org\"");
        var broken = updateReply(one, "\"new_email\": \"two\"");

        assertThat(refused(taken, 400, "contact_exists")).contains("new_email");
        assertThat(refused(broken, 400, "invalid_email")).startsWith("new_email ");
        assertThat(contact(audience, one).get("email").asText()).isEqualTo("one@example.org");
    }

    @Test
    void anUpdateThatIsRefusedChangesNothing() {
        addField(audience, "number", "AGE");
        String uid = newContact(audience, email("a") + ", \"tag\": \"x\"");

        var reply = updateReply(uid, "\"tag\": \"y\", \"AGE\": \"old\"");

        assertThat(badInput(reply)).startsWith("AGE ");
        assertThat(contact(audience, uid).get("tags").asText()).isEqualTo("x");
    }

    @Test
    void anUpdateFindsItsContactByAddressAndNeedsOne() {
        newContact(audience, email("a"));

        var found =
                curl(
                        "PATCH",
                        "/contacts/update",
                        """
                        {"audience_uid": "%s", "email": "A@example.org", "PLAN_NAME": "Gold"}
                        """
                                .formatted(audience));
        var none =
                curl(
                        "PATCH",
                        "/contacts/update",
                        "{\"audience_uid\": \"%s\", \"EMAIL\": \"b@example.org\"}"
                                .formatted(audience));

        ok(found);
        assertThat(contactByEmail(audience, "a@example.org").get("PLAN_NAME").asText())
                .isEqualTo("Gold");
        assertThat(refused(none, 400, "missing_parameter"))
                .isEqualTo("Missing parameter: contact_uid or email");
    }

    @Test
    void unsubscribingWorksAtOnceAndAgain() {
        String uid = newContact(audience, email("a"));
        clock.advance(Duration.ofMinutes(1));

        var first =
                curl(
                        "PATCH",
                        "/contacts/unsubscribe",
                        """

                        \t{
                        \t  "audience_uid": "%s",
                        \t  "contact_uid": "%s"
                           }\
                        """
                                .formatted(audience, uid));
        var after = contact(audience, uid);
        clock.advance(Duration.ofMinutes(1));
        var second = unsubscribe(uid);

        assertThat(first.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Contact unsubscribed\"}");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(after.get("status").asText()).isEqualTo("unsubscribed");
        assertThat(after.get("updated_at").asText()).isEqualTo("2026-01-01T10:01:00.000000Z");
        assertThat(contact(audience, uid)).isEqualTo(after);
    }

    @Test
    void unsubscribingIsOfThisAudienceOnly() {
        String other = newAudience();
        newContact(audience, email("a"));
        newContact(other, email("a"));

        ok(
                call(
                        "PATCH",
                        "/contacts/unsubscribe?audience_uid=%s&email=a@example.org"
                                .formatted(audience),
                        ""));

        assertThat(contactByEmail(other, "a@example.org").get("status").asText())
                .isEqualTo("subscribed");
    }

    @Test
    void aTrailingSlashIsTolerated() {
        newContact(audience, email("a"));

        assertThat(ok(call("GET", "/contacts/?audience_uid=" + audience, ""))).hasSize(1);
    }

    private void fill(int contacts) {
        execute(
                """
                INSERT INTO contact (
                    account_id, audience_id, uid, email, status, source, created_at, updated_at)
                SELECT account_id, id, uid || n, 'c' || n || '@example.org', 'subscribed', 'api',
                       now(), now()
                FROM audience, generate_series(1, ?) AS n
                WHERE uid = ?
                ORDER BY n
                """,
                contacts,
                audience);
    }

    private Reply unsubscribe(String uid) {
        var reply =
                call(
                        "PATCH",
                        "/contacts/unsubscribe",
                        "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\"}"
                                .formatted(audience, uid));
        ok(reply);
        return reply;
    }

    @Test
    void theFieldsOfAContactHaveALimitTogether() {
        for (String tag : new String[] {"A", "B", "C"}) addField(audience, "textarea", tag);
        String most = "x".repeat(65_535);
        String three = field("A", most) + field("B", most) + field("C", most);
        String uid = newContact(audience, email("two") + field("A", most) + field("B", most));

        assertThat(badInput(createContact(audience, email("three") + three)))
                .contains("at most 131,072 characters together");
        assertThat(badInput(updateReply(uid, field("C", "long").substring(2))))
                .contains("at most 131,072 characters together");
        update(uid, "\"A\": \"\", \"C\": \"%s\"".formatted(most));
    }

    @Test
    void listsOfLargeContactsAreWhole() {
        addField(audience, "textarea", "A");
        String most = field("A", "x".repeat(65_535));
        for (int i = 0; i < 70; i++) newContact(audience, email("c" + i) + most);

        var all =
                ok(
                        call(
                                "GET",
                                "/contacts?audience_uid=%s&page=1&per_page=65".formatted(audience),
                                ""));

        assertThat(all.findValuesAsText("email")).hasSize(65).doesNotHaveDuplicates();
    }

    @Test
    void anAudienceHasAtMostTwoHundredFields() {
        for (int i = 1; i < 200; i++) addField(audience, "text", "F" + i);

        var reply =
                call(
                        "POST",
                        "/audiences/add-field",
                        "{\"audience_uid\": \"%s\", \"type\": \"text\", \"label\": \"One more\","
                                        .formatted(audience)
                                + " \"tag\": \"MORE\"}");

        assertThat(badInput(reply)).isEqualTo("An audience has at most 200 fields");
    }

    private void update(String uid, String changes) {
        ok(updateReply(uid, changes));
    }

    private Reply updateReply(String uid, String changes) {
        return call(
                "PATCH",
                "/contacts/update",
                "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\", %s}"
                        .formatted(audience, uid, changes));
    }

    private String made(Reply reply) {
        return ok(reply).get("contact_uid").asText();
    }

    /** What remains when all that differs from contact to contact is made the same. */
    private String same(String uid, String name) {
        JsonNode contact = contact(audience, uid);
        return contact.toString()
                .replace(contact.get("id").asText(), "ID")
                .replace(uid, "UID")
                .replace(name + "@", "NAME@");
    }

    private static String email(String name) {
        return "\"EMAIL\": \"%s@example.org\"".formatted(name);
    }

    private static String field(String tag, String value) {
        return ", \"%s\": \"%s\"".formatted(tag, value);
    }
}
