package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dynosend.common.Problem.BadInput;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompiledMessageTest {

    @Test
    void aSyntaxErrorIsFoundByFieldLineAndColumn() {
        assertError(Letter.html("<p>\n\n  {% if %}"), "html: line 3, column ");
        assertError(Letter.html("").subject("Hi {{ name"), "subject: line 1, column 4: ");
        assertError(Letter.html("").text("a\n{% nope %}"), "text: line 2, column ");
    }

    @Test
    void noAuthorCanUseTheBlocksThatAreOurs() {
        for (String name : List.of("link", "linkto", "openpixel", "unsubscribe")) {
            assertError(Letter.html("{%% %s 0 %%}{%% end%<s %%}".formatted(name)), "html: line 1");
        }
    }

    @Test
    void variablesAreThoseThatTheAuthorReads() {
        var letter = Letter.html("{{ CITY }} {{ a.b }}").subject("{{ NAME }}").text("{{ ZIP }}");

        assertThat(letter.compiled().variables()).containsExactly("NAME", "CITY", "a.b", "ZIP");
    }

    @Test
    void theSameInputGivesTheSameBytes() {
        var letter =
                Letter.html("<a href='https://a.example'>{{ NAME }}</a>")
                        .variables(Map.of("NAME", "Ünï"));
        byte[] first =
                letter.compiled().compose(letter.addressee(new Letter.Links("https://o.example")));
        CompiledMessage again = letter.compiled();

        var copies =
                IntStream.range(0, 200)
                        .parallel()
                        .mapToObj(_ ->
                                again.compose(
                                        letter.addressee(new Letter.Links("https://o.example"))))
                        .toList();

        assertThat(copies).allSatisfy(copy -> assertThat(copy).isEqualTo(first));
    }

    @Test
    void tenKilobytesInOneLineAreNoTrouble() {
        String html = "<p>" + "é <b>b</b>=".repeat(1000) + "</p>";

        assertThat(Letter.html(html).received().html()).startsWith(html);
    }

    @Test
    void aTextThatSaysTheBoundaryStaysText() {
        String boundary =
                Letter.html("")
                        .received()
                        .source()
                        .replaceAll("(?s).*boundary=\"([^\"]+)\".*", "$1");

        var received = Letter.html("<p>").text("--" + boundary + "--\n--" + boundary).received();

        assertThat(received.text()).startsWith("--" + boundary + "--\r\n--" + boundary);
    }

    @Test
    void anEmptyDraftIsStillAMessage() {
        var received = Letter.html("").subject("").fromName("").text("").receivedWithoutPixel();

        assertThat(received.subject()).isEmpty();
        assertThat(received.html()).startsWith("<div");
    }

    @Test
    void aRenderingThatPassesALimitSaysSo() {
        var letter = Letter.html("{% for i in (1..100000000) %}{{ i }}{% endfor %}");

        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(letter::received)
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("template_error"));
    }

    private static void assertError(Letter letter, String message) {
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(letter::compiled)
                .withMessageStartingWith(message)
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("template_error"));
    }
}
