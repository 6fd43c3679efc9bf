package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MimeTest {

    @Test
    void findsTextHtmlAttachmentsAndLinks() throws IOException {
        var contents =
                contents(
                        """
                        Content-Type: multipart/mixed; boundary=m

                        --m
                        Content-Type: multipart/alternative; boundary=a

                        --a
                        Content-Type: text/plain; charset=utf-8
                        Content-Transfer-Encoding: quoted-printable

                        Gr=C3=BC=C3=9Fe https://example.org/text
                        --a
                        Content-Type: text/html; charset=iso-8859-1
                        Content-Transfer-Encoding: base64

                        PGEgaHJlZj0iaHR0cHM6Ly9leGFtcGxlLm9yZy8/YT0xJmFtcDtiPTIiPvw8L2E+PGEgaHJlZj0i
                        amF2YXNjcmlwdDphbGVydCgxKSI+eDwvYT4=
                        --a--
                        --m
                        Content-Type: application/pdf
                        Content-Disposition: attachment; filename="price list.pdf"

                        x
                        --m--
                        """);

        assertThat(contents.text()).startsWith("Gr\u00fc\u00dfe ");
        assertThat(contents.html()).contains(">\u00fc</a>");
        assertThat(contents.attachments())
                .containsExactly(new Contents.Attachment("price list.pdf", "application/pdf"));
        assertThat(contents.links())
                .containsExactly("https://example.org/?a=1&b=2", "https://example.org/text");
    }

    @Test
    void headersAreUnfoldedAndDecoded() throws IOException {
        var headers =
                Mime.headers(
                        bytes(
                                """
                                Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
                                 =?utf-8?q?_aus?= Wien
                                X-Raw: gr\u00c3\u00bcn
                                X-Bell: a\u0007b

                                body: not a header
                                """));

        assertThat(headers)
                .containsExactly(
                        new Header("Subject", "Gr\u00fc\u00dfe aus Wien"),
                        new Header("X-Raw", "gr\u00fcn"),
                        new Header("X-Bell", "a b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "no header at all",
                ": no name\n\nx",
                "Content-Type: text/plain; charset=\"no-such/charset\"\n\nhello",
                "Content-Type: text/plain; charset=\n\nhello",
                "Content-Type: ;;;=;\n\nhello",
                "Content-Type: multipart/mixed\n\nno boundary",
                "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\nx",
                "Content-Type: multipart/mixed; boundary=b\n\n--b\nno end",
                "Content-Transfer-Encoding: base64\n\n====@@@@",
                "Content-Transfer-Encoding: quoted-printable\n\n=ZZ=\n=",
                "Content-Transfer-Encoding: 9bit\n\nhello",
                "Subject: =?utf-8?b?@@@@?= =?x?q?=?=\n\nhello",
            })
    void brokenMailIsReadAsFarAsItGoes(String message) throws IOException {
        assertThat(contents(message)).isNotNull();
        assertThat(Mime.headers(bytes(message))).isNotNull();
    }

    @Test
    void undeclaredEightBitTextIsReadAsWhatItMostLikelyIs() throws IOException {
        assertThat(contents("Subject: x\n\ngr\u00c3\u00bcn").text()).isEqualTo("gr\u00fcn");
        assertThat(contents("Subject: x\n\ngr\u00fcn").text()).isEqualTo("gr\u00fcn");
    }

    @Test
    void tenThousandNestedPartsAreNotFollowed() throws IOException {
        var nested = new StringBuilder();
        for (int i = 0; i < 10_000; i++)
            nested.append("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n".formatted(i, i));

        assertThat(contents(nested + "\nx").text()).isEmpty();
    }

    @Test
    void aMillionPartsAreNotAllNamed() throws IOException {
        var parts = "--b\nContent-Type: image/gif\n\n\n".repeat(100_000);

        var contents = contents("Content-Type: multipart/mixed; boundary=b\n\n" + parts);

        assertThat(contents.attachments()).hasSize(100);
    }

    @Test
    void anEndlessHeaderAndAnEndlessLineAreNoTrouble() throws IOException {
        var line = "a".repeat(10_000_000);

        assertThat(Mime.headers(bytes("Subject: " + line)).getFirst().value())
                .hasSizeLessThan(20_000);
        assertThat(contents("Subject: x\n\n" + line).text()).hasSameSizeAs(line);
    }

    @Test
    void noiseIsNoTrouble() throws IOException {
        var random = new Random(1);
        var alphabet = "\r\n\t :;=?\"<>()@-_\\abmultiprtx/\u00e4\u0000";
        for (int i = 0; i < 2000; i++) {
            var noise = new StringBuilder("Content-Type: multipart/mixed; boundary=b\n");
            for (int j = 0; j < 300; j++)
                noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
            var message = noise.toString().replace("aa", "\n--b\n");

            assertThat(contents(message)).isNotNull();
            assertThat(Mime.headers(bytes(message))).isNotNull();
        }
    }

    private static Contents contents(String message) throws IOException {
        return Mime.contents(bytes(message));
    }

    private static ByteArrayInputStream bytes(String message) {
        return new ByteArrayInputStream(message.getBytes(ISO_8859_1));
    }
}
