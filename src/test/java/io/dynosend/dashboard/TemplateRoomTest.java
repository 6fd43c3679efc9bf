package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateRoomTest extends RoomTest {

    @Test
    void eachChangeIsAVersionThatCanBeLookedAtAndRestored() {
        String page = created("template", Map.of("name", "Monthly", "content", "<p>First</p>"));

        ada.post(page + "/edit", template(Map.of("name", "Monthly", "content", "<p>Second</p>")));
        ada.post(page + "/edit", template(Map.of("name", "Yearly", "content", "<p>Second</p>")));

        assertThat(ada.page(page).select("h1").text()).isEqualTo("Yearly");
        assertThat(ada.page(page).select(".versions li")).hasSize(2);
        assertThat(ada.get(page + "/preview").body()).contains("Second");
        assertThat(ada.get(page + "/preview?version=1").body()).contains("First");
        assertThat(ada.page(page + "?version=1").select(".notice").text()).contains("version 1");
        assertThat(ada.get(page + "?version=9").status()).isEqualTo(404);

        ada.post(page + "/restore", Map.of("version", "1", "confirmed", "yes"));
        assertThat(ada.get(page + "/preview").body()).contains("First");
        assertThat(ada.page(page).select(".versions li")).hasSize(3);
        assertThat(actions()).contains("restored version 1 of the template “Yearly”");
    }

    @Test
    void whatDoesNotCompileIsSaidWhereItWasTyped() {
        var refused =
                ada.post(
                        "/app/templates/new?kind=template",
                        template(Map.of("name", "Broken", "content", "<p>{{ oops </p>")));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(parsed(refused).select("#content-said.error").text()).contains("line 1");
        assertThat(parsed(refused).select("#content").text()).contains("{{ oops");

        var layout =
                ada.post(
                        "/app/templates/new?kind=layout",
                        template(Map.of("name", "Frame", "content", "<body></body>")));
        assertThat(parsed(layout).select(".error").text()).contains("{{ content }} once");
        var block =
                ada.post(
                        "/app/templates/new?kind=block",
                        template(Map.of("name", "two words", "content", "<p>x</p>")));
        assertThat(parsed(block).select("#name-error").text()).contains("letters, digits");
    }

    @Test
    void aBlockInUseIsNotDeletedAndSaysByWhat() {
        String block = created("block", Map.of("name", "greeting", "content", "<p>Dear all</p>"));
        String user =
                created(
                        "template",
                        Map.of("name", "Letter", "content", "<b>{% render 'greeting' %}</b>"));
        assertThat(ada.get(user + "/preview").body()).contains("Dear all");
        assertThat(ada.page(block).select(".plain-list").text()).contains("Letter");

        ada.post(block + "/delete", Map.of("confirmed", "yes"));
        assertThat(ada.page(block).select(".toast").text()).contains("cannot be deleted", "Letter");

        ada.post(user + "/delete", Map.of("confirmed", "yes"));
        ada.post(block + "/delete", Map.of("confirmed", "yes"));
        assertThat(ada.get(block).status()).isEqualTo(404);
    }

    @Test
    void aLayoutIsShownAroundSomeText() {
        String layout =
                created(
                        "layout",
                        Map.of("name", "Frame", "content", "<body><i>top</i>{{ content }}</body>"));

        assertThat(ada.get(layout + "/preview").body()).contains("<i>top</i>", "words that matter");
    }

    @Test
    void aPreviewRunsNothing() {
        String page =
                created(
                        "template",
                        Map.of(
                                "name",
                                HOSTILE,
                                "subject",
                                HOSTILE,
                                "content",
                                "<script>alert(1)</script><p>Hello</p>"));

        assertThat(ada.get(page + "/preview").header("Content-Security-Policy"))
                .contains("default-src 'none'", "sandbox")
                .doesNotContain("script-src");
        for (String path : new String[] {page, page + "/edit", "/app/templates"}) {
            assertThat(ada.page(path).select("script:not([src])")).as(path).isEmpty();
        }
        assertThat(ada.page(page).select("iframe").attr("sandbox")).isEmpty();
        assertThat(ada.page(page).select("iframe").hasAttr("sandbox")).isTrue();
    }

    @Test
    void widthAndThemeOfThePreviewAreLinks() {
        String page =
                created(
                        "template",
                        Map.of(
                                "name",
                                "Both",
                                "content",
                                "<style>@media (prefers-color-scheme: dark) { p { color: red } }"
                                        + "</style><p>x</p>"));

        var phone = ada.page(page + "?width=phone&theme=dark");

        assertThat(phone.select("iframe").attr("class")).contains("phone");
        assertThat(ada.get(phone.select("iframe").attr("src")).body())
                .contains("@media (min-width: 1px)", "color-scheme: dark");
        assertThat(ada.get(page + "/preview").body()).contains("prefers-color-scheme: dark");
        assertThat(phone.select(".switch a[aria-current]").eachText())
                .containsExactly("Phone", "Dark");
    }

    @Test
    void othersReadOrFindNothing() {
        String page = created("template", Map.of("name", "Mine", "content", "<p>x</p>"));
        var viewer = viewer();
        var stranger = stranger();

        assertThat(viewer.page(page).select("main form, main a.button")).isEmpty();
        for (String act : new String[] {"/edit", "/restore", "/delete"}) {
            assertThat(viewer.post(page + act, template(Map.of())).status()).isEqualTo(403);
            assertThat(stranger.post(page + act, template(Map.of("confirmed", "yes"))).status())
                    .isEqualTo(404);
        }
        for (String path : new String[] {"", "/edit", "/preview"}) {
            assertThat(stranger.get(page + path).status()).isEqualTo(404);
        }
    }

    private String created(String kind, Map<String, String> fields) {
        var reply = ada.post("/app/templates/new?kind=" + kind, template(fields));
        assertThat(reply.status()).as(reply.body()).isEqualTo(303);
        return reply.header("Location");
    }

    private static Map<String, String> template(Map<String, String> changes) {
        var fields = new HashMap<>(Map.of("name", "Mine", "format", "html", "content", "<p>x</p>"));
        fields.putAll(changes);
        return fields;
    }
}
