package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownTest {

    @Test
    void paragraphsListsAndTablesBecomeHtmlAndText() {
        var letter =
                Markdown.of(
                        """
                        # News

                        One **two** [three](https://a.example/).

                        - apples
                        - pears

                        | a | b |
                        |---|---|
                        | 1 | 2 |
                        """);

        assertThat(letter.html())
                .contains("<h1>News</h1>")
                .contains("<strong>two</strong>")
                .contains("<a href=\"https://a.example/\">three</a>")
                .contains("<li>apples</li>")
                .contains("<td>1</td>");
        assertThat(letter.text()).contains("two").contains("https://a.example/").contains("apples");
    }

    @Test
    void liquidStaysAsItStood() {
        var letter =
                Markdown.of(
                        """
                        Dear {{ FIRST_NAME | default: "reader" }}, *{{ a_b_c }}*

                        {% if A > 1 %}
                        [Go](https://a.example/?id={{ uid }})
                        {% endif %}
                        """);

        assertThat(letter.html())
                .contains("Dear {{ FIRST_NAME | default: \"reader\" }}, <em>{{ a_b_c }}</em>")
                .contains("{% if A > 1 %}")
                .contains("href=\"https://a.example/?id={{ uid }}\"")
                .contains("{% endif %}");
        assertThat(letter.text()).contains("{% if A > 1 %}").contains("{{ uid }}");
    }

    @Test
    void aLayoutStandsAroundIt() {
        var layout = new Source(Format.HTML, "<body><div>{{ content }}</div></body>");

        var compiled = new Source(Format.MARKDOWN, "Hi").compiled(layout, false, Blocks.NONE);

        assertThat(compiled.html()).isEqualTo("<body><div><p>Hi</p></div></body>");
    }

    @Test
    void theBuiltInLayoutIsReadableInLightAndDark() {
        var compiled = new Source(Format.MARKDOWN, "Hi").compiled(null, false, Blocks.NONE);

        assertThat(compiled.html()).contains("<p style=").contains("prefers-color-scheme: dark");
    }
}
