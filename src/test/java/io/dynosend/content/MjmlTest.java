package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.common.Problem.BadInput;
import org.junit.jupiter.api.Test;

class MjmlTest {

    @Test
    void componentsBecomeTablesThatMailProgramsUnderstand() {
        String html = Mjml.html(letter("<mj-text>Hello</mj-text>"));

        assertThat(html)
                .contains("<!doctype html>")
                .contains("<table")
                .contains("Hello")
                .contains("<!--[if mso")
                .doesNotContain("<mj-");
    }

    @Test
    void liquidStaysAsItStood() {
        String html =
                Mjml.html(
                        letter(
                                """
                                <mj-text>Dear {{ FIRST_NAME | default: "reader" }}, \
                                {% if A > 1 %}<b>{{ A }}</b>{% else %}&nbsp;{% endif %}</mj-text>
                                """));

        assertThat(html)
                .contains("Dear {{ FIRST_NAME | default: \"reader\" }}, ")
                .contains("{% if A > 1 %}<b>{{ A }}</b>{% else %}&nbsp;{% endif %}");
    }

    @Test
    void liquidWorksInAttributes() {
        String html =
                Mjml.html(
                        letter(
                                """
                                <mj-button href="https://a.example/?id={{ uid }}&amp;a=1">Go</mj-button>
                                <mj-image src="{{ IMAGE }}" alt="{{ ALT }}" />
                                """));

        assertThat(html)
                .contains("https://a.example/?id={{ uid }}&amp;a=1")
                .contains("src=\"{{ IMAGE }}\"")
                .contains("alt=\"{{ ALT }}\"");
    }

    @Test
    void aLoopStandsAroundWholeSections() {
        String html =
                Mjml.html(
                        """
                        <mjml><mj-body>{% for item in items %}
                        <mj-section><mj-column><mj-text>{{ item }}</mj-text></mj-column></mj-section>
                        {% endfor %}</mj-body></mjml>
                        """);

        int loop = html.indexOf("{% for item in items %}");
        int value = html.indexOf("{{ item }}");
        int end = html.indexOf("{% endfor %}");
        assertThat(loop).isPositive().isLessThan(value);
        assertThat(value).isLessThan(end);
    }

    @Test
    void anInlineStyleBecomesStylesOfElements() {
        String html =
                Mjml.html(
                        """
                        <mjml><mj-head><mj-style inline="inline">.red { color: #f00 }</mj-style>
                        </mj-head><mj-body><mj-section><mj-column>
                        <mj-text><p class="red">x</p></mj-text>
                        </mj-column></mj-section></mj-body></mjml>
                        """);

        assertThat(html).contains("style=\"color: #f00\"").doesNotContain("data-inline");
    }

    @Test
    void whatIsNoMjmlIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> Mjml.html(letter("<mj-txet>x</mj-txet>")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("mj-txet")
                .hasMessageContaining("line");
        assertThatThrownBy(() -> Mjml.html("<mjml><mj-body><mj-section></mjml>"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("line");
        assertThatThrownBy(() -> Mjml.html("Hello")).isInstanceOf(BadInput.class);
    }

    private static String letter(String components) {
        return "<mjml><mj-body><mj-section><mj-column>"
                + components
                + "</mj-column></mj-section></mj-body></mjml>";
    }
}
