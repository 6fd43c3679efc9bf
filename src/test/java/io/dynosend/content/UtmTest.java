package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dynosend.common.Problem.BadInput;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UtmTest {

    private static final Utm UTM = new Utm("news", "email", "october", null, null);
    private static final String QUERY = "utm_source=news&utm_medium=email&utm_campaign=october";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://a.example | https://a.example?Q",
                "https://a.example/ | https://a.example/?Q",
                "https://a.example/? | https://a.example/?Q",
                "https://a.example/?a=1 | https://a.example/?a=1&Q",
                "https://a.example/?a=1& | https://a.example/?a=1&Q",
                "https://a.example/#top | https://a.example/?Q#top",
                "https://a.example/?a=1#top | https://a.example/?a=1&Q#top",
                "https://a.example/#/route?a=1 | https://a.example/?Q#/route?a=1",
                "https://a.example/?a=b?c=d | https://a.example/?a=b?c=d&Q"
            })
    void theyComeBehindTheQueryAndBeforeTheFragment(String url, String expected) {
        assertThat(Utm.appended(url, QUERY)).isEqualTo(expected.replace("Q", QUERY));
        assertThat(Utm.appended(url, "")).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?utm_source=x | ?utm_source=x&utm_medium=email&utm_campaign=october",
                "?UTM_Source=x&a=1 | ?UTM_Source=x&a=1&utm_medium=email&utm_campaign=october",
                "?utm_medium | ?utm_medium&utm_source=news&utm_campaign=october",
                "?utm_campaign=#utm_medium=x | ?utm_campaign=&utm_source=news&utm_medium=email#utm_medium=x",
                "?x_utm_source=1 | ?x_utm_source=1&utm_source=news&utm_medium=email&utm_campaign=october"
            })
    void oneThatTheLinkHasWins(String query, String expected) {
        assertThat(Utm.appended("https://a.example/" + query, QUERY))
                .isEqualTo("https://a.example/" + expected);
    }

    @Test
    void aLinkThatHasAllStaysAsItIs() {
        String url = "https://a.example/?utm_source=a&utm_medium=b&utm_campaign=c#d";

        assertThat(Utm.appended(url, QUERY)).isEqualTo(url);
    }

    @Test
    void valuesArePercentEncoded() {
        var utm = new Utm("a b", "ü&=", "100%#?", "{% x %}{{ y }}", "\"'<>+/~-_.");

        assertThat(utm.query())
                .isEqualTo(
                        "utm_source=a%20b&utm_medium=%C3%BC%26%3D&utm_campaign=100%25%23%3F"
                                + "&utm_term=%7B%25%20x%20%25%7D%7B%7B%20y%20%7D%7D"
                                + "&utm_content=%22%27%3C%3E%2B%2F~-_.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\r\nb", "\u2028"})
    void aValueOfMoreThanOneLineIsRefused(String value) {
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> new Utm("a", value, "c", null, null))
                .withMessageStartingWith("utm.medium must be a single line");
    }

    @Test
    void everyCountedLinkOfBothPartsHasThemOnce() {
        var letter =
                Letter.html(
                                """
                                <a href="https://a.example/">A</a>
                                <a href='https://a.example/?x=1&amp;y=2#z'>B</a>
                                <a data-no-utm href="https://a.example/">C</a>
                                <a data-no-track href="https://a.example/">D</a>
                                <a href="mailto:a@example.org">E</a>
                                <a href="{{ unsubscribe_url }}">F</a>
                                """)
                        .text("https://a.example/, https://a.example/?x=1&y=2#z");

        assertThat(targets(letter, new LinkPolicy(true, UTM)))
                .containsExactly(
                        "https://a.example/?" + QUERY,
                        "https://a.example/?x=1&y=2&" + QUERY + "#z",
                        "https://a.example/");
    }

    @Test
    void theyAreAppendedToWhatLiquidMadeOfALink() {
        var links =
                rendered(
                        """
                        <a href="https://a.example/?id={{ ID }}">A</a>
                        <a href="https://a.example/{{ ID }}#x">B</a>
                        <a href="{{ SITE }}">C</a>
                        <a href="{% if VIP %}https://v.example{% else %}https://a.example{% endif %}">D</a>
                        <a data-no-utm href="https://a.example/{{ ID }}">E</a>
                        <a href="{{ MAIL }}">F</a>
                        """,
                        new LinkPolicy(false, UTM));

        assertThat(links)
                .containsExactly(
                        "https://a.example/?id=7&" + QUERY,
                        "https://a.example/7?" + QUERY + "#x",
                        "https://s.example/?utm_source=own&utm_medium=email&utm_campaign=october#f",
                        "https://a.example?" + QUERY,
                        "https://a.example/7",
                        "mailto:a@example.org");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/?id=, '', 7",
        "https://a.example/, #top, 7",
        "https://a.example/#, '', 7",
        "https://a.example/, ?b=1#top, 7"
    })
    void theyDoNotTravelInTheLinkOfACopy(String before, String after, String value) {
        var target = LinkTarget.varying("written", before, after, QUERY);
        String url = Utm.appended(before + value + after, QUERY);

        assertThat(target.filling(url)).contains(value);
        assertThat(target.filled(value)).isEqualTo(url);
    }

    @Test
    void aTargetThatTurnsOutOtherwiseIsNotTakenForOneOfThese() {
        var target = LinkTarget.varying("written", "https://a.example/", "", QUERY);

        assertThat(target.filling(Utm.appended("https://a.example/?own=1", QUERY))).isEmpty();
        assertThat(target.filling("https://b.example/?" + QUERY)).isEmpty();
        assertThat(LinkTarget.varying("written", "aba", "bab", "").filling("abab")).isEmpty();
        assertThat(LinkTarget.fixed("https://a.example/").filling("https://a.example/")).isEmpty();
    }

    @Test
    void whereNothingIsCountedOrAppendedLinksStayAsTheyWereWritten() {
        String html = "<a href=https://a.example/?a=1&b=2>x</a><a href=' {{ SITE }}'>y</a>";
        var letter =
                Letter.html(html)
                        .text("See https://a.example/.")
                        .variables(Map.of("SITE", "https://s.example/"));

        var received =
                Received.of(
                        letter.compiled(new LinkPolicy(false, null))
                                .compose(letter.addressee(new Straight(List.of()))));

        assertThat(received.html()).startsWith(html.replace("{{ SITE }}", "https://s.example/"));
        assertThat(received.text()).startsWith("See https://a.example/.");
    }

    private static List<String> rendered(String html, LinkPolicy policy) {
        var letter =
                Letter.html(html)
                        .variables(
                                Map.of(
                                        "ID", "7",
                                        "SITE", "https://s.example/?utm_source=own#f",
                                        "MAIL", "mailto:a@example.org"));
        var compiled = letter.compiled(policy);
        var message = compiled.compose(letter.addressee(new Straight(compiled.links())));
        var hrefs = Jsoup.parse(Received.of(message).html()).select("a").eachAttr("href");
        return hrefs.subList(0, hrefs.size() - 1);
    }

    private static List<String> targets(Letter letter, LinkPolicy policy) {
        return letter.compiled(policy).links().stream().map(LinkTarget::url).toList();
    }

    /** Links that lead where they lead. */
    private record Straight(List<LinkTarget> targets) implements TrackedLinks {

        @Override
        public String click(int link) {
            return targets.get(link).url();
        }

        @Override
        public String clickTo(int link, String url) {
            return url;
        }

        @Override
        public @Nullable String openPixel() {
            return null;
        }

        @Override
        public String unsubscribe() {
            return "https://t.example/u";
        }
    }
}
