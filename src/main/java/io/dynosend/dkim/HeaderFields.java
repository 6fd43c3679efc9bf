package io.dynosend.dkim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The header of a message, field by field, in relaxed form (RFC 6376 §3.4.2). */
final class HeaderFields {

    private final byte[] message;
    private final int end;
    // Where each begins, by its name in lower case; the last of a name comes first (§5.4.2).
    private final Map<String, Deque<Integer>> starts = new HashMap<>();

    /**
     * @throws IllegalArgumentException if the message has no header that CRLF ends
     */
    HeaderFields(byte[] message) {
        this.message = message;
        int at = 0;
        while (!isLineEnd(at)) {
            int start = at;
            at = afterField(at);
            int colon = start;
            while (colon < at && message[colon] != ':') colon++;
            starts.computeIfAbsent(lowerCase(start, colon), _ -> new ArrayDeque<>()).push(start);
        }
        end = at;
    }

    /** Where the body begins. */
    int bodyStart() {
        return end + 2;
    }

    int count(String lowerCaseName) {
        var found = starts.get(lowerCaseName);
        return found == null ? 0 : found.size();
    }

    /** Takes the last field of a name that is not taken yet; nothing if there is none. */
    void take(String lowerCaseName, Text out) {
        var found = starts.get(lowerCaseName);
        if (found == null || found.isEmpty()) return;
        int start = found.pop();
        out.ascii(lowerCaseName).put(':');
        value(start + lowerCaseName.length() + 1, afterField(start) - 2, out);
        out.ascii("\r\n");
    }

    private void value(int start, int end, Text out) {
        boolean gap = false;
        boolean begun = false;
        for (int at = start; at < end; at++) {
            byte b = message[at];
            if (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
                gap = begun;
                continue;
            }
            if (gap) out.put(' ');
            gap = false;
            begun = true;
            out.put(b);
        }
    }

    private int afterField(int start) {
        int at = start;
        do {
            while (!isLineEnd(at)) at++;
            at += 2;
        } while (at < message.length && (message[at] == ' ' || message[at] == '\t'));
        return at;
    }

    private boolean isLineEnd(int at) {
        if (at + 1 >= message.length) throw new IllegalArgumentException("The header does not end");
        return message[at] == '\r' && message[at + 1] == '\n';
    }

    private String lowerCase(int start, int end) {
        return new String(message, start, end - start, StandardCharsets.US_ASCII)
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}
