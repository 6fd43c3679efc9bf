package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.liquid.Liquid;
import io.dynosend.liquid.LiquidSyntaxException;
import io.dynosend.liquid.Template;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pieces of HTML and Liquid thrown together, most of them wrong. */
class AnyHtmlTest {

    private static final Liquid PLAIN = Liquid.builder().escapeHtml(true).build();
    private static final Map<String, Object> VARIABLES =
            Map.of(
                    "a", "A",
                    "site", "https://s.example/x",
                    "list", List.of(1, 2));
    private static final List<String> PIECES =
            List.of(
                    "<a href=\"https://a.example\">",
                    "<a class=x href='https://b.example/?q=1' >",
                    "<a href=\"{{ site }}\">",
                    "<a href=\"https://c.example/{{ a }}\" title='{{ a }}'>",
                    "<a {% if a %}href=\"https://d.example\"{% else %}href='https://e.example'{% endif %}>",
                    "<a href=\"{% if a %}https://f.example{% endif %}\">",
                    "<a href=\"{% if a %}x\">",
                    "</a>",
                    "<p>",
                    "</p>",
                    "<table>",
                    "<tr>",
                    "<td>",
                    "</td>",
                    "</tr>",
                    "</table>",
                    "<li>",
                    "<ul>",
                    "</ul>",
                    "<h1>",
                    "</h1>",
                    "<br>",
                    "<img alt=\"{{ a }}\">",
                    "<b",
                    ">",
                    "<",
                    "\"",
                    "'",
                    "=",
                    " ",
                    "\n",
                    "\r\n",
                    "é",
                    "😀",
                    "&amp;",
                    "&#123;",
                    "&",
                    "{",
                    "}",
                    "%",
                    "<!-- ",
                    " -->",
                    "<!--[if mso]>",
                    "<![endif]-->",
                    "<style>",
                    "</style>",
                    "<textarea>",
                    "</textarea>",
                    "<select>",
                    "<svg>",
                    "</svg>",
                    "<title>",
                    "</title>",
                    "<body>",
                    "</body>",
                    "</html>",
                    "<head>",
                    "</head>",
                    "<template>",
                    "</template>",
                    "{{ a }}",
                    "{{- a -}}",
                    "{% if a %}",
                    "{%- if b -%}",
                    "{% else %}",
                    "{% endif %}",
                    "{% for i in list %}",
                    "{% endfor %}",
                    "{% raw %}",
                    "{% endraw %}",
                    "{% comment %}",
                    "{% endcomment %}",
                    "{% cycle 'x', 'y' %}",
                    "{% assign a = 'B' %}",
                    "text",
                    "https://t.example/x",
                    "<div style='display:none'>",
                    "</div>",
                    "\0",
                    "\ufeff");

    @Test
    void withLinksThatLeadWhereTheyLedTheHtmlIsAsWritten() {
        var random = new Random(11);
        int compiled = 0;
        for (int round = 0; round < 8_000; round++) {
            String html = html(random);
            if (!isLiquid(html)) continue;

            assertThat(rewrittenAndRendered(html)).as(html).isEqualTo(rendered(html));
            compiled++;
        }
        assertThat(compiled).isGreaterThan(1_500);
    }

    @Test
    void everyDraftIsRefusedOrComposed() {
        var random = new Random(12);
        for (int round = 0; round < 2_000; round++) {
            String html = html(random);
            String text = round % 2 == 0 ? null : html(random);
            var letter = Letter.html(html).variables(VARIABLES);
            try {
                var received = (text == null ? letter : letter.text(text)).received();

                assertThat(received.html()).contains("t.example/o");
            } catch (BadInput problem) {
                assertThat(problem.code()).isEqualTo("template_error");
            }
        }
    }

    private static String html(Random random) {
        var html = new StringBuilder();
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            html.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return html.toString();
    }

    private static boolean isLiquid(String html) {
        try {
            PLAIN.parse(html);
            return true;
        } catch (LiquidSyntaxException _) {
            return false;
        }
    }

    private static String rendered(String html) {
        var out = new StringBuilder();
        PLAIN.parse(html).render(VARIABLES, Instant.EPOCH, out);
        return out.toString();
    }

    private static String rewrittenAndRendered(String html) {
        var targets = new LinkTargets();
        var source = new HtmlSource(html);
        var edits = new Edits(source.liquid());
        new LinkRewriter(targets, LinkPolicy.COUNTED).rewrite(source, edits);
        Template template = Templates.html(edits.applied(), _ -> null);
        var variables = new CopyVariables(VARIABLES, new SameLinks(targets.all()));
        return Templates.rendered("html", template, variables, Instant.EPOCH).toString();
    }

    private record SameLinks(List<LinkTarget> targets) implements TrackedLinks {

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
            return "U";
        }
    }
}
