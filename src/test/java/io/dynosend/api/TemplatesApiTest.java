package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynosend.Http;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TemplatesApiTest extends ApiTest {

    private String audience = "";

    @BeforeEach
    void anAudience() {
        audience =
                make(
                        "/audiences",
                        map(
                                "name", "Readers",
                                "from_email", "me@example.org",
                                "from_name", "Me",
                                "contact_information", Map.of("address_1", "1 Main Street")),
                        "audience_uid");
    }

    @Test
    void aCampaignCopiesATemplate() {
        String template =
                template(map("name", "Letter", "subject", "News", "markdown", "# Hi {{ uid }}"));

        String campaign = campaign(map("template_uid", template));
        patch("/templates/update", map("template_uid", template, "markdown", "# Bye"));

        var content = content(campaign);
        assertThat(content.get("format").asText()).isEqualTo("markdown");
        assertThat(content.get("subject").asText()).isEqualTo("News");
        assertThat(content.get("source").asText()).isEqualTo("# Hi {{ uid }}");
        assertThat(content.get("html").asText()).contains("Hi {{ uid }}</h1>");
    }

    @Test
    void whatTheAuthorGivesCountsInsteadOfTheTemplates() {
        String template = template(map("name", "Letter", "subject", "News", "html", "<p>Old</p>"));

        String campaign =
                campaign(map("template_uid", template, "subject", "Mine", "html", "<p>New</p>"));

        assertThat(content(campaign).get("html").asText()).isEqualTo("<p>New</p>");
        assertThat(content(campaign).get("subject").asText()).isEqualTo("Mine");
    }

    @Test
    void eachChangeIsAVersionAndAnOldOneComesBack() {
        String template = template(map("name", "Letter", "html", "<p>One</p>"));
        patch("/templates/update", map("template_uid", template, "html", "<p>Two</p>"));
        patch("/templates/update", map("template_uid", template, "name", "Renamed"));

        var restored =
                ok(patch("/templates/update", map("template_uid", template, "restore_version", 1)));

        assertThat(restored.get("version").asInt()).isEqualTo(3);
        var versions = ok(get("/templates/versions?template_uid=" + template));
        assertThat(versions.findValuesAsText("source"))
                .containsExactly("<p>One</p>", "<p>Two</p>", "<p>One</p>");
        var second = ok(get("/templates?template_uid=%s&version=2".formatted(template)));
        assertThat(second.at("/template/source").asText()).isEqualTo("<p>Two</p>");
        assertThat(second.at("/template/name").asText()).isEqualTo("Renamed");
    }

    @Test
    void aVersionThatNeverWasIsNotFound() {
        String template = template(map("name", "Letter", "html", "<p>One</p>"));

        refused(get("/templates?template_uid=%s&version=9".formatted(template)), 404, "not_found");
    }

    @Test
    void aCampaignStandsInItsLayout() {
        String layout =
                template(
                        map("kind", "layout", "name", "Frame", "html", "<div>{{ content }}</div>"));

        String campaign = campaign(map("subject", "Hi", "markdown", "Hello", "layout_uid", layout));

        assertThat(content(campaign).get("html").asText()).isEqualTo("<div><p>Hello</p></div>");
        assertThat(content(campaign).get("layout_uid").asText()).isEqualTo(layout);
        assertThat(
                        refused(
                                delete("/templates", map("template_uid", layout)),
                                400,
                                "template_in_use"))
                .contains("campaign “");
    }

    @Test
    void aStartedCampaignKeepsItsBlocksAsTheyWere() {
        String block = template(map("kind", "block", "name", "greeting", "html", "<b>Old</b>"));
        String contact =
                make(
                        "/contacts",
                        map("audience_uid", audience, "EMAIL", "jake@example.org"),
                        "contact_uid");
        String campaign = campaign(map("subject", "Hi", "html", "<p>{% render 'greeting' %}</p>"));
        var preview = map("campaign_uid", campaign, "contact_uid", contact);
        assertThat(ok(post("/campaigns/preview", preview)).toString()).contains("<b>Old</b>");

        ok(post("/campaigns/start", map("campaign_uid", campaign)));
        patch("/templates/update", map("template_uid", block, "html", "<b>New</b>"));

        assertThat(
                        single(
                                String.class,
                                "SELECT blocks::text FROM campaign WHERE uid = ?",
                                campaign))
                .contains("<b>Old</b>");
        assertThat(ok(post("/campaigns/preview", preview)).toString()).contains("<b>Old</b>");
    }

    @Test
    void aBlockInUseKeepsItsNameAndIsNotDeleted() {
        String block = template(map("kind", "block", "name", "footer", "html", "<p>F</p>"));
        campaign(map("subject", "Hi", "html", "{% render 'footer' %}"));

        refused(
                patch("/templates/update", map("template_uid", block, "name", "other")),
                400,
                "template_in_use");
        refused(delete("/templates", map("template_uid", block)), 400, "template_in_use");
    }

    @Test
    void mjmlIsCompiledWhenItIsSaved() {
        String mjml =
                "<mjml><mj-body><mj-section><mj-column><mj-text>Hi {{ uid }}</mj-text>"
                        + "</mj-column></mj-section></mj-body></mjml>";

        String campaign = campaign(map("subject", "Hi", "mjml", mjml));

        assertThat(content(campaign).get("source").asText()).isEqualTo(mjml);
        assertThat(content(campaign).get("html").asText()).contains("<table").contains("{{ uid }}");
    }

    @Test
    void aBrokenSourceNamesItsFormatLineAndColumn() {
        for (var given :
                Map.of(
                                "mjml", "<mjml>\n<mj-txet/></mjml>",
                                "markdown", "# Hi\n\n{{ uid",
                                "html", "<p>\n{% if %}")
                        .entrySet()) {
            var wanted = map("audience_uid", audience, "name", "C", "subject", "Hi");
            wanted.put(given.getKey(), given.getValue());

            String message = refused(post("/campaigns", wanted), 400, "template_error");

            assertThat(message).startsWith(given.getKey()).contains("line");
        }
    }

    @Test
    void aMessageIsWrittenInOneFormat() {
        var both = map("audience_uid", audience, "name", "C", "html", "<p>a</p>", "markdown", "a");

        assertThat(badInput(post("/campaigns", both))).contains("html").contains("markdown");
        refused(post("/templates", map("name", "L")), 400, "missing_parameter");
        assertThat(badInput(post("/templates", map("name", "L", "html", "a", "kind", "page"))))
                .contains("kind");
    }

    @Test
    void cssIsInlinedWhereTheAuthorAsks() {
        String campaign =
                campaign(
                        map(
                                "subject",
                                "Hi",
                                "html",
                                "<style>p { color: red }</style><p>{{ uid }}</p>",
                                "inline_css",
                                true));

        assertThat(content(campaign).get("html").asText())
                .contains("<p style=\"color: red\">{{ uid }}</p>");
        assertThat(content(campaign).get("source").asText()).contains("<p>{{ uid }}</p>");
    }

    @Test
    void aTransactionalMessageIsWrittenInMarkdownToo() {
        String message =
                make(
                        "/transactional/create",
                        map(
                                "name",
                                "Receipt",
                                "audience_uid",
                                audience,
                                "content",
                                "internal",
                                "subject",
                                "Paid",
                                "markdown",
                                "Thank you, **{{ NAME }}**"),
                        "transactional_uid");

        var shown = ok(get("/transactional?transactional_uid=" + message)).get("transactional");

        assertThat(shown.get("html").asText()).contains("<strong>{{ NAME }}</strong>");
    }

    private String template(Map<String, Object> wanted) {
        return make("/templates", wanted, "template_uid");
    }

    private String campaign(Map<String, Object> wanted) {
        var all = map("audience_uid", audience, "name", "C");
        all.putAll(wanted);
        return make("/campaigns", all, "campaign_uid");
    }

    private JsonNode content(String campaign) {
        return ok(get("/campaigns/content?campaign_uid=" + campaign)).get("content");
    }

    private String make(String path, Map<String, Object> wanted, String uid) {
        return ok(post(path, wanted)).get(uid).asText();
    }

    private Http.Reply get(String path) {
        return call("GET", path, "");
    }

    private Http.Reply post(String path, Map<String, Object> wanted) {
        return curl("POST", path, json(wanted));
    }

    private Http.Reply patch(String path, Map<String, Object> wanted) {
        return curl("PATCH", path, json(wanted));
    }

    private Http.Reply delete(String path, Map<String, Object> wanted) {
        return curl("DELETE", path, json(wanted));
    }

    private static String json(Map<String, Object> values) {
        return new ObjectMapper().valueToTree(values).toString();
    }

    private static Map<String, Object> map(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) map.put((String) pairs[i], pairs[i + 1]);
        return map;
    }
}
