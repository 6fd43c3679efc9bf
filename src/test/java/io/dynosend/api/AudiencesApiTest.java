package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Http.Reply;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudiencesApiTest extends ApiTest {

    private static final String WHOLE =
            """
            {
              "name": "SaaS customers",
              "default_subject": "An Awesome Subject",
              "from_email": "Support@ABCcorp.com",
              "from_name": "Company",
              "contact_information": {
                "company": "ACME Corp", "address_1": "578 Hudson Hills", "address_2": "Apt. 909",
                "country": "United States", "state": "Nevada", "zip": "52441-9913",
                "city": "Greenland", "phone": "+14803795457", "website": "https://company.com",
                "email": "contact@company.com",
              },
            }
            """;

    private static final String[] WHOLE_AS_FIELDS = {
        "name", "SaaS customers",
        "default_subject", "An Awesome Subject",
        "from_email", "Support@ABCcorp.com",
        "from_name", "Company",
        "contact_information[company]", "ACME Corp",
        "contact_information[address_1]", "578 Hudson Hills",
        "contact_information[address_2]", "Apt. 909",
        "contact_information[country]", "United States",
        "contact_information[state]", "Nevada",
        "contact_information[zip]", "52441-9913",
        "contact_information[city]", "Greenland",
        "contact_information[phone]", "+14803795457",
        "contact_information[website]", "https://company.com",
        "contact_information[email]", "contact@company.com"
    };

    @Test
    void creatingAnswersTheUidOfTheNewAudience() {
        var created = curl("POST", "/audiences", WHOLE);

        String uid = ok(created).get("audience_uid").asText();
        assertThat(uid).matches("[0-9a-z]{13}");
        assertThat(created.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Audience created","audience_uid":"%s"}\
                        """
                                .formatted(uid));
    }

    @Test
    void theListHoldsExactlyTheKeysOfTheDocumentInItsOrder() {
        String uid = create(WHOLE);

        var list = curl("GET", "/audiences", "");

        long id = ok(list).at("/0/id").asLong();
        assertThat(list.body()).isEqualTo("[%s]".formatted(summary(id, uid)));
    }

    @Test
    void anAudienceIsAnsweredWithItsFieldsItsAddressAndItsStatistics() {
        String uid = create(WHOLE);

        // As the document prints it: GET with a body.
        var audience = curl("GET", "/audiences", "{\"audience_uid\": \"%s\"}".formatted(uid));

        assertThat(audience.body()).isEqualTo(whole(ok(audience).at("/audience/id").asLong(), uid));
    }

    @Test
    void aCustomFieldIsMadeByTheDocumentsOwnCall() {
        String uid = create(WHOLE);

        var added =
                curl(
                        "POST",
                        "/audiences/add-field",
                        """

                        \t{
                        \t  "audience_uid": "%s",
                        \t  "type": "text",
                        \t  "label": "Plan name",
                        \t  "tag": "PLAN_NAME",
                           }\
                        """
                                .formatted(uid));

        assertThat(added.status()).isEqualTo(200);
        assertThat(added.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Custom field created\"}");
        var fields = ok(call("GET", "/audiences?audience_uid=" + uid, "")).at("/audience/fields");
        assertThat(fields.get(1).toString())
                .isEqualTo(
                        """
                        {"label":"Plan name","type":"text","tag":"PLAN_NAME","visible":true,\
                        "required":false}\
                        """);
    }

    @Test
    void emailIsTheFirstFieldAndTheOthersFollowAsTheyWereMade() {
        String uid = newAudience();
        for (var type : new String[] {"time", "text", "number", "date", "textarea", "datetime"}) {
            addField(uid, type, "Z_" + type.toUpperCase(Locale.ROOT));
        }

        var fields = ok(call("GET", "/audiences?audience_uid=" + uid, "")).at("/audience/fields");

        assertThat(fields.findValuesAsText("tag"))
                .containsExactly(
                        "EMAIL",
                        "Z_TIME",
                        "Z_TEXT",
                        "Z_NUMBER",
                        "Z_DATE",
                        "Z_TEXTAREA",
                        "Z_DATETIME");
        assertThat(fields.findValuesAsText("type"))
                .containsExactly("text", "time", "text", "number", "date", "textarea", "datetime");
    }

    @Test
    void parametersMayComeInTheQueryInAFormOrInParts() {
        String inQuery = create("", "/audiences?" + form(WHOLE_AS_FIELDS));
        String inForm = create(form(WHOLE_AS_FIELDS), "/audiences", "Content-Type", FORM);
        String inParts =
                create(multipart(WHOLE_AS_FIELDS), "/audiences", "Content-Type", MULTIPART);

        for (String uid : new String[] {inQuery, inForm, inParts}) {
            var audience = call("GET", "/audiences?audience_uid=" + uid, "");
            assertThat(audience.body())
                    .isEqualTo(whole(ok(audience).at("/audience/id").asLong(), uid));
        }
    }

    @Test
    void jsonIsUnderstoodWhateverTheContentTypeSays() {
        assertThat(create(WHOLE, "/audiences")).isNotEmpty();
        assertThat(create(WHOLE, "/audiences", "Content-Type", FORM)).isNotEmpty();
        assertThat(create(WHOLE, "/audiences", "Content-Type", "text/plain")).isNotEmpty();
        assertThat(create(WHOLE, "/audiences", "Content-Type", "application/JSON;charset=UTF-8"))
                .isNotEmpty();
    }

    @Test
    void aBodyKeyWinsOverAQueryKey() {
        String uid = create(WHOLE);

        var audience =
                call(
                        "GET",
                        "/audiences?audience_uid=other",
                        form("audience_uid", uid),
                        "Content-Type",
                        FORM);

        assertThat(ok(audience).at("/audience/uid").asText()).isEqualTo(uid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", " \n", "{}", "{ /* nothing */ }", "{\"page\": 3}"})
    void withoutAnAudienceUidEveryAudienceIsListed(String body) {
        create(WHOLE);

        assertThat(ok(curl("GET", "/audiences", body))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"audience_uid\": \"\"}", "{\"audience_uid\": \"  \"}"})
    void aBlankAudienceUidIsRefused(String body) {
        assertThat(refused(curl("GET", "/audiences", body), 400, "missing_parameter"))
                .isEqualTo("Missing parameter: audience_uid");
        assertThat(refused(call("GET", "/audiences?audience_uid=", ""), 400, "missing_parameter"))
                .contains("audience_uid");
    }

    @Test
    void withoutAudiencesTheListIsEmpty() {
        assertThat(curl("GET", "/audiences", "null").body()).isEqualTo("[]");
    }

    @Test
    void statisticsAreCountsByStatusAndFractionsHalfUp() {
        String uid = newAudience("\"double_opt_in\": true");
        newContact(uid, "\"EMAIL\": \"unconfirmed@example.org\"");
        for (int i = 0; i < 5; i++) {
            newContact(uid, "\"EMAIL\": \"s%d@example.org\", \"ignore_doi\": true".formatted(i));
        }
        for (int i = 0; i < 2; i++) {
            ok(
                    call(
                            "PATCH",
                            "/contacts/unsubscribe?audience_uid=%s&email=s%d@example.org"
                                    .formatted(uid, i),
                            ""));
        }

        var audience = ok(call("GET", "/audiences?audience_uid=" + uid, ""));

        assertThat(audience.get("statistics").toString())
                .isEqualTo(
                        """
                        {"contact_count":6,"subscribe_rate":0.5,"unsubscribe_rate":0.33,\
                        "subscribe_count":3,"unsubscribe_count":2}\
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "true, unconfirmed", "\"true\", unconfirmed", "1, unconfirmed", "\"1\", unconfirmed",
        "\"on\", unconfirmed", "\"TRUE\", unconfirmed", "false, subscribed", "0, subscribed",
        "\"off\", subscribed", "\"\", subscribed", "null, subscribed"
    })
    void doubleOptInIsUnderstoodInEveryWayToWriteABoolean(String written, String status) {
        String uid = newAudience("\"double_opt_in\": " + written);

        String contact = newContact(uid, "\"EMAIL\": \"a@example.org\"");

        assertThat(contact(uid, contact).get("status").asText()).isEqualTo(status);
    }

    @Test
    void whatIsNoBooleanIsRefused() {
        var reply =
                curl(
                        "POST",
                        "/audiences",
                        """
                        {"name": "A", "from_email": "a@example.org", "from_name": "A",
                         "double_opt_in": "perhaps"}
                        """);

        assertThat(badInput(reply)).isEqualTo("double_opt_in must be true or false");
    }

    @Test
    void unknownKeysSetNoColumn() {
        String uid =
                create(
                        """
                        {"name": "A", "from_email": "a@example.org", "from_name": "A",
                         "id": 987654321, "uid": "mine", "account_id": 1, "created_at": "2001-01-01",
                         "updated_at": "2001-01-01", "status": "x", "__proto__": {"id": 1},
                         "fields": [{"tag": "X"}], "statistics": {"contact_count": 9}}
                        """);

        var audience = ok(call("GET", "/audiences?audience_uid=" + uid, ""));

        assertThat(uid).isNotEqualTo("mine");
        assertThat(audience.at("/audience/id").asLong()).isNotEqualTo(987654321);
        assertThat(audience.at("/audience/created_at").asText()).isEqualTo(NOW);
        assertThat(audience.at("/audience/fields")).hasSize(1);
        assertThat(audience.at("/statistics/contact_count").asLong()).isZero();
    }

    @Test
    void anEmptyListStandsForAnEmptyObjectAsPhpWritesIt() {
        assertThat(newAudience("\"contact_information\": []")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "\"x\"", "3", "{\"company\": {}}", "{\"company\": [\"x\"]}"})
    void contactInformationIsAnObjectOfTexts(String written) {
        var reply =
                curl(
                        "POST",
                        "/audiences",
                        """
                        {"name": "A", "from_email": "a@example.org", "from_name": "A",
                         "contact_information": %s}
                        """
                                .formatted(written));

        assertThat(badInput(reply)).containsAnyOf("contact_information", "company");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plan",
                "Plan",
                "PLAN NAME",
                "1PLAN",
                "_PLAN",
                "PLAN-NAME",
                "PLÄN",
                "PL\\nAN",
                "A\\u0000",
                "{{ X }}",
                "PLAN.NAME"
            })
    void aTagIsCapitalLettersDigitsAndUnderscores(String tag) {
        assertThat(tagRefused(tag)).startsWith("tag ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EMAIL", "UNSUBSCRIBE_URL", "CONFIRM_URL", "CONTACT_UID"})
    void aTagThatTheServerGivesToMessagesIsReserved(String tag) {
        assertThat(tagRefused(tag)).isEqualTo("tag %s is reserved".formatted(tag));
    }

    @Test
    void aTagHasAtMost64Characters() {
        addField(newAudience(), "text", "A".repeat(64));

        assertThat(tagRefused("A".repeat(65))).contains("64");
    }

    @Test
    void aTagIsUniqueInItsAudienceAndFreeInAnother() {
        String audience = newAudience();
        addField(audience, "text", "PLAN");

        addField(newAudience(), "number", "PLAN");
        var again = addFieldReply(audience, "number", "Plan", "PLAN");

        assertThat(refused(again, 400, "field_exists")).contains("PLAN");
    }

    @Test
    void aFieldTypeIsOneOfSixInAnyCase() {
        String audience = newAudience();

        ok(addFieldReply(audience, "Number", "N", "N"));
        var unknown = addFieldReply(audience, "checkbox", "C", "C");

        assertThat(badInput(unknown))
                .isEqualTo("type must be one of text, number, textarea, date, datetime, time");
    }

    private static String summary(long id, String uid) {
        return """
        {"id":%d,"uid":"%s","name":"SaaS customers","default_subject":"An Awesome Subject",\
        "from_email":"support@abccorp.com","from_name":"Company","created_at":"%s",\
        "updated_at":"%s"}\
        """
                .formatted(id, uid, NOW, NOW);
    }

    private static String whole(long id, String uid) {
        String summary = summary(id, uid);
        return """
        {"audience":%s,"fields":[{"label":"Email","type":"text","tag":"EMAIL",\
        "visible":true,"required":true}]},"contact_information":{"company":"ACME Corp",\
        "address_1":"578 Hudson Hills","address_2":"Apt. 909","country":"United States",\
        "state":"Nevada","zip":"52441-9913","city":"Greenland","phone":"+14803795457",\
        "website":"https://company.com","email":"contact@company.com"},\
        "statistics":{"contact_count":0,"subscribe_rate":0,"unsubscribe_rate":0,\
        "subscribe_count":0,"unsubscribe_count":0}}\
        """
                .formatted(summary.substring(0, summary.length() - 1));
    }

    private String create(String body) {
        return create(body, "/audiences");
    }

    private String create(String body, String path, String... headers) {
        return ok(call("POST", path, body, headers)).get("audience_uid").asText();
    }

    private String tagRefused(String tag) {
        return badInput(addFieldReply(newAudience(), "text", "Plan", tag));
    }

    private Reply addFieldReply(String audience, String type, String label, String tag) {
        return curl(
                "POST",
                "/audiences/add-field",
                """
                {"audience_uid": "%s", "type": "%s", "label": "%s", "tag": "%s"}
                """
                        .formatted(audience, type, label, tag));
    }
}
