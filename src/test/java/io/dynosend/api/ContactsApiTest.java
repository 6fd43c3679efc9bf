package io.dynosend.api;

import static io.dynosend.Http.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContactsApiTest extends DatabaseTest {

    private String audience = "";

    @BeforeEach
    void anAudienceWithAField() {
        audience =
                http.post(
                                "/api/v2/audiences",
                                """
                                {"name": "A", "from_email": "a@example.org", "from_name": "A"}
                                """)
                        .json()
                        .get("audience_uid")
                        .asText();
        http.post(
                "/api/v2/audiences/add-field",
                """
                {"audience_uid": "%s", "type": "text", "label": "Plan", "tag": "PLAN_NAME"}
                """
                        .formatted(audience));
    }

    @Test
    void aNewContactIsShownWithAllItsKeysInOrder() {
        String uid =
                create(
                                """
                                "EMAIL": " Jake@Gmail.com ", "tag": "a, b,a", "PLAN_NAME": "Gold"
                                """)
                        .json()
                        .get("contact_uid")
                        .asText();

        var contact =
                http.get(
                        "/api/v2/contacts?audience_uid=%s&contact_uid=%s".formatted(audience, uid));

        assertThat(contact.status()).isEqualTo(200);
        long id = contact.json().at("/contact/id").asLong();
        assertThat(contact.body())
                .isEqualTo(
                        """
                        {"contact":{"id":%d,"contact_uid":"%s","email":"jake@gmail.com",\
                        "status":"subscribed","source":"api","ip_address":"127.0.0.1",\
                        "tags":"a,b","created_at":"2026-01-01T10:00:00.000000Z",\
                        "updated_at":"2026-01-01T10:00:00.000000Z","PLAN_NAME":"Gold"}}\
                        """
                                .formatted(id, uid));
    }

    @Test
    void anAddressThatIsThereIsAConflictWhateverItsCase() {
        create("\"EMAIL\": \"jake@gmail.com\"");

        var again = create("\"EMAIL\": \"JAKE@gmail.com\"");

        assertThat(again.status()).isEqualTo(400);
        assertThat(again.json())
                .isEqualTo(
                        json(
                                """
                                {"status": "error", "code": "contact_exists",
                                 "message": "The audience has a contact with this email"}
                                """));
    }

    private Reply create(String more) {
        return http.post(
                "/api/v2/contacts", "{\"audience_uid\": \"%s\", %s}".formatted(audience, more));
    }
}
