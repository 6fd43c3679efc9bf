package io.dynosend.bench;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of a request, made once. {@code ############} in it is a number that is new each time,
 * {@code %%%%%%%%%%%%} that of one of the contacts that are there.
 */
record Request(String text) {

    static final int EXISTING = 20_000;

    private static final String NEW = "#".repeat(12);
    private static final String OLD = "%".repeat(12);

    static Request of(String verb, String target, String token, String json) {
        return new Request(
                """
                %s /api/v2%s HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                """
                                .formatted(verb, target, token, json.length())
                        + json);
    }

    /** Which of the contacts that are there belongs to this number. */
    static long existing(long number) {
        return number * 7919 % EXISTING;
    }

    /** Bytes of one's own to be filled again and again. */
    Filled filled() {
        return new Filled(text);
    }

    /** The same bytes each time, with another number. */
    static final class Filled {

        private final byte[] bytes;
        private final int newAt;
        private final int oldAt;

        private Filled(String text) {
            bytes = text.getBytes(StandardCharsets.US_ASCII);
            newAt = text.indexOf(NEW);
            oldAt = text.indexOf(OLD);
        }

        byte[] with(long number) {
            if (newAt >= 0) write(number, newAt);
            if (oldAt >= 0) write(existing(number), oldAt);
            return bytes;
        }

        private void write(long number, int at) {
            long rest = number;
            for (int i = at + NEW.length() - 1; i >= at; i--) {
                bytes[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
    }
}
