package io.dynosend.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RelaxedBodyTest {

    @Test
    void anyBodyIsHashedInRelaxedForm() throws Exception {
        var random = new Random(6376);
        for (int round = 0; round < 5_000; round++) {
            String body = body(random);

            byte[] hash = RelaxedBody.hash(("A: b\r\n\r\n" + body).getBytes(ISO_8859_1), 8);

            assertThat(hash)
                    .as(body)
                    .isEqualTo(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(relaxed(body).getBytes(ISO_8859_1)));
        }
    }

    private static String body(Random random) {
        String[] likely = {" ", "  ", "\t", "\r\n", "\r\n", "\r", "\n", "a", "é", "word", "\0"};
        var body = new StringBuilder();
        for (int i = random.nextInt(80); i > 0; i--) {
            body.append(likely[random.nextInt(likely.length)]);
            if (random.nextInt(40) == 0) body.repeat("x y", random.nextInt(6_000));
        }
        return body.toString();
    }

    // RFC 6376 §3.4.4, word by word.
    private static String relaxed(String body) {
        String relaxed =
                (body.endsWith("\r\n") ? body : body + "\r\n")
                        .replaceAll("[ \t]+(?=\r\n)", "")
                        .replaceAll("[ \t]+", " ")
                        .replaceAll("(\r\n)+\\z", "\r\n");
        return relaxed.equals("\r\n") ? "" : relaxed;
    }
}
