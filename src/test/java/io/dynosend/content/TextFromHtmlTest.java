package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextFromHtmlTest {

    @Test
    void aNewsletterReadsWellAsText() {
        assertText(
                """
                <html><head><title>T</title><style>p { x: y }</style></head><body>
                <div style="display:none; max-height: 0">Preheader</div>
                <h1>Big&nbsp;news</h1>
                <p>Dear <b>{{ NAME }}</b>,<br>we have
                   news &amp; more.</p>
                <ul><li>One</li><li>Two <i>and</i> a half</li></ul>
                <ol><li>First<li>Second</ol>
                <table><tr><th>Item</th><th>Price</th></tr><tr><td>Tea</td><td>3 €</td></tr></table>
                <p><a href="https://a.example/?x=1&amp;y=2">Read on</a> or
                <a href="https://b.example/"><img src="x" alt="our shop"></a>.</p>
                <hr>
                <script>alert(1)</script>
                <p>Mail <a href="mailto:a@example.org">a@example.org</a> or <a href="mailto:b@example.org?subject=x">us</a></p>
                </body></html>
                """,
                Map.of("NAME", "Ada <3"),
                """
                # Big news

                Dear Ada <3,
                we have news & more.

                * One
                * Two and a half

                1. First
                2. Second

                Item | Price
                Tea | 3 €

                Read on (https://t.example/c?n=0&m=1) or our shop
                (https://t.example/c?n=1&m=1).

                ----------

                Mail a@example.org or us (b@example.org?subject=x)
                """);
    }

    @Test
    void loopsAndConditionsOfTheHtmlAreThoseOfTheText() {
        String html =
                """
                {% assign vip = VIP %}
                <table>{% for item in items %}
                  <tr class="{% cycle 'odd', 'even' %}"><td>{{ item.name }}</td><td>{{ item.price }}</td></tr>
                {% endfor %}</table>
                <p>Hello {% if vip %}dear {{ NAME }}{% else %}you{% endif %}!</p>
                {% if vip %}<p>Only for you</p>{% endif %}<p>End</p>\
                """;
        var items = List.of(Map.of("name", "Tea", "price", 3), Map.of("name", "Jam", "price", 4));

        assertText(
                html,
                Map.of("VIP", true, "NAME", "Ada", "items", items),
                """
                Tea | 3
                Jam | 4

                Hello dear Ada!

                Only for you

                End
                """);
        assertText(html, Map.of("items", List.of()), "Hello you!\n\nEnd\n");
    }

    @Test
    void tagsOutOfSightStillCount() {
        assertText(
                """
                <head>{% assign a = "A" %}<style>{% if X %}x{% endif %}</style></head>
                <!-- {% if X %} --><p>No</p><!-- {% endif %} -->
                <div hidden>{% assign b = "B" %}hidden {{ a }}{% cycle 'no' %}<b>{% cycle 'no' %}</b></div>{% cycle 'yes' %}
                <p {% if X %}class="x"{% endif %}>{{ a }}{{ b }}</p>\
                """,
                Map.of(), "yes\n\nAB\n");
    }

    @Test
    void literalBracesNeverBecomeLiquid() {
        assertText(
                "<p>{% raw %}{{ a }}{% endraw %} &#123;&#123; NAME }} {<b>{</b> NAME }} {<i></i>% &#123;% if %}",
                Map.of("NAME", "x"), "{{ a }} {{ NAME }} {{ NAME }} {% {% if %}\n");
    }

    @Test
    void dataThatLooksLikeLiquidOrHtmlStaysData() {
        assertText(
                "<p>{{ NAME }}", Map.of("NAME", "{{ x }} <b>&amp;</b>"), "{{ x }} <b>&amp;</b>\n");
    }

    @Test
    void linesAreWrappedWithTheDataInThem() {
        String name = "word ".repeat(60).strip();

        String text = text("<p>Hello {{ NAME }}, and welcome</p>", Map.of("NAME", name));

        assertThat(text.lines()).allMatch(line -> line.length() <= 78).hasSize(5);
    }

    @Test
    void aLinkThatShowsItsTargetIsNotShownTwice() {
        assertText(
                "<a href='https://a.example/x'>a.example/x</a> <a href={{ SITE }}>{{ SITE }}</a>"
                        + " <a href='{{ unsubscribe_url }}'>Bye</a> <a href=#x>up</a>"
                        + " <a data-no-track href='https://n.example/{'>n</a>",
                Map.of("SITE", "https://s.example"),
                """
                https://t.example/c?n=0&m=1 https://t.example/to?u=https://s.example Bye
                (https://t.example/u?x=1&y=2) up n (https://n.example/{)
                """);
    }

    @Test
    void whatRendersToNothingLeavesNoTrace() {
        assertText(
                "<h1>{{ A }}</h1><ul><li>{{ A }}</li><li>x</li></ul><a href='{{ A }}'>y</a>",
                Map.of(),
                "* x\n\ny\n");
    }

    @Test
    void filtersThatOnlyHtmlNeedsAreLeftOut() {
        assertText(
                "{{ A | escape }} {{ A | strip | newline_to_br }}",
                Map.of("A", "a & b\nc"),
                "a & b\nc a & b\nc\n");
    }

    private static void assertText(String html, Map<String, Object> variables, String expected) {
        assertThat(text(html, variables)).isEqualTo(expected);
    }

    // Without the footer, which another test reads.
    private static String text(String html, Map<String, Object> variables) {
        String text = Letter.html(html).variables(variables).received().text();
        return text.replace("\r\n", "\n").replaceFirst("(?s)\n\n--\n.*", "\n");
    }
}
