package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataStreamTest {

    private static final String NEXT = "NOOP\r\n";

    @ParameterizedTest
    @CsvSource({
        "'.\r\n',                   ''",
        "'a\r\n.\r\n',              'a\r\n'",
        "'..\r\n.\r\n',             '.\r\n'",
        "'...\r\n..a\r\n.\r\n',     '..\r\n.a\r\n'",
        "'.a\r\n.\r\n',             'a\r\n'",
        "'.\r\r\n.\r\n',            '\r\r\n'",
        "'a\n.\n\r\n.\r\n',         'a\n.\n\r\n'",
        "'a\r.\r\r\n.\r\n',         'a\r.\r\r\n'",
        "'a\n.\r\nb\r\n.\r\n',      'a\n.\r\nb\r\n'",
        "'a\r\n.\nb\r\n.\r\n',      'a\r\n\nb\r\n'",
        "'a\r\n.\rb\r\n.\r\n',      'a\r\n\rb\r\n'",
    })
    void onlyADotAloneBetweenTwoCrLfEndsTheMessage(String sent, String kept) throws IOException {
        for (int packet = 1; packet <= sent.length(); packet++) {
            var connection = inPacketsOf(packet, sent + NEXT);

            var content = new String(new DataStream(connection).readAllBytes(), ISO_8859_1);

            assertThat(content).isEqualTo(kept);
            assertThat(new String(connection.readAllBytes(), ISO_8859_1)).isEqualTo(NEXT);
        }
    }

    @Test
    void blocksMeetAnywhere() throws IOException {
        for (int length = 8185; length < 8200; length++) {
            var body = "a".repeat(length);
            var connection = inPacketsOf(100_000, body + "\r\n..b\r\n.\r\n" + NEXT);

            var content = new String(new DataStream(connection).readAllBytes(), ISO_8859_1);

            assertThat(content).isEqualTo(body + "\r\n.b\r\n");
            assertThat(new String(connection.readAllBytes(), ISO_8859_1)).isEqualTo(NEXT);
        }
    }

    @Test
    void anEndBeforeTheDotIsAnError() {
        var connection = inPacketsOf(10, "a\r\n.");

        assertThatThrownBy(() -> new DataStream(connection).readAllBytes())
                .isInstanceOf(EOFException.class);
    }

    private static InputStream inPacketsOf(int size, String bytes) {
        var network =
                new ByteArrayInputStream(bytes.getBytes(ISO_8859_1)) {
                    @Override
                    public int read(byte[] target, int offset, int length) {
                        return super.read(target, offset, Math.min(length, size));
                    }

                    @Override
                    public int available() {
                        return 0;
                    }
                };
        return new BufferedInputStream(network, 8192);
    }
}
