package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinksTest {

    private static final String FIRST = "https://t.example/c?n=0&amp;m=1";

    @Test
    void equalTargetsShareANumber() {
        var letter =
                Letter.html(
                        """
                        <a href="https://a.example/">A</a> <a href='https://b.example/?x=1&amp;y=2'>B</a>
                        <map><area href=https://a.example/></map>\
                        """);

        assertThat(targets(letter))
                .containsExactly("https://a.example/", "https://b.example/?x=1&y=2");
        assertThat(Jsoup.parse(letter.received().html()).select("a, area").eachAttr("href"))
                .startsWith(
                        "https://t.example/c?n=0&m=1",
                        "https://t.example/c?n=1&m=1",
                        "https://t.example/c?n=0&m=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a href=\"https://a.example/\">x</a>",
                "<a href='https://a.example/'>x</a>",
                "<a href=https://a.example/>x</a>",
                "<A class=b HREF = \"  https://a.example/\n\" title='>'>x</A>",
                "<a href=\"&#104;ttps://a.ex&#x61;mple/\">x</a>",
                "<table><a href=https://a.example/ >x</a><tr><td></table>",
                "{% raw %}<a href='https://a.example/'>{{x}}</a>{% endraw %}",
                "<svg><a href='https://a.example/'>x</a></svg>"
            })
    void everySpellingOfAnAttributeIsTracked(String html) {
        var letter = Letter.html(html);

        assertThat(targets(letter)).containsExactly("https://a.example/");
        assertThat(letter.received().html()).contains(FIRST).doesNotContain("raw");
        assertThat(Jsoup.parse(letter.received().html()).expectFirst("a").attr("href"))
                .isEqualTo("https://t.example/c?n=0&m=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a href=\"mailto:a@example.org\">x</a>",
                "<a href=\"tel:+491234\">x</a>",
                "<a href=\"#top\">x</a>",
                "<a href=\"\">x</a>",
                "<a href>x</a>",
                "<a name=x>x</a>",
                "<a href=\"/relative\">x</a>",
                "<a href=\"ftp://a.example/\">x</a>",
                "<a data-no-track href=\"https://a.example/\">x</a>",
                "<a href=\"https://a.example/\" data-no-track=\"1\">x</a>",
                "<link href=\"https://a.example/\">",
                "<!-- <a href=\"https://a.example/\">x</a> -->",
                "<style>/* <a href=\"https://a.example/\"> */</style>",
                "<textarea><a href=\"https://a.example/\"></textarea>",
                "<p title='<a href=\"https://a.example/\">'>x</p>",
                "{% assign x = '<a href=\"https://a.example/\">' %}"
            })
    void whatIsNoLinkToTheWebIsLeftAlone(String html) {
        var letter = Letter.html(html);

        assertThat(targets(letter)).isEmpty();
        assertThat(letter.receivedWithoutPixel().html())
                .startsWith(html.startsWith("{") ? "" : html);
    }

    @Test
    void linksOfOurOwnPagesAreLeftAlone() {
        var letter =
                Letter.html(
                                "<a href=\"{{ unsubscribe_url }}\">u</a>"
                                        + "<a href='{{preferences_url}}'>p</a><a href={{view_url}}>v</a>")
                        .variables(
                                Map.of(
                                        "preferences_url", "https://t.example/p",
                                        "view_url", "https://t.example/v"));

        assertThat(Jsoup.parse(letter.received().html()).select("a").eachAttr("href"))
                .containsExactly(
                        "https://t.example/u?x=1&y=2",
                        "https://t.example/p",
                        "https://t.example/v");
    }

    @Test
    void aNameThatOnlyEndsLikeOneOfOursIsTracked() {
        var letter =
                Letter.html(
                                "<a href='{{ review_url }}'>r</a><a href='https://a.example/view_url'>v</a>")
                        .variables(Map.of("review_url", "https://r.example/"));

        assertThat(Jsoup.parse(letter.received().html()).select("a").eachAttr("href"))
                .startsWith(
                        "https://t.example/to?u=https://r.example/", "https://t.example/c?n=1&m=1");
    }

    @Test
    void aTargetWithLiquidIsTrackedAsItWasRendered() {
        var letter =
                Letter.html(
                                """
                                <a href="https://a.example/?a=1&amp;c={{ CITY | url_encode }}">x</a>
                                <a href={{ SITE }}>y</a>
                                <a href="{% if VIP %}https://vip.example/{% else %}https://a.example/{% endif %}">z</a>
                                """)
                        .variables(
                                Map.of(
                                        "CITY",
                                        "Åre & co",
                                        "SITE",
                                        "https://s.example/?q=a&b=\"c\""));

        assertThat(letter.compiled().links())
                .containsExactly(
                        varying(
                                "https://a.example/?a=1&c={{ CITY | url_encode }}",
                                "https://a.example/?a=1&c=",
                                ""),
                        varying("{{ SITE }}", "", ""),
                        LinkTarget.fixed("https://vip.example/"),
                        LinkTarget.fixed("https://a.example/"));
        assertThat(Jsoup.parse(letter.received().html()).select("a").eachAttr("href"))
                .startsWith(
                        "https://t.example/to?u=https://a.example/?a=1%26c=%C3%85re+%26+co",
                        "https://t.example/to?u=https://s.example/?q=a%26b=%22c%22",
                        "https://t.example/c?n=3&m=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "mailto:x@y.example",
                "",
                "//a.example",
                "x\" onclick=\"y"
            })
    void whatRendersToNoWebAddressIsEmittedAsItIs(String value) {
        var letter =
                Letter.html("<a class=c href={{ SITE }}>y</a>").variables(Map.of("SITE", value));

        var anchor = Jsoup.parse(letter.received().html()).expectFirst("a");

        assertThat(anchor.attr("href")).isEqualTo(value);
        assertThat(anchor.attributes().size()).isEqualTo(2);
    }

    @Test
    void linksInLoopsAndConditionsAreTrackedWhereTheyAppear() {
        var letter =
                Letter.html(
                                """
                                <table>{% for item in items %}
                                <tr><td><a href="https://shop.example/">{{ item }}</a></td></tr>
                                {% endfor %}</table>
                                {% if VIP %}<a href="https://vip.example/">V</a>{% else %}<a href="https://all.example/">A</a>{% endif %}
                                <a {% if VIP %}href="https://one.example/"{% else %}href='https://two.example/'{% endif %} class="x">C</a>
                                """)
                        .variables(Map.of("items", List.of("a", "b")));

        assertThat(targets(letter))
                .containsExactly(
                        "https://shop.example/",
                        "https://vip.example/",
                        "https://all.example/",
                        "https://one.example/",
                        "https://two.example/");
        assertThat(Jsoup.parse(letter.received().html()).select("a").eachAttr("href"))
                .startsWith(
                        "https://t.example/c?n=0&m=1",
                        "https://t.example/c?n=0&m=1",
                        "https://t.example/c?n=2&m=1",
                        "https://t.example/c?n=4&m=1");
    }

    @Test
    void aConditionThatCrossesTheAttributeIsLeftAsItIs() {
        String html =
                "<a href=\"{% if VIP %}https://v.example\">V</a>{% else %}https://a.example\">A</a>{% endif %}";

        assertThat(Letter.html(html).receivedWithoutPixel().html())
                .startsWith("<a href=\"https://a.example\">A</a>");
    }

    @Test
    void everythingElseStaysAsItWasWritten() {
        String html =
                """
                <!DOCTYPE html>\r
                <HTML><body bgcolor=#fff><p>a &nbsp;<b>b</p>
                <!--[if mso]><v:rect arc=1 /><![endif]--><![if !mso]>x<![endif]>
                \t<a  href="https://a.example"
                 title = 'ü 😀'>x</a  >

                <td>\uFEFF</Body ></HTML>\
                """;

        assertThat(Letter.html(html).receivedWithoutPixel().html().replace("\r\n", "\n"))
                .startsWith(
                        html.replace("\r\n", "\n")
                                .replace("\"https://a.example\"", "\"" + FIRST + "\"")
                                .replace("</Body ></HTML>", ""))
                .endsWith("</Body ></HTML>");
    }

    @Test
    void addressesInAWrittenTextAreTracked() {
        var letter =
                Letter.html("<a href=\"https://a.example/\">x</a>")
                        .text(
                                """
                                See https://a.example/. (Or HTTP://b.example/x(1), <https://c.example/?a=1&b=2>)
                                {% if VIP %}https://vip.example{% else %}https://all.example{% endif %} https://d.example/{% if VIP %}v{% else %}a{% endif %}!
                                https://e.example/{{ ID }}, {{ unsubscribe_url }} {% raw %}https://f.example {{x}}{% endraw %}
                                """)
                        .variables(Map.of("ID", "7&8", "VIP", true));

        assertThat(targets(letter))
                .containsExactly(
                        "https://a.example/",
                        "HTTP://b.example/x(1)",
                        "https://c.example/?a=1&b=2",
                        "https://vip.example",
                        "https://all.example",
                        "https://d.example/{% if VIP %}v{% else %}a{% endif %}",
                        "https://e.example/{{ ID }}",
                        "https://f.example");
        assertThat(letter.received().text())
                .startsWith(
                        """
                        See https://t.example/c?n=0&m=1. (Or https://t.example/c?n=1&m=1, <https://t.example/c?n=2&m=1>)
                        https://t.example/c?n=3&m=1 https://t.example/to?u=https://d.example/v!
                        https://t.example/to?u=https://e.example/7%268, https://t.example/u?x=1&y=2 https://t.example/c?n=7&m=1 {{x}}
                        """
                                .replace("\n", "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!--[if mso]><a href=\"%s\">x</a><![endif]-->",
                "<!--[if mso]><v:roundrect xmlns:v=\"urn:x\" href=\"%s\" arcsize=\"8%%\"><w:anchorlock/>x</v:roundrect><![endif]-->",
                "<!-- [if (gte mso 9)|(IE)]><table><tr><td><a class='b' href='%s'>x</a></td></tr></table><![endif] -->",
                "<!--[if !mso]><!--><a href=\"%s\">x</a><!--<![endif]-->",
                "{% if VIP %}{% endif %}<p>ü</p><!--[if mso]>{{ VIP }}<td><a {% if VIP %}href='%s'{% else %}href='%s'{% endif %}>x</a><![endif]-->"
            })
    void whatOnlyOutlookReadsIsTrackedToo(String html) {
        var letter = Letter.html(html.replace("%s", "https://a.example/?a=1&amp;b=2"));

        assertThat(targets(letter)).containsExactly("https://a.example/?a=1&b=2");
        assertThat(letter.received().html())
                .contains("https://t.example/c?n=0&amp;m=1")
                .doesNotContain("a.example");
    }

    @Test
    void aCommentThatNobodyReadsIsLeftAlone() {
        String html =
                "<!-- [note] <a href='https://a.example/'> --><!--[if mso]><a data-no-track href='https://a.example/'><![endif]-->";

        assertThat(Letter.html(html).receivedWithoutPixel().html()).startsWith(html);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://a.example/#top | https://a.example/#top",
                "https://a.example/?a=1&amp;b=%20#x | https://a.example/?a=1&b=%20#x",
                "https://a.example/?a=1&b=2&copy=3 | https://a.example/?a=1&b=2&copy=3",
                "&#x68;ttps://a.example/ | https://a.example/",
                "https://ü.example/ä?ö=€ | https://ü.example/ä?ö=€",
                "HTTPS://A.example | HTTPS://A.example"
            })
    void aTargetIsWhatABrowserReads(String href, String target) {
        assertThat(targets(Letter.html("<a href=\"%s\">x</a>".formatted(href))))
                .containsExactly(target);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{ url }} | '' | ''",
                "https://a.example/?id={{ contact.uid }} | https://a.example/?id= | ''",
                "https://a.example/{{ x }}?a=1&amp;b=2#top | https://a.example/ | ?a=1&b=2#top",
                "https://{{ x }}/{{ y }}/z | https:// | /z",
                "https://a.example/{% if x %}x{% endif %}/y | https://a.example/ | /y",
                "{% if x %}https://a.example/{% endif %}y | '' | y",
                "{% if x %}https://a.example/{% if y %}y{% endif %}{% endif %} | '' | ''",
                "{% if x %}https://a.example/{{ x }}{% else %}https://b.example{% endif %} | '' | ''",
                "{% if x %}https://a.example/{% else %}mailto:x@y.example{% endif %} | '' | ''",
                "{% assign x = 1 %}https://a.example/ | '' | https://a.example/"
            })
    void whatAllCopiesHaveInCommonDoesNotTravelInTheLink(String href, String before, String after) {
        var letter = Letter.html("<a href=\"%s\">x</a>".formatted(href));

        assertThat(letter.compiled().links())
                .containsExactly(varying(Parser.unescapeEntities(href, true), before, after));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% if VIP %}https://v.example/?a=1&amp;b=2{% else %} https://a.example/{% endif %}",
                "{% unless VIP %}https://v.example/?a=1&amp;b=2{% else %}https://a.example/{% endunless %}",
                "{% case VIP %}{% when true %}https://v.example/?a=1&amp;b=2{% else %}https://a.example/{% endcase %}",
                "{%- if VIP -%}{% if x %}https://v.example/?a=1&amp;b=2{% else %}https://v.example/?a=1&amp;b=2{% endif %}{%- else -%}https://a.example/{%- endif -%}"
            })
    void eachTargetOfAChoiceIsALinkOfItsOwn(String href) {
        var letter = Letter.html("<a href=\"%s\">x</a>".formatted(href));

        assertThat(letter.compiled().links())
                .containsExactly(
                        LinkTarget.fixed("https://v.example/?a=1&b=2"),
                        LinkTarget.fixed("https://a.example/"));
        assertThat(Jsoup.parse(letter.received().html()).select("a").attr("href"))
                .matches("https://t.example/c\\?n=[01]&m=1");
    }

    private static LinkTarget varying(String url, String before, String after) {
        return LinkTarget.varying(url, before, after, "");
    }

    private static List<String> targets(Letter letter) {
        return letter.compiled().links().stream().map(LinkTarget::url).toList();
    }
}
