package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuotedPrintableTest {

    @Test
    void onlyWhatHasToBeIsEncoded() {
        assertThat(encoded("a=b\tc !~\u007f\0é€😀"))
                .isEqualTo("a=3Db\tc !~=7F=00=C3=A9=E2=82=AC=F0=9F=98=80");
    }

    @Test
    void blanksAtTheEndOfALineAreEncoded() {
        assertThat(encoded("a \nb\t\r\nc  ")).isEqualTo("a=20\r\nb=09\r\nc =20");
    }

    @Test
    void everyLineEndBecomesCrLf() {
        assertThat(encoded("a\nb\rc\r\nd\n\re")).isEqualTo("a\r\nb\r\nc\r\nd\r\n\r\ne");
    }

    @Test
    void whatMailProgramsMistakeAtTheStartOfALineIsEncoded() {
        assertThat(encoded(".\nFrom x\nFromage\n.."))
                .isEqualTo("=2E\r\n=46rom x\r\nFromage\r\n=2E.");
    }

    @Test
    void aLoneSurrogateBecomesTheReplacementCharacter() {
        assertThat(encoded("a\ud83d")).isEqualTo("a=EF=BF=BD");
        assertThat(encoded("\ude00b")).isEqualTo("=EF=BF=BDb");
    }

    @Test
    void tenKilobytesInOneLineAreBrokenSoftly() {
        String text = "é😀 x.=".repeat(1500);

        String encoded = encoded(text);

        assertThat(encoded.lines()).allMatch(line -> line.length() <= 76);
        assertThat(encoded.lines())
                .allMatch(line ->
                        complete(line.endsWith("=") ? line.substring(0, line.length() - 1) : line));
        assertThat(decoded(encoded)).isEqualTo(text);
    }

    @Test
    void anyTextComesBack() {
        var random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            String text = text(random);

            String encoded = encoded(text);

            assertThat(encoded.lines()).allMatch(line -> line.length() <= 76);
            assertThat(encoded.lines())
                    .noneMatch(line -> line.endsWith(" ") || line.endsWith("\t"));
            assertThat(decoded(encoded)).isEqualTo(text.replaceAll("\r\n?|\n", "\r\n"));
        }
    }

    @Test
    void howeverATextIsCutTheSameIsRead() {
        var random = new Random(8);
        for (int round = 0; round < 5000; round++) {
            String text = text(random);
            var out = new Octets(0);
            var encoder = new QuotedPrintable(out);
            for (int from = 0; from < text.length(); ) {
                int to = cut(text, from + 1 + random.nextInt(60));
                String piece = text.substring(from, to);
                if (random.nextBoolean()) encoder.piece(new EncodedText(piece));
                else encoder.text(piece);
                from = to;
            }
            encoder.end();

            String encoded = new String(out.toArray(), StandardCharsets.US_ASCII);

            assertThat(encoded.lines()).allMatch(line -> line.length() <= 76);
            assertThat(encoded.lines())
                    .noneMatch(line -> line.endsWith(" ") || line.endsWith("\t"))
                    .noneMatch(line -> line.startsWith(".") || line.startsWith("From "));
            assertThat(decoded(encoded)).isEqualTo(text.replaceAll("\r\n?|\n", "\r\n"));
            assertThat(encoder.isAsWritten()).isEqualTo(!encoded.contains("="));
        }
    }

    // No character is cut in two: neither does a template.
    private static int cut(String text, int at) {
        if (at >= text.length()) return text.length();
        return Character.isLowSurrogate(text.charAt(at)) ? at + 1 : at;
    }

    private static String text(Random random) {
        int[] likely = {
            ' ', ' ', '\t', '\n', '\r', '=', '.', 'a', 'F', 0xe9, 0x20ac, 0x1f600, 0x2028
        };
        var text = new StringBuilder();
        for (int i = random.nextInt(200); i > 0; i--) {
            text.appendCodePoint(likely[random.nextInt(likely.length)]);
            if (random.nextInt(30) == 0)
                text.append("\nFrom ").repeat("words ", random.nextInt(30));
        }
        return text.toString();
    }

    private static boolean complete(String line) {
        return !decoded(line).contains("\ufffd");
    }

    private static String encoded(String text) {
        var out = new Octets(0);
        QuotedPrintable.encode(text, out);
        return new String(out.toArray(), StandardCharsets.US_ASCII);
    }

    // A second reading of RFC 2045 §6.7, as plain as can be.
    private static String decoded(String encoded) {
        var out = new Octets(encoded.length());
        String text = encoded.replace("=\r\n", "");
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '=') {
                out.put(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.put(text.charAt(i));
            }
        }
        return new String(out.toArray(), StandardCharsets.UTF_8);
    }
}
