package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Http.Reply;
import io.dynosend.Inbox;
import io.dynosend.common.Uid;
import java.time.Duration;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

/** What a contact sees and changes of itself, from a link in its mail. */
class PreferencesTest extends ApiTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final String email = Uid.random() + "@example.org";
    private final String audience = newAudience();
    private final String contact = contactWithFields();
    private final String page = linkFromTheMail();

    @Test
    void aContactSeesItsSubscriptionAndItsVisibleFields() {
        var reply = http.get(page);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        var html = Jsoup.parse(reply.body());
        assertThat(html.text()).contains(email + " gets mail from Readers");
        assertThat(html.select("input[name=CITY]").attr("value")).isEqualTo("\"<Ulm>");
        assertThat(html.select("textarea[name=BIO]").hasAttr("required")).isFalse();
        assertThat(html.select("input[name=BORN]").attr("type")).isEqualTo("date");
        assertThat(html.select("[name=SECRET]")).isEmpty();
        assertThat(html.select("script")).isEmpty();
        assertThat(http.get(html.select("a.plain").attr("href")).body())
                .contains("Unsubscribe", email);
    }

    @Test
    void lookingChangesNothing() {
        String before = contact(audience, contact).toString();

        http.get(page + "?CITY=Bern");
        http.call("HEAD", page + "?CITY=Bern", "");
        http.call("PUT", page, form("CITY", "Bern"), "Content-Type", FORM);

        assertThat(contact(audience, contact).toString()).isEqualTo(before);
    }

    @Test
    void savingChangesVisibleFieldsAndNothingElse() {
        var saved =
                save(
                        "CITY",
                        "Bern",
                        "BIO",
                        "a\r\nb",
                        "BORN",
                        "",
                        "SECRET",
                        "mine",
                        "EMAIL",
                        "x@example.org",
                        "status",
                        "unsubscribed");

        assertThat(saved.status()).isEqualTo(200);
        assertThat(saved.body()).contains("Your changes are saved.", "value=\"Bern\"");
        var now = contact(audience, contact);
        assertThat(now.get("email").asText()).isEqualTo(email);
        assertThat(now.get("status").asText()).isEqualTo("subscribed");
        assertThat(now.get("CITY").asText()).isEqualTo("Bern");
        assertThat(now.get("BIO").asText()).isEqualTo("a\nb");
        assertThat(now.get("SECRET").asText()).isEqualTo("hidden");
        assertThat(
                        single(
                                Integer.class,
                                """
                                SELECT count(*) FROM contact_activity a
                                JOIN contact c ON c.id = a.contact_id
                                WHERE c.uid = ? AND a.kind = 'updated' AND a.source = 'link'
                                """,
                                contact))
                .isEqualTo(1);
    }

    @Test
    void savingWhatIsThereIsNoChange() {
        save("CITY", "\"<Ulm>");

        assertThat(
                        single(
                                Integer.class,
                                """
                                SELECT count(*) FROM contact_activity a
                                JOIN contact c ON c.id = a.contact_id
                                WHERE c.uid = ? AND a.kind = 'updated'
                                """,
                                contact))
                .isZero();
    }

    @Test
    void whatIsWrongIsSaidAndStaysInTheForm() {
        var wrong = save("CITY", "Bern<", "BORN", "someday");

        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body())
                .contains("Label of BORN must be a date such as 2026-12-31", "value=\"Bern&lt;\"");
        assertThat(contact(audience, contact).get("CITY").asText()).isEqualTo("\"<Ulm>");
    }

    @Test
    void aFieldThatIsRequiredCannotBeEmptied() {
        change("required = (tag = 'CITY')");

        assertThat(save("CITY", " ").body()).contains("Label of CITY is needed");
        assertThat(http.get(page).body()).contains("required");
    }

    @Test
    void anotherLinkIsNone() {
        String token = page.substring(page.lastIndexOf('/') + 1);

        assertThat(http.get("/p/" + token + "A").status()).isEqualTo(404);
        assertThat(http.post("/p/x", "").status()).isEqualTo(404);
        assertThat(http.post("/u/" + token, "").status()).isEqualTo(404);
        assertThat(contact(audience, contact).get("status").asText()).isEqualTo("subscribed");
    }

    @Test
    void whoHasLeftIsToldSo() {
        http.post(Jsoup.parse(http.get(page).body()).select("a.plain").attr("href"), "");

        var reply = http.get(page);

        assertThat(Jsoup.parse(reply.body()).text()).contains(email + " gets no mail from Readers");
        assertThat(reply.body()).doesNotContain("/u/");
    }

    private Reply save(String... fields) {
        return http.post(page, form(fields), "Content-Type", FORM);
    }

    private String contactWithFields() {
        addField(audience, "text", "CITY");
        addField(audience, "textarea", "BIO");
        addField(audience, "date", "BORN");
        addField(audience, "text", "SECRET");
        change("visible = (tag <> 'SECRET')");
        return newContact(
                audience,
                "\"EMAIL\": \"%s\", \"CITY\": \"\\\"<Ulm>\", \"SECRET\": \"hidden\""
                        .formatted(email));
    }

    private void change(String setting) {
        execute(
                """
                UPDATE audience_field SET %s
                WHERE audience_id = (SELECT id FROM audience WHERE uid = ?)
                """
                        .formatted(setting),
                audience);
    }

    private String linkFromTheMail() {
        String campaign =
                newCampaign(
                        audience,
                        "\"subject\": \"Hi\", \"html\": \"<a id='p' href='{{ preferences_url }}'>x</a>\"");
        ok(start(campaign));
        Await.until("done", SOON, () -> status(campaign).equals("done"));
        var letter = Jsoup.parse(Inbox.html(new Inbox(http, email).message()));
        return letter.select("#p").attr("href");
    }
}
