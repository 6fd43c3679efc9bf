package io.dynosend.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentTest {

    private static final int ROUNDS = 20_000;
    private static final String LETTERS = "\r\n.\0aé\t";

    @ParameterizedTest
    @CsvSource({"plain, false", "Grüße, true", "long enough for several words, false"})
    void lettersBeyondAsciiAreSeenWhereverTheyStand(String text, boolean eightBit) {
        for (int i = 0; i < 20; i++) {
            byte[] message = (" ".repeat(i) + text + "\r\n").getBytes(StandardCharsets.UTF_8);

            assertThat(Content.of(message).eightBit()).isEqualTo(eightBit);
        }
    }

    @Test
    void whateverItIsItEndsWithOneDotOfOurs() throws Exception {
        var random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] message = anything(random);

            String wire = onTheWire(Content.of(message));

            assertThat(wire).isEqualTo(stuffed(simply(message)));
            assertThat(wire).endsWith("\r\n").doesNotContain("\0").doesNotStartWith(".\r\n");
            assertThat(wire)
                    .doesNotContain("\r\n.\r\n")
                    .doesNotContainPattern("\r(?!\n)|(?<!\r)\n");
        }
    }

    @Test
    void itsSizeIsThatOfItsChunks() throws Exception {
        var random = new Random(8);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] message = anything(random);

            assertThat(Content.of(message).size()).isEqualTo(simply(message).length());
        }
    }

    private static byte[] anything(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(
                    random.nextBoolean()
                            ? "\r\n"
                            : LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String simply(byte[] message) {
        String fit =
                new String(message, StandardCharsets.ISO_8859_1)
                        .replaceAll("\r\n|\r|\n", "\r\n")
                        .replace("\0", "");
        return fit.endsWith("\r\n") ? fit : fit + "\r\n";
    }

    private static String stuffed(String fit) {
        return fit.replaceAll("(?<=^|\n)\\.", "..");
    }

    private static String onTheWire(Content content) throws Exception {
        var written = new StringBuilder();
        var wire = new Wire(new Paper(written), Timeouts.DEFAULT);
        content.writeStuffed(wire);
        wire.flush();
        wire.hangUp();
        return written.toString();
    }

    /** Remembers what is written on it. */
    private record Paper(StringBuilder written) implements Transport {

        @Override
        public int read(ByteBuffer into) {
            return -1;
        }

        @Override
        public int poll(ByteBuffer into) {
            return 0;
        }

        @Override
        public void write(ByteBuffer bytes) {
            written.append(StandardCharsets.ISO_8859_1.decode(bytes));
        }

        @Override
        public void close() {}
    }
}
