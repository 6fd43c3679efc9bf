package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Http.Reply;
import io.dynosend.common.Uid;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A campaign as its author sees it before anyone else. */
class CampaignPreviewsTest extends ApiTest {

    private static final Pattern ID =
            Pattern.compile("class=\"message-row\" href=\"/mailbox/([^\"]+)\"");

    private final String recipient = "me-%s@example.org".formatted(Uid.random());
    private final String audience = newAudience();
    private final String contact = contactFromUlm();
    private final String campaign =
            newCampaign(
                    audience,
                    """
                    "subject": "Hi {{ CITY }}", "html": "<p>{{ CITY }}, {{ EMAIL }}</p>\
                    <a href='https://a.example/x?y=1'>go</a><a href='https://b.example/{{ CITY }}'>b</a>"
                    """);

    @Test
    void aPreviewShowsWhatAContactWouldGetWithLinksThatLeadWhereTheyLead() {
        var preview = preview(campaign, "\"contact_uid\": \"%s\"".formatted(contact));

        assertThat(preview.body()).startsWith("{\"preview\":{\"subject\":\"Hi Ulm\",\"html\":");
        var html = ok(preview).at("/preview/html").asText();
        assertThat(html)
                .contains("<p>Ulm, ada@example.org</p>")
                .contains("https://a.example/x?y=1", "https://b.example/Ulm")
                .contains("1 Main Street", "/u/preview")
                .doesNotContain("/c/", "/r/", "/o/", ".gif");
        assertThat(ok(preview).at("/preview/text").asText())
                .contains("Ulm, ada@example.org", "https://a.example/x?y=1");
    }

    @Test
    void withoutAContactOneIsMadeUpOfTheFieldsLabels() {
        var html = ok(preview(campaign, "\"x\": 1")).at("/preview/html").asText();

        assertThat(html).contains("<p>Label of CITY, jane@example.com</p>");
    }

    @Test
    void withoutAContactItListsTheFieldsInUseAndForHowManyTheyAreEmpty() {
        String readers = newAudience("\"double_opt_in\": false");
        addField(readers, "text", "CITY");
        addField(readers, "text", "NAME", "First name");
        addField(readers, "text", "UNUSED");
        newContact(readers, "\"EMAIL\": \"ada@example.org\", \"CITY\": \"Ulm\"");
        newContact(readers, "\"EMAIL\": \"b@example.org\", \"NAME\": \"Bea\"");
        newContact(readers, "\"EMAIL\": \"c@example.org\", \"CITY\": \"\"");
        String gone = newContact(readers, "\"EMAIL\": \"d@example.org\"");
        unsubscribe(readers, gone);
        String written =
                newCampaign(
                        readers,
                        """
                        "subject": "{{ EMAIL }} {{ audience.name }}", "text": "{{ contact.tags }}",
                        "html": "{% if CITY %}{{ HI | append: contact.NAME }}{% endif %}\
                        {% assign a = CITY %}{{ a }}{% for t in contact.tags %}{{ t }}{% endfor %}\
                        {{ campaign.nome }}"
                        """);

        var answer = ok(preview(written, "\"x\": 1"));

        assertThat(answer.get("contacts").asInt()).isEqualTo(3);
        assertThat(answer.get("fields").toString())
                .isEqualTo(
                        "[{\"tag\":\"CITY\",\"label\":\"Label of CITY\",\"empty\":2},"
                                + "{\"tag\":\"NAME\",\"label\":\"First name\",\"empty\":2}]");
        assertThat(answer.get("unknown").toString()).isEqualTo("[\"HI\",\"campaign.nome\"]");
    }

    @Test
    void anAudienceWithoutContactsHasNoneWhoseFieldsAreEmpty() {
        String nobodys = newAudience();
        addField(nobodys, "text", "CITY");
        String written = newCampaign(nobodys, "\"html\": \"{{ CITY }}\"");

        var answer = ok(preview(written, "\"x\": 1"));

        assertThat(answer.get("contacts").asInt()).isZero();
        assertThat(answer.at("/fields/0/empty").asInt()).isZero();
        assertThat(ok(preview(newCampaign(newAudience()), "\"x\": 1")).get("fields")).isEmpty();
    }

    @Test
    void aPreviewChangesNothingAndCountsNothing() {
        ok(preview(campaign, "\"contact_uid\": \"%s\"".formatted(contact)));

        assertThat(status(campaign)).isEqualTo("new");
        assertThat(mailings()).isZero();
    }

