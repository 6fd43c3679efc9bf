package io.dynosend.liquid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an author is told about a template that is wrong. */
class LiquidErrorsTest {

    private final Liquid liquid = Liquid.builder().build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '~',
            value = {
                "{% if a %}x ¦ 1 ¦ 1 ¦ expected 'endif', but 'if' is never closed",
                "a~+~b {{ name ¦ 2 ¦ 3 ¦ expected '}}', but '{{' is never closed",
                "{% if a ¦ 1 ¦ 1 ¦ expected '%}', but '{%' is never closed",
                "{% iff a %} ¦ 1 ¦ 1 ¦ unknown tag 'iff'",
                "{% endfor %} ¦ 1 ¦ 1 ¦ unexpected 'endfor', there is nothing for it to close",
                "{% if a %}{% endfor %} ¦ 1 ¦ 11 ¦ expected 'endif', found 'endfor'",
                "{% for a of b %}{% endfor %} ¦ 1 ¦ 10 ¦ expected 'in', found 'of'",
                "{{ a b }} ¦ 1 ¦ 6 ¦ expected '|' or the end, found 'b'",
                "{{ a | upcase: 1 }} ¦ 1 ¦ 8 ¦ the filter 'upcase' takes no argument, found 1",
                "{{ a | append }} ¦ 1 ¦ 8 ¦ the filter 'append' takes 1 argument, found 0",
                "{{ a | replace }} ¦ 1 ¦ 8 ¦ the filter 'replace' takes 1 to 2 arguments, found 0",
                "{{ 'abc }} ¦ 1 ¦ 4 ¦ a text has no end, expected another '",
                "{% if a = 1 %}{% endif %} ¦ 1 ¦ 9 ¦ expected '==', found '='",
                "{% assign a 1 %} ¦ 1 ¦ 13 ¦ expected '=' and a value",
                "{% assign = 1 %} ¦ 1 ¦ 11 ¦ expected the name of a variable",
                "{{ a.1 }} ¦ 1 ¦ 6 ¦ expected the name of a property, found '1'",
                "{{ a[1 }} ¦ 1 ¦ 8 ¦ expected ']', found the end",
                "{{ (1..2 }} ¦ 1 ¦ 10 ¦ expected ')', found the end",
                "{{ @a }} ¦ 1 ¦ 4 ¦ unexpected character '@'",
                "{% raw x %}{% endraw %} ¦ 1 ¦ 8 ¦ 'raw' stands alone, expected '%}'",
                "{% render x %} ¦ 1 ¦ 11 ¦ expected the name of a partial in quotes, found 'x'",
                "{% render 'x' %} ¦ 1 ¦ 11 ¦ there is no block 'x'",
                "{% case a %}{% when %}{% endcase %} ¦ 1 ¦ 21 ¦ expected a value, found the end",
                "{% liquid~+~ if a~+~ echo b %} ¦ 2 ¦ 2 ¦ expected 'endif', but 'if' is never closed"
            })
    void whatIsWrongIsSaidWithItsPlace(String template, int line, int column, String problem) {
        LiquidSyntaxException error = parseFailure(template.replace("~+~", "\n"));

        assertThat(error.problem()).startsWith(problem);
        assertThat(error.line()).isEqualTo(line);
        assertThat(error.column()).isEqualTo(column);
        assertThat(error).hasMessageStartingWith("Line %d, column %d: ".formatted(line, column));
    }

    @Test
    void theLineIsShownWithAMarkerBelowIt() {
        LiquidSyntaxException error = parseFailure("Dear\n\t{{ name ! }},\nbye");

        assertThat(error.sourceLine() + "\n" + error.marker())
                .isEqualTo("\t{{ name ! }},\n\t        ^");
    }

    @Test
    void ofALongLineOnlyWhatIsAroundThePlaceIsShown() {
        LiquidSyntaxException error =
                parseFailure("x".repeat(5_000) + "{{ name ! }}" + "y".repeat(5_000));

        String[] lines = error.excerpt().split("\n", -1);
        assertThat(lines[0]).hasSize(102).startsWith("…xxx").endsWith("yyy…");
        assertThat(lines[0].charAt(lines[1].indexOf('^'))).isEqualTo('!');
    }

    @Test
    void anErrorInAPartialSaysWhichAndWhere() {
        Liquid withPartials = Liquid.builder().partials(name -> "\n{{ a b }}").build();

        assertThatThrownBy(() -> withPartials.parse("{% render 'footer' %}"))
                .hasMessage(
                        "Line 2, column 6: in the partial 'footer', expected '|' or the end, found"
                                + " 'b'");
    }

    @Test
    void anErrorWhileRenderingSaysTheLine() {
        Template template = liquid.parse("a\nb\n{% if true %}\n{{ 1 | divided_by: n }}{% endif %}");

        LiquidRenderException error =
                catchThrowableOfType(
                        LiquidRenderException.class, () -> template.render(Map.of("n", 0)));

        assertThat(error).hasMessage("Line 4: divided by 0");
        assertThat(error.line()).isEqualTo(4);
    }

    @Test
    void anUndefinedVariableIsEmptyUnlessTheEngineIsStrict() {
        String template = "{{ contact.city }}{{ a }}{% if b %}{% endif %}";
        Liquid strict = Liquid.builder().strict(true).build();

        assertThat(liquid.parse(template).render(Map.of())).isEmpty();
        assertThatThrownBy(() -> strict.parse(template).render(Map.of("contact", Map.of())))
                .hasMessage("Line 1: There is no variable 'contact.city'");
        assertThatThrownBy(() -> strict.parse("{{ a }}").render(Map.of()))
                .hasMessage("Line 1: There is no variable 'a'");
    }

    @Test
    void anUnknownFilterPassesItsInputUnlessTheEngineIsStrict() {
        Liquid strict = Liquid.builder().strict(true).build();

        assertThat(liquid.parse("{{ 'a' | shout: 3 | upcase }}").render(Map.of())).isEqualTo("A");
        assertThatThrownBy(() -> strict.parse("{{ 'a' | shout }}"))
                .hasMessage("Line 1, column 10: unknown filter 'shout'");
    }

    private LiquidSyntaxException parseFailure(String template) {
        return catchThrowableOfType(LiquidSyntaxException.class, () -> liquid.parse(template));
    }
}
