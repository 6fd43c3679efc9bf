package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.liquid.Liquid;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Newsletters, ours and those that others published. */
class NewslettersTest {

    private static final Liquid ESCAPING = Liquid.builder().escapeHtml(true).build();

    @TestFactory
    Stream<DynamicTest> aNewsletterComesThroughWithOnlyItsLinksPixelAndFooterChanged()
            throws IOException {
        return Newsletters.all().stream()
                .map(newsletter ->
                        DynamicTest.dynamicTest(
                                newsletter.name(), () -> comesThrough(newsletter.html())));
    }

    private static void comesThrough(String html) throws IOException {
        var letter = Letter.html(html);

        Received received;
        try (var wire = new Wire()) {
            received = Received.of(wire.carried(letter.composed()));
        }

        String rendered = ESCAPING.parse(html).render(Map.of());
        Document written = Jsoup.parse(rendered);
        Document read = Jsoup.parse(received.html());
        assertThat(withoutLinks(rendered))
                .isEqualTo(withoutLinks(withoutAdditions(received.html())));
        assertThat(read.select("a[href^=https://t.example/c]").size())
                .isEqualTo(written.select("a[href^=http]").size());
        assertThat(read.select("img[src^=https://t.example/o]")).hasSize(1);
        assertThat(read.text()).contains("578 Hudson Hills");
        assertThat(received.text())
                .contains("578 Hudson Hills")
                .doesNotContain("{{", "<", "http://");
        assertThat(received.text().lines().filter(line -> line.length() > 78))
                .allMatch(line -> !line.contains(" "));
    }

    private static String withoutLinks(String html) {
        return html.replaceAll("href=\"[^\"]*\"", "href").replace("\r\n", "\n");
    }

    private static String withoutAdditions(String html) {
        return html.replaceAll("(?s)<div style=\"margin:24px auto.*?</div>\r\n", "")
                .replaceAll("<img src=\"https://t.example/o[^>]*>", "");
    }
}
