package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Newsletters that others published. */
class NewslettersTest {

    private static final Path NEWSLETTERS = Path.of("../shared/corpora/newsletters");

    @TestFactory
    Stream<DynamicTest> aNewsletterComesThroughWithOnlyItsLinksPixelAndFooterChanged()
            throws IOException {
        return files().stream()
                .map(file -> DynamicTest.dynamicTest(file.toString(), () -> comesThrough(file)));
    }

    private static void comesThrough(Path file) throws IOException {
        String html = asLiquid(Files.readString(file));
        var letter = Letter.html(html);

        Received received = letter.received();

        Document written = Jsoup.parse(html);
        Document read = Jsoup.parse(received.html());
        assertThat(withoutLinks(html.replaceAll("\\{\\{.*?}}", "")))
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

    // Some are written for Handlebars.
    private static String asLiquid(String html) {
        return html.replaceAll("\\{\\{\\s*[#/^].*?}}", "").replace("\r\n", "\n");
    }

    private static String withoutLinks(String html) {
        return html.replaceAll("href=\"[^\"]*\"", "href").replace("\r\n", "\n");
    }

    private static String withoutAdditions(String html) {
        return html.replaceAll("(?s)<div style=\"margin:24px auto.*?</div>\r\n", "")
                .replaceAll("<img src=\"https://t.example/o[^>]*>", "");
    }

    private static List<Path> files() throws IOException {
        if (!Files.isDirectory(NEWSLETTERS)) return List.of();
        try (Stream<Path> paths = Files.walk(NEWSLETTERS)) {
            return paths.filter(path -> path.toString().endsWith(".html")).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