    @Test
    void whatIsBeingWrittenCanBePreviewedBeforeItIsReady() {
        String bare = newCampaign(newAudience("\"double_opt_in\": false"), "\"html\": \"\"");

        assertThat(ok(preview(bare, "\"x\": 1")).at("/preview/subject").asText()).isEmpty();
    }

    @Test
    void aTestArrivesMarkedAndWithoutTracking() {
        var sent =
                test(
                        campaign,
                        "\"email\": \"%s\", \"contact_uid\": \"%s\"".formatted(recipient, contact));

        assertThat(sent.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Test message sent\"}");
        String message = received();
        assertThat(message)
                .contains("Subject: [Test] Hi Ulm\r\n")
                .contains("To: " + recipient)
                .contains("From: Me <me@example.org>")
                .contains("<p>Ulm, ada@example.org</p>")
                .doesNotContain("List-Unsubscribe", "/c/", "/o/");
        assertThat(status(campaign)).isEqualTo("new");
        assertThat(
                        ok(call("GET", "/campaigns/recipients?campaign_uid=" + campaign, ""))
                                .get("recipients"))
                .isEmpty();
    }

    @Test
    void aTestToNobodyInParticularIsAboutItsOwnAddress() {
        ok(test(campaign, "\"email\": \"%s\"".formatted(recipient)));

        assertThat(received()).contains("<p>Label of CITY, " + recipient + "</p>");
    }

    @Test
    void aTestCountsAgainstTheQuota() {
        long account = holder(http.token()).account();
        execute("UPDATE account SET monthly_quota = 1 WHERE id = ?", account);
        ok(test(campaign, "\"email\": \"%s\"".formatted(recipient)));

        var second = test(campaign, "\"email\": \"%s\"".formatted(recipient));

        refused(second, 401, "quota_exceeded");
        assertThat(mailings()).isEqualTo(1);
    }

    @Test
    void aTestNeedsSomethingToSend() {
        String bare = newCampaign(audience, "\"html\": \" \"");

        var reply = test(bare, "\"email\": \"%s\"".formatted(recipient));

        assertThat(refused(reply, 400, "campaign_not_ready"))
                .isEqualTo("The campaign is not ready; missing: subject, html");
    }

    @ParameterizedTest
    @CsvSource({
        "'', missing_parameter, Missing parameter: email",
        "'\"email\": \"x\"', invalid_email, email is not a valid email address"
    })
    void aTestNeedsAnAddress(String parameters, String code, String message) {
        String more = parameters.isEmpty() ? "\"x\": 1" : parameters;

        assertThat(refused(test(campaign, more), 400, code)).isEqualTo(message);
    }

    @Test
    void aContactOfAnotherAudienceIsNotFound() {
        String other = newContact(newAudience(), "\"EMAIL\": \"b@example.org\"");

        var preview = preview(campaign, "\"contact_uid\": \"%s\"".formatted(other));

        assertThat(refused(preview, 404, "not_found")).isEqualTo("Contact not found");
    }

    private String contactFromUlm() {
        addField(audience, "text", "CITY");
        return newContact(audience, "\"EMAIL\": \"ada@example.org\", \"CITY\": \"Ulm\"");
    }

    private void unsubscribe(String audience, String uid) {
        ok(
                call(
                        "PATCH",
                        "/contacts/unsubscribe",
                        "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\"}"
                                .formatted(audience, uid)));
    }

    private Reply preview(String uid, String more) {
        return curl(
                "POST",
                "/campaigns/preview",
                "{\"campaign_uid\": \"%s\", %s}".formatted(uid, more));
    }

    private Reply test(String uid, String more) {
        return curl(
                "POST", "/campaigns/test", "{\"campaign_uid\": \"%s\", %s}".formatted(uid, more));
    }

    private long mailings() {
        return single(
                Long.class,
                "SELECT count(*) FROM mailing WHERE account_id = ?",
                holder(http.token()).account());
    }

    private String received() {
        Await.until("the test arrives", Duration.ofSeconds(20), () -> id().isPresent());
        // Quoted-printable's soft line breaks would cut the words.
        return http.get("/mailbox/%s.eml".formatted(id().orElseThrow()))
                .body()
                .replace("=\r\n", "")
                .replace("=3D", "=");
    }

    private Optional<String> id() {
        var found = ID.matcher(http.get("/mailbox?search=" + encoded(recipient)).body());
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
