package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.common.Problem.BadInput;
import java.util.List;
import org.junit.jupiter.api.Test;

class StyleInlinerTest {

    @Test
    void aRuleBecomesTheStyleOfTheElementsItIsAbout() {
        assertThat(inlined(".a { color: red; margin: 0 auto }", "<p class=a>x</p><p>y</p>"))
                .contains("<p style=\"color: red; margin: 0 auto\" class=a>x</p><p>y</p>");
    }

    @Test
    void valuesStayAsTheirAuthorWroteThem() {
        String values =
                "color: #F00; background: url(a;b.png) 50% 0; font: 600 13px/1.4 Arial,sans-serif;"
                        + " width: calc(100% - 2px); margin: 0 /* not 1px */ .5em";

        assertThat(inlined("\n\n  p {\n\t" + values + "}", "<p>x</p>"))
                .contains("style=\"" + values.replace(" /* not 1px */ ", "   ") + "\"");
    }

    @Test
    void theMoreSpecificRuleWinsWhereverItStands() {
        assertThat(inlined("#i { color: red } p { color: blue }", "<p id=\"i\">x</p>"))
                .contains("style=\"color: red\"");
    }

    @Test
    void theLaterRuleWinsAmongEquals() {
        assertThat(inlined("p { color: red } p { color: blue }", "<p>x</p>"))
                .contains("style=\"color: blue\"");
    }

    @Test
    void whatTheElementSaysItselfComesLast() {
        assertThat(inlined("p { color: red }", "<p style=\"color: green\">x</p>"))
                .contains("style=\"color: red; color: green\"");
    }

    @Test
    void anImportantDeclarationStaysImportant() {
        assertThat(inlined("p { color: red !important }", "<p style='color: green'>x</p>"))
                .contains("style='color: red !important; color: green'");
    }

    @Test
    void quotesOfValuesDoNotEndTheAttribute() {
        assertThat(inlined("p { font-family: \"Helvetica Neue\" }", "<p>x</p>"))
                .contains("style=\"font-family: 'Helvetica Neue'\"");
        assertThat(inlined("p { font-family: \"Helvetica Neue\" }", "<p style='color: red'>x</p>"))
                .contains("style='font-family: &#39;Helvetica Neue&#39;; color: red'");
    }

    @Test
    void mediaQueriesAndHoverStayInTheStyleSheet() {
        String sheet = "@media (max-width: 600px) { p { color: red } } a:hover { color: blue }";

        String inlined = inlined(sheet, "<p><a href=\"#\">x</a></p>");

        assertThat(inlined).contains(sheet).doesNotContain("style=");
    }

    @Test
    void liquidStaysAsItStood() {
        String body =
                "{% for x in (1..3) %}<p class=\"a {{ x }}\">{{ x | plus: 1 }}</p>{% endfor %}";

        assertThat(inlined(".a { color: {{ COLOR }}; margin: 0 }", body))
                .contains("{% for x in (1..3) %}<p style=\"color: {{ COLOR }}; margin: 0\" class=");
    }

    @Test
    void anElementThatOnlySomeCopiesHaveSoIsLeftToTheStyleSheet() {
        String body = "<p{% if A %} class=\"a\"{% endif %}>x</p>";

        assertThat(inlined(".a { color: red }", body)).contains(body);
    }

    @Test
    void aStyleSheetWithTagsIsLeftAlone() {
        assertThat(inlined("{% if A %}p { color: red }{% endif %}", "<p>x</p>"))
                .doesNotContain("style=");
    }

    @Test
    void aBrokenStyleSheetIsReadAsFarAsItGoes() {
        assertThat(inlined("p { color: } }} .a { color: red", "<p class=\"a\">x</p>"))
                .contains("<p");
    }

    @Test
    void conditionalCommentsAreNotTouched() {
        String body = "<!--[if mso]><p class=\"a\">x</p><![endif]-->";

        assertThat(inlined(".a { color: red }", body)).contains(body);
    }

    @Test
    void moreSelectorsThanAnyMailHasAreRefused() {
        assertThatThrownBy(() -> inlined("p { color: red }".repeat(2_001), "<p>x</p>"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("inline_css");
    }

    @Test
    void anyQuotesOfAValueStayWithinIt() {
        assertThat(
                        inlined(
                                "p { content: 'a\"b' ; font-family: \"a\\\"b\"; color: red }",
                                "<p>x</p>"))
                .contains(
                        "style=\"content: 'a&quot;b'; font-family: &quot;a\\&quot;b&quot;; color: red\"");
    }

    @Test
    void styleSheetsThatAreOnlyMadeToHarmAreRefusedAtOnce() {
        for (String css :
                List.of(
                        "@media print {".repeat(20_000),
                        ":not(".repeat(3_000) + "a" + ")".repeat(3_000) + " { color: red }",
                        ".a { color: red }".repeat(60_000))) {
            assertThatThrownBy(() -> inlined(css, "<p class=\"a\">x</p>"))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("inline_css");
        }
        String many = "p { color: red }".repeat(1_900);
        assertThatThrownBy(() -> inlined(many, "<p>x</p>".repeat(20_000)))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("elements");
    }

    @Test
    void aMarkedStyleSheetIsInlinedAndTakenOut() {
        String html =
                "<html><head><style data-inline>p { color: red }</style><style>p { margin: 0 }"
                        + "</style></head><body><p>x</p></body></html>";

        assertThat(StyleInliner.inlinedWhereMarked(html))
                .isEqualTo(
                        "<html><head><style>p { margin: 0 }</style></head><body>"
                                + "<p style=\"color: red\">x</p></body></html>");
    }

    private static String inlined(String css, String body) {
        return StyleInliner.inlined(
                "<html><head><style>%s</style></head><body>%s</body></html>".formatted(css, body));
    }
}
