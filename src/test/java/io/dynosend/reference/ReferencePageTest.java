package io.dynosend.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.api.OpenApi;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class ReferencePageTest extends DatabaseTest {

    @Test
    void everyOperationIsShownWithItsPathACallAndAnAnswer() {
        var page = page();

        OpenApi.load()
                .document()
                .get("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .properties()
                                .forEach(verb -> {
                                    var entry =
                                            entry(page, verb.getValue().get("summary").asText());
                                    assertThat(entry.select(".route").text())
                                            .isEqualToIgnoringCase(
                                                    verb.getKey() + " /api/v2" + path.getKey());
                                    assertThat(entry.select(".whole").text())
                                            .contains("Bearer YOUR_API_TOKEN");
                                    assertThat(entry.select(".code").text())
                                            .matches("20[04]( 200)?");
                                }));
    }

    @Test
    void everyLinkWithinThePageLeadsSomewhereAndNothingComesFromElsewhere() {
        var page = page();

        var ids = page.select("[id]").stream().map(Element::id).toList();
        assertThat(ids).doesNotHaveDuplicates();
        var targets =
                page.select("a[href^=#]").stream()
                        .map(link -> link.attr("href").substring(1))
                        .collect(Collectors.toSet());
        assertThat(new HashSet<>(ids)).containsAll(targets);
        assertThat(page.select("script, style, [style], img")).isEmpty();
        assertThat(page.select("[src], link[href]"))
                .allMatch(each -> (each.attr("src") + each.attr("href")).startsWith("/assets/"));
    }

    @Test
    void thePageIsForAnyoneAndBindsTheBrowser() {
        var reply = http.as("no token").get("/api/docs");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).startsWith("text/html");
        assertThat(reply.header("Content-Security-Policy"))
                .contains("default-src 'none'", "style-src 'self'")
                .doesNotContain("unsafe", "script-src");
    }

    @Test
    void whatIsBelowThePageIsOfTheApiAndUnknown() {
        var reply = http.get("/api/docs/contacts");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().get("code").asText()).isEqualTo("unknown_endpoint");
    }

    @Test
    void aQuoteInABodyDoesNotEndIt() {
        var call = entry(page(), "Create a campaign").select(".whole");

        assertThat(call.textNodes().getFirst().getWholeText())
                .contains("This month'\\''s product update");
    }

    @Test
    void codeIsCutIntoPartsThatAreTheWhole() {
        String json = "{\"a\": \"b: \\\"c\\\"\", \"d\": [-1.5, null]}";

        var tokens = Code.tokens(json);

        assertThat(tokens.stream().map(Code.Token::text).collect(Collectors.joining()))
                .isEqualTo(json);
        assertThat(tokens.stream().filter(each -> !each.kind().isEmpty()))
                .containsExactlyElementsOf(
                        List.of(
                                new Code.Token("\"a\"", "key"),
                                new Code.Token("\"b: \\\"c\\\"\"", "string"),
                                new Code.Token("\"d\"", "key"),
                                new Code.Token("-1.5", "other"),
                                new Code.Token("null", "other")));
    }

    @Test
    void wordsBetweenBackticksAreCode() {
        assertThat(Prose.of("Takes `a` or `b`."))
                .containsExactly(
                        new Prose.Run("Takes ", false),
                        new Prose.Run("a", true),
                        new Prose.Run(" or ", false),
                        new Prose.Run("b", true),
                        new Prose.Run(".", false));
    }

    private Document page() {
        return Jsoup.parse(http.get("/api/docs").body());
    }

    private static Element entry(Document page, String summary) {
        return page.select(".entry").stream()
                .filter(each -> each.select("h3").text().equals(summary))
                .findFirst()
                .orElseThrow();
    }
}
