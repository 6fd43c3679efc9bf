package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                ">",
                "> ",
                "> - ",
                "{{ a }}",
                "{% assign a = 1 %}",
                "[",
                "*a_",
                "|a",
                "<!--"
            })
    void howeverOftenSomethingIsRepeatedItIsReadInTime(String piece) {
        String source = piece.repeat(200_000 / piece.length());

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Markdown.of(source));
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

    @Test
    void aLoopOnTheLineOfItsRowKeepsTheRow() {
        String html =
                Markdown.of("| a |\n|--|\n{% for t in contact.tags %}| {{ t }} |\n{% endfor %}\n")
                        .html();

        assertThat(html.replaceAll("\\s+", ""))
                .contains("{%fortincontact.tags%}<tr><td>{{t}}</td></tr>{%endfor%}");
    }

    @Test
    void aBlockAfterALoopedListStandsBehindTheList() {
        String html =
                Markdown.of(
                                "{% for t in contact.tags %}\n- {{ t }}\n{% endfor %}\n\n{% render \"footer\" %}\n")
                        .html();

        assertThat(html.replaceAll("\\s+", " ")).contains("{% endfor %} </ul> {% render");
    }
}
