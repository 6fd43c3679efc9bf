package io.dynosend.web;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP response (RFC 9112 §2.1).
 *
 * @param location null: it has none
 */
record WebReply(int status, @Nullable String location) {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final String LOCATION = "location:";

    /**
     * Reads one.
     *
     * @param head its lines, without the empty one
     * @throws IOException if this is no HTTP
     */
    static WebReply of(String head) throws IOException {
        String[] lines = head.split("\r?\n", -1);
        Matcher status = STATUS.matcher(lines[0]);
        if (!status.matches()) throw new IOException("No HTTP");
        String location = null;
        for (String line : lines) {
            boolean found = line.toLowerCase(Locale.ROOT).startsWith(LOCATION);
            if (found && location == null) location = line.substring(LOCATION.length()).strip();
        }
        return new WebReply(Integer.parseInt(status.group(1)), location);
    }

    /** Whether it only announces another one (RFC 9110 §15.2). */
    boolean isInterim() {
        return status < 200;
    }
}
