package io.dynosend.liquid;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiquidTest {

    private static final Instant NOW = Instant.parse("2026-03-14T15:09:26Z");

    private final Liquid plain = Liquid.builder().build();
    private final Liquid html = Liquid.builder().escapeHtml(true).build();

    @Test
    void aTemplateIsRenderedManyTimes() {
        Template template = plain.parse("Hi {{ name }}!");

        assertThat(template.render(Map.of("name", "Ann"))).isEqualTo("Hi Ann!");
        assertThat(template.render(Map.of("name", "Bob"))).isEqualTo("Hi Bob!");
    }

    @Test
    void whatIsRenderedIsAppended() {
        StringBuilder out = new StringBuilder("> ");

        plain.parse("Hi {{ name }}!").render(Map.of("name", "Ann"), out);

        assertThat(out).hasToString("> Hi Ann!");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '~',
            value = {
                "{{ v }} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{{ v | upcase }} ¦ &lt;B&gt;&quot;&#39;&amp;",
                "{{ v | raw }} ¦ <b>\"'&",
                "{{ v | raw | upcase }} ¦ &lt;B&gt;&quot;&#39;&amp;",
                "{{ v | escape }} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{{ v | escape_once }} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{{ v | newline_to_br }} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{{ lines | newline_to_br }} ¦ a<br />~&lt;b",
                "{{ v | escape | append: '<' }} ¦ &lt;b&gt;&quot;&#39;&amp;&lt;",
                "{{ v | escape | escape }} ¦ &amp;lt;b&amp;gt;&amp;quot;&amp;#39;&amp;amp;",
                "{{ '<' | append: v }} ¦ &lt;&lt;b&gt;&quot;&#39;&amp;",
                "{% capture c %}<i>{% endcapture %}{{ c | append: v }} ¦ <i>&lt;b&gt;&quot;&#39;&amp;",
                "{% capture c %}<i>{% endcapture %}{{ v | prepend: c }} ¦ <i>&lt;b&gt;&quot;&#39;&amp;",
                "{% capture c %}<i>{% endcapture %}{{ v | append: c }} ¦ &lt;b&gt;&quot;&#39;&amp;<i>",
                "{% capture c %} <i> {% endcapture %}{{ c | strip }} ¦ <i>",
                "{% capture c %}<i>{% endcapture %}{% for x in c %}{{ x }}{% endfor %} ¦ <i>",
                "{% capture c %}<i>{% endcapture %}{% assign d = c %}{{ d }} ¦ <i>",
                "{% capture c %}<i>{% endcapture %}{% render 'p', v: c %} ¦ [<i>]",
                "{% capture c %}<i>{% endcapture %}{{ c | split: 'x' }} ¦ &lt;i&gt;",
                "{% capture c %}<i>{% endcapture %}{{ list | join: c }} ¦ &lt;1&gt;",
                "{{ v | append: v | strip }} ¦ &lt;b&gt;&quot;&#39;&amp;&lt;b&gt;&quot;&#39;&amp;",
                "{{ list | first | append: '' }} ¦ &lt;1&gt;",
                "{{ list | map: '<1>' }} ¦ &lt;1&gt;",
                "{{ v | replace: 'b', '<script>' }} ¦ &lt;&lt;script&gt;&gt;&quot;&#39;&amp;",
                "{{ v | url_encode | url_decode }} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{{ v | base64_encode | base64_decode }} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{{ nothing | default: v }} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{{ v | truncate: 2, '<' }} ¦ &lt;&lt;",
                "{{ v | truncatewords: 1, '<' }} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{% ifchanged %}{{ v }}{% endifchanged %} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{% tablerow x in list %}{{ x }}{% endtablerow %} ¦"
                        + " <tr class=\"row1\">~<td class=\"col1\">&lt;1&gt;</td></tr>~",
                "{% case v %}{% when v %}{{ v }}{% endcase %} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{% liquid echo v %} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{% include 'p' %} ¦ [&lt;b&gt;&quot;&#39;&amp;]",
                "{% capture c %}<i>{{ v }}</i>{% endcapture %}{{ c }} ¦"
                        + " <i>&lt;b&gt;&quot;&#39;&amp;</i>",
                "{% capture c %}<i>{% endcapture %}{{ c | default: 'x' }} ¦ <i>",
                "{% capture c %}<i>{% endcapture %}{% if c == '<i>' %}{{ c | size }}{% endif %} ¦ 3",
                "{% capture c %}<i>{% endcapture %}{{ c | upcase }} ¦ &lt;I&gt;",
                "{% assign a = v | escape %}{{ a }} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{% echo v %} ¦ &lt;b&gt;&quot;&#39;&amp;",
                "{% cycle v, '<hr>' %}{% cycle v, '<hr>' %} ¦"
                        + " &lt;b&gt;&quot;&#39;&amp;&lt;b&gt;&quot;&#39;&amp;",
                "{% for i in (1..2) %}{% cycle v, '<hr>' %}{% endfor %} ¦"
                        + " &lt;b&gt;&quot;&#39;&amp;<hr>",
                "{{ list }} ¦ &lt;1&gt;",
                "{{ list | join: '<' }} ¦ &lt;1&gt;",
                "{{ map }} ¦ {&quot;k&quot;=&gt;&quot;&lt;&quot;}",
                "{{ '<' }} ¦ &lt;",
                "{{ 1.5 }}{{ true }} ¦ 1.5true",
                "{% render 'p', v: v %} ¦ [&lt;b&gt;&quot;&#39;&amp;]"
            })
    void whereHtmlIsEscapedNoValueBreaksOut(String template, String expected) {
        Liquid escaping = Liquid.builder().escapeHtml(true).partials(name -> "[{{ v }}]").build();
        Map<String, Object> data =
                Map.of(
                        "v",
                        "<b>\"'&",
                        "lines",
                        "a\n<b",
                        "list",
                        List.of("<1>"),
                        "map",
                        Map.of("k", "<"));

        String result = escaping.parse(template).render(data);

        assertThat(result).isEqualTo(expected.replace('~', '\n'));
    }

    @Test
    void aValueIsNeverReadAsLiquid() {
        String attack = "{{ secret }}{% assign x = 1 %}";
        Map<String, String> data = Map.of("name", attack, "secret", "s");

        assertThat(plain.parse("{{ name }}").render(data)).isEqualTo(attack);
        assertThat(plain.parse("{% capture c %}{{ name }}{% endcapture %}{{ c }}").render(data))
                .isEqualTo(attack);
        assertThat(plain.parse("{{ name | append: '{{ secret' }}").render(data))
                .isEqualTo(attack + "{{ secret");
    }

    @Test
    void anObjectThatIsNoValueHasNoTextAndNoProperties() {
        Map<String, Object> data = new HashMap<>();
        data.put("o", new AtomicReference<>("secret"));
        data.put("c", String.class);
        data.put("t", Thread.currentThread());

        String result =
                plain.parse(
                                "{{ o }}{{ c }}{{ t }}{{ o.class }}{{ c.name }}{{ t.contextClassLoader"
                                        + " }}{{ o | upcase }}{{ o['length'] }}{{ o.size }}{{ o | plus:"
                                        + " 1 }}{{ o | append: c }}")
                        .render(data);

        assertThat(result).isEqualTo("1");
    }

    @Test
    void aMethodIsNoProperty() {
        Map<String, Object> data = Map.of("s", "x", "l", List.of(1), "m", Map.of("a", 1));

        assertThat(
                        plain.parse(
                                        "{{ s.getClass }}{{ s.class }}{{ s.length }}{{ l.isEmpty }}"
                                                + "{{ l.class }}{{ m.class }}{{ m.entrySet }}")
                                .render(data))
                .isEmpty();
    }

    @Test
    void nowIsWhatTheClockOrTheCallerSays() {
        Liquid clocked =
                Liquid.builder()
                        .clock(InstantSource.fixed(NOW), ZoneId.of("Europe/Vienna"))
                        .build();
        Template template = clocked.parse("{{ 'now' | date: '%F %T %z %Z' }}");
        StringBuilder later = new StringBuilder();

        template.render(Map.of(), NOW.plusSeconds(86_400 * 30), later);

        assertThat(template.render(Map.of())).isEqualTo("2026-03-14 16:09:26 +0100 CET");
        assertThat(later).hasToString("2026-04-13 17:09:26 +0200 CEST");
    }

    @Test
    void datesAreValues() {
        Map<String, Object> data =
                Map.of(
                        "instant",
                        NOW,
                        "zoned",
                        ZonedDateTime.ofInstant(NOW, ZoneId.of("America/New_York")),
                        "day",
                        LocalDate.of(2026, 3, 14));

        assertThat(
                        plain.parse(
                                        "{{ instant | date: '%H:%M' }} {{ zoned | date: '%H:%M %z' }}"
                                                + " {{ day | date: '%A' }}")
                                .render(data))
                .isEqualTo("15:09 11:09 -0400 Saturday");
        assertThat(plain.parse("{{ instant }}, {{ zoned }}, {{ day }}").render(data))
                .isEqualTo("2026-03-14 15:09:26 UTC, 2026-03-14 11:09:26 -0400, 2026-03-14");
        assertThat(
                        plain.parse("{% if day < instant and instant == zoned %}yes{% endif %}")
                                .render(data))
                .isEqualTo("yes");
    }

    @Test
    void anExtensionBlockIsGivenItsArgumentAndWhatIsInside() {
        Liquid extended =
                Liquid.builder()
                        .escapeHtml(true)
                        .block(
                                "link",
                                (argument, body, variables, out) ->
                                        out.append(
                                                "<a href=\"%s%s\">%s</a>"
                                                        .formatted(
                                                                argument,
                                                                variables.get("id"),
                                                                body)))
                        .build();

        String result =
                extended.parse("{% link https://a.example/ %}{{ text }}{% endlink %}")
                        .render(Map.of("text", "<3", "id", 7));

        assertThat(result).isEqualTo("<a href=\"https://a.example/7\">&lt;3</a>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "{{ FIRST_NAME }}{{ contact.city }}{{ FIRST_NAME }} ¦ FIRST_NAME contact.city",
                "{% assign a = b %}{{ a }}{{ a.x }} ¦ b",
                "{{ a }}{% assign a = 1 %} ¦ a",
                "{% for p in contact.orders %}{{ p.title }}{{ forloop.index }}{{ q }}{% endfor %}"
                        + "{{ p }} ¦ contact.orders q p",
                "{% capture c %}{{ x }}{% endcapture %}{{ c }} ¦ x",
                "{{ contact['city'] }}{{ list[0].name }}{{ list[i].name }} ¦ contact.city list i",
                "{% if a == b and c contains 'x' %}{% elsif d %}{% endif %} ¦ a b c d",
                "{{ x | default: y | append: z }} ¦ x y z",
                "{% case a %}{% when b %}{% endcase %}{% cycle c, d %} ¦ a b c d",
                "{% for i in (1..n) limit: l %}{% endfor %}{% increment k %}{{ k }} ¦ n l",
                "{% render 'p', b: c %} ¦ c a",
                "{% assign a = 1 %}{% snippet s %}{{ a }}{{ b }}{{ c }}{% endsnippet %}"
                        + "{% render s, b: d %} ¦ d a c",
                "{% assign a = 1 %}{% render 'p' %} ¦ a b",
                "{% assign a = 1 %}{% include 'p' %} ¦ b",
                "{{ true }}{{ nil }}{{ 'x' }}{{ 1 }}{{ empty }} ¦ ''"
            })
    void theVariablesATemplateReadsAreKnown(String template, String expected) {
        Liquid liquid = Liquid.builder().partials(name -> "{{ a }}{{ b }}").build();

        assertThat(String.join(" ", liquid.parse(template).variables())).isEqualTo(expected);
    }

    @Test
    void partialsCanBeNamedByAVariable() {
        Liquid liquid =
                Liquid.builder().partials(name -> name.equals("a") ? "A{{ x }}" : null).build();

        assertThat(liquid.parse("{% include p %}").render(Map.of("p", "a", "x", 1)))
                .isEqualTo("A1");
    }

    @Test
    void capturedTextIsPlainWhereNothingIsEscaped() {
        assertThat(
                        html.parse("{% capture c %}a,b{% endcapture %}{{ c | split: ',' | last }}")
                                .render(Map.of()))
                .isEqualTo("b");
    }
}
