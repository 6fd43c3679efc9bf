package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Http.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How an audience is changed and how it ends. */
class AudienceChangesTest extends ApiTest {

    private static final String DELETED =
            "{\"status\":\"success\",\"message\":\"Audience deleted\"}";

    private final String audience =
            newAudience(
                    """
                    "default_subject": "Hello",
                    "contact_information": {"company": "Acme", "address_1": "1 Main Street",
                                            "city": "Ulm", "phone": "123"}
                    """);

    @Test
    void updatingChangesWhatIsGivenAndNothingElse() {
        clock.advance(Duration.ofMinutes(5));

        var updated =
                update("\"name\": \"Customers\", \"contact_information\": {\"city\": \"Bonn\"}");

        assertThat(updated.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Audience updated","audience_uid":"%s"}\
                        """
                                .formatted(audience));
        var now = ok(call("GET", "/audiences?audience_uid=" + audience, ""));
        assertThat(now.at("/audience/name").asText()).isEqualTo("Customers");
        assertThat(now.at("/audience/default_subject").asText()).isEqualTo("Hello");
        assertThat(now.at("/audience/from_email").asText()).isEqualTo("me@example.org");
        assertThat(now.at("/audience/from_name").asText()).isEqualTo("Me");
        assertThat(now.at("/audience/created_at").asText()).isEqualTo(NOW);
        assertThat(now.at("/audience/updated_at").asText())
                .isEqualTo("2026-01-01T10:05:00.000000Z");
        assertThat(now.at("/contact_information/city").asText()).isEqualTo("Bonn");
        assertThat(now.at("/contact_information/company").asText()).isEqualTo("Acme");
        assertThat(now.at("/contact_information/phone").asText()).isEqualTo("123");
    }

    @Test
    void whatMayBeEmptyIsClearedWhenItIsGivenBlank() {
        ok(
                update(
                        """
                        "default_subject": "", "name": " ",
                        "contact_information": {"phone": "", "company": null}
                        """));

        var now = ok(call("GET", "/audiences?audience_uid=" + audience, ""));
        assertThat(now.at("/audience/default_subject").asText()).isEmpty();
        assertThat(now.at("/audience/name").asText()).isEqualTo("Readers");
        assertThat(now.at("/contact_information/phone").asText()).isEmpty();
        assertThat(now.at("/contact_information/company").asText()).isEmpty();
        assertThat(now.at("/contact_information/city").asText()).isEqualTo("Ulm");
    }

    @Test
    void doubleOptInIsSwitchedForThoseWhoComeLater() {
        String first = newContact(audience, "\"EMAIL\": \"a@example.org\"");

        ok(update("\"double_opt_in\": true"));
        String second = newContact(audience, "\"EMAIL\": \"b@example.org\"");
        ok(update("\"double_opt_in\": \"false\""));
        String third = newContact(audience, "\"EMAIL\": \"c@example.org\"");

        assertThat(List.of(first, second, third))
                .extracting(uid -> contact(audience, uid).get("status").asText())
                .containsExactly("subscribed", "unconfirmed", "subscribed");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"from_email\": \"x\"', invalid_email",
        "'\"name\": \"a\\nb\"', bad_input",
        "'\"contact_information\": {\"city\": \"a\\nb\"}', bad_input",
        "'\"contact_information\": \"x\"', bad_input",
        "'\"double_opt_in\": \"maybe\"', bad_input"
    })
    void whatCannotBeKeptChangesNothing(String change, String code) {
        refused(update("\"default_subject\": \"Other\", " + change), 400, code);

        var now = ok(call("GET", "/audiences?audience_uid=" + audience, ""));
        assertThat(now.at("/audience/default_subject").asText()).isEqualTo("Hello");
    }

    @Test
    void deletingTakesEverythingOfTheAudienceAndNothingElse() {
        String other = newAudience();
        newContact(other, "\"EMAIL\": \"a@example.org\"");
        long id =
                ok(call("GET", "/audiences?audience_uid=" + audience, ""))
                        .at("/audience/id")
                        .asLong();
        addField(audience, "text", "CITY");
        newContact(audience, "\"EMAIL\": \"a@example.org\", \"CITY\": \"Ulm\", \"tag\": \"x\"");
        String campaign = newCampaign(audience);
        ok(start(campaign));
        Await.until("done", Duration.ofSeconds(30), () -> status(campaign).equals("done"));
        execute(
                """
                INSERT INTO engagement_event (account_id, mailing_id, number, kind, at)
                SELECT account_id, mailing_id, 1, 'open', now() FROM campaign WHERE uid = ?
                """,
                campaign);
        long mailing =
                single(Long.class, "SELECT mailing_id FROM campaign WHERE uid = ?", campaign);

        var deleted = call("DELETE", "/audiences?audience_uid=" + audience, "");

        assertThat(deleted.body()).isEqualTo(DELETED);
        for (String table : List.of("audience_field", "contact", "campaign", "mailing")) {
            assertThat(count(table, "audience_id", id)).as(table).isZero();
        }
        for (String table : List.of("mailing_chunk", "delivery", "link", "engagement_event")) {
            assertThat(count(table, "mailing_id", mailing)).as(table).isZero();
        }
        assertThat(ok(call("GET", "/contacts?audience_uid=" + other, ""))).hasSize(1);
        refused(call("DELETE", "/audiences?audience_uid=" + audience, ""), 404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "sending", "paused"})
    void anAudienceWithACampaignUnderWayStays(String state) {
        mailing(newCampaign(audience), state);

        var reply = call("DELETE", "/audiences?audience_uid=" + audience, "");

        assertThat(refused(reply, 400, "audience_in_use"))
                .startsWith("A campaign of this audience is queued, sending or paused");
        assertThat(ok(call("GET", "/audiences", ""))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"done", "error"})
    void whatIsOverKeepsNoAudienceAlive(String state) {
        String campaign = newCampaign(audience);
        mailing(campaign, state);

        assertThat(call("DELETE", "/audiences?audience_uid=" + audience, "").body())
                .isEqualTo(DELETED);

        refused(call("GET", "/campaigns?campaign_uid=" + campaign, ""), 404, "not_found");
    }

    private Reply update(String more) {
        return curl(
                "PATCH",
                "/audiences/update",
                "{\"audience_uid\": \"%s\", %s}".formatted(audience, more));
    }

    private static long count(String table, String column, long id) {
        return single(
                Long.class, "SELECT count(*) FROM %s WHERE %s = ?".formatted(table, column), id);
    }
}
