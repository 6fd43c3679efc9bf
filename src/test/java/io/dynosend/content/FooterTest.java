package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.common.EmailAddress;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class FooterTest {

    private static final String UNSUBSCRIBE = "https://t.example/u?x=1&y=2";

    @Test
    void aWayOutAndTheAddressAreAddedBeforeTheEndOfTheBody() {
        var letter = Letter.html("<html><body><p>Hi</p><!-- </body> --></BODY></html>").text("Hi");

        var received = letter.received();

        assertThat(received.html())
                .startsWith("<html><body><p>Hi</p><!-- </body> --><div style=")
                .endsWith("style=\"border:0\"></BODY></html>")
                .contains("ACME Corp<br>578 Hudson Hills<br>Springfield");
        assertThat(Jsoup.parse(received.html()).select("a").eachAttr("href"))
                .containsExactly(UNSUBSCRIBE);
        assertThat(received.text())
                .isEqualTo(
                        "Hi\r\n\r\n--\r\nUnsubscribe: %s\r\nACME Corp\r\n578 Hudson Hills\r\nSpringfield\r\n"
                                .formatted(UNSUBSCRIBE));
    }

    @Test
    void everyCopyGetsThemAlsoIfItsBodyEndsInACondition() {
        var html =
                Letter.html("<body>{% if VIP %}V</body>{% endif %}<p title='</body>'>")
                        .received()
                        .html();

        assertThat(html).contains(">Unsubscribe</a>").endsWith("style=\"border:0\">");
    }

    @Test
    void whatOnlyLooksLikeTheEndOfTheBodyIsNot() {
        var html =
                Letter.html(
                        "<body>Hi</body><p title='</body>'><style></body></style><textarea></body></textarea>");

        assertThat(html.received().html()).startsWith("<body>Hi<div").contains("</div>\r\n<img");
    }

    @Test
    void htmlWithoutABodyGetsThemAtTheEnd() {
        assertThat(Letter.html("Hi").received().html())
                .startsWith("Hi<div")
                .endsWith("style=\"border:0\">");
    }

    @Test
    void whatTheAuthorOffersIsNotAddedAgain() {
        var letter =
                Letter.html(
                                "<body><a href=\"{{ unsubscribe_url }}\">Bye</a>{{ audience.postal_address }}")
                        .text("{{ unsubscribe_url }} 578 Hudson Hills")
                        .variables(
                                Map.of("audience", Map.of("postal_address", "578 Hudson Hills")));

        var received = letter.receivedWithoutPixel();

        assertThat(received.html())
                .isEqualTo(
                        "<body><a href=\"https://t.example/u?x=1&amp;y=2\">Bye</a>578 Hudson Hills");
        assertThat(received.text()).isEqualTo(UNSUBSCRIBE + " 578 Hudson Hills");
    }

    @Test
    void onlyThePartThatLacksSomethingGetsIt() {
        var letter =
                Letter.html("<p>578  Hudson\nHills</p>")
                        .text("Bye: {{ unsubscribe_url }}\n{% if x -%}\n{% endif -%}");

        var received = letter.receivedWithoutPixel();

        assertThat(received.html()).contains(">Unsubscribe</a>").doesNotContain("ACME");
        assertThat(received.text())
                .endsWith("\r\n\r\n--\r\nACME Corp\r\n578 Hudson Hills\r\nSpringfield\r\n")
                .doesNotContain("Unsubscribe:");
    }

    @Test
    void anAddressInACommentDoesNotCount() {
        assertThat(Letter.html("<!-- 578 Hudson Hills --><p>Hi</p>").received().html())
                .contains("ACME Corp");
    }

    @Test
    void theAddressIsPlainTextWhateverItLooksLike() {
        var lines = List.of("<b>A&B</b>", "{{ EMAIL }} {% if %}", "\"1' Road{");
        var from = new EmailAddress("news@example.com");
        var message =
                CompiledMessage.compile(
                        new Draft("s", "n", from, null, "<p>Hi", null), new PostalAddress(lines));

        var received =
                Received.of(message.compose(Letter.html("").addressee(new Letter.Links(null))));

        Element footer = Jsoup.parse(received.html()).expectFirst("div");
        assertThat(footer.children()).extracting(Element::normalName).containsOnly("a", "br");
        assertThat(footer.wholeText()).isEqualTo("Unsubscribe\n" + String.join("\n", lines));
        assertThat(received.text()).endsWith(String.join("\r\n", lines) + "\r\n");
    }

    @Test
    void aTextHasTheAddressIfItHasTheStreet() {
        var full = new PostalAddress(List.of("ACME", "Main Street 1", "10117 Berlin", "Germany"));
        var nobody = new PostalAddress(List.of("Main Street 1", "Berlin"));
        var none = new PostalAddress(List.of(" "));

        assertThat(full.isIn("at Main Street 1 in Berlin")).isTrue();
        assertThat(full.isIn("ACME of Germany")).isFalse();
        assertThat(nobody.isIn("Hello Berlin")).isFalse();
        assertThat(nobody.isIn("Main Street 1, Berlin")).isTrue();
        assertThat(none.isIn("")).isTrue();
    }

    @Test
    void noAuthorCanBendTheLinkThatIsAdded() {
        var letter = Letter.html("{% assign unsubscribe_url = 'https://evil.example' %}<p>Hi");

        assertThat(Jsoup.parse(letter.received().html()).select("a").eachAttr("href"))
                .containsExactly(UNSUBSCRIBE);
    }

    @Test
    void noContactCanBendTheLinkEither() {
        var letter =
                Letter.html("<a href='{{ unsubscribe_url }}'>u</a>")
                        .variables(Map.of("unsubscribe_url", "https://evil.example"));

        assertThat(letter.received().html()).doesNotContain("evil");
    }

    @Test
    void thePixelIsAnEmptyImageAndMayBeMissing() {
        var letter = Letter.html("<body>Hi</body>");

        Element image = Jsoup.parse(letter.received().html()).expectFirst("img");
        assertThat(image.attr("src")).isEqualTo("https://t.example/o?a=1&b=2");
        assertThat(image.hasAttr("alt")).isTrue();
        assertThat(image.attr("alt")).isEmpty();
        assertThat(image.attr("width") + "x" + image.attr("height")).isEqualTo("1x1");
        assertThat(letter.receivedWithoutPixel().html()).doesNotContain("<img");
    }
}
