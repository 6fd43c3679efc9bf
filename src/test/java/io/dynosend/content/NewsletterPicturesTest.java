package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.content.Newsletters.Newsletter;
import io.dynosend.liquid.Liquid;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a reader's browser shows, wherever a browser is. */
class NewsletterPicturesTest {

    private static final int WIDTH = 700;
    private static final int HEIGHT = 1500;
    private static final int COLUMNS = 6;

    // So that nothing has to be added below.
    private static final String FOOTER =
            """
            <p style="font-size:12px">ACME Corp, 578 Hudson Hills, Springfield,
            <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>
            """;

    /** The HTML that the author wrote, rendered, and what came out of the message. */
    private record Pair(Newsletter newsletter, String before, String after) {}

    @TempDir private Path folder;

    @TestFactory
    Stream<DynamicTest> aNewsletterLooksAsItsAuthorMadeIt() throws IOException {
        var browser = Chromium.find();
        if (browser.isEmpty()) return Stream.of();
        var pairs = pairs();
        BufferedImage before = picture(browser.get(), "before", pairs, Pair::before);
        BufferedImage after = picture(browser.get(), "after", pairs, Pair::after);
        return IntStream.range(0, pairs.size())
                .mapToObj(i ->
                        DynamicTest.dynamicTest(
                                pairs.get(i).newsletter().name(),
                                () -> {
                                    assertThat(cell(after, i)).isEqualTo(cell(before, i));
                                    assertThat(Arrays.stream(cell(before, i)).distinct().count())
                                            .isGreaterThan(10);
                                }));
    }

    private static List<Pair> pairs() throws IOException {
        var pairs = new ArrayList<Pair>();
        try (var wire = new Wire()) {
            for (var newsletter : Newsletters.all()) {
                String html = newsletter.html().replaceFirst("(?i)</body>", FOOTER + "</body>");
                var letter = Letter.html(html);
                Map<String, Object> values = Newsletters.values(letter.compiled());
                byte[] message =
                        letter.variables(values)
                                .compiled()
                                .compose(
                                        letter.variables(values)
                                                .addressee(
                                                        new Letter.Links("https://t.example/o")));
                var received = Received.of(wire.carried(message));
                pairs.add(new Pair(newsletter, rendered(html, values), received.html()));
            }
        }
        return pairs;
    }

    // As its author would see it: without links of ours, mail and all that.
    private static String rendered(String html, Map<String, Object> values) {
        values.put("unsubscribe_url", "https://t.example/u?x=1&y=2");
        return Liquid.builder().escapeHtml(true).build().parse(html).render(values);
    }

    private interface Side {
        String html(Pair pair);
    }

    /** All of them beside and below each other, each in a frame of its own. */
    private BufferedImage picture(Chromium browser, String name, List<Pair> pairs, Side side)
            throws IOException {
        var page =
                new StringBuilder(
                        """
                        <!doctype html><style>body { margin: 0; width: %dpx }
                        iframe { border: 0; width: %dpx; height: %dpx; float: left }</style>
                        """
                                .formatted(WIDTH * COLUMNS, WIDTH, HEIGHT));
        for (int i = 0; i < pairs.size(); i++) {
            String file = name + i + ".html";
            Files.writeString(folder.resolve(file), side.html(pairs.get(i)));
            page.append("<iframe scrolling=no src=").append(file).append("></iframe>");
        }
        int rows = (pairs.size() + COLUMNS - 1) / COLUMNS;
        return browser.picture(
                Files.writeString(folder.resolve(name + ".html"), page),
                WIDTH * COLUMNS,
                HEIGHT * rows);
    }

    private static int[] cell(BufferedImage picture, int number) {
        int x = number % COLUMNS * WIDTH;
        int y = number / COLUMNS * HEIGHT;
        return picture.getRGB(x, y, WIDTH, HEIGHT, null, 0, WIDTH);
    }
}
