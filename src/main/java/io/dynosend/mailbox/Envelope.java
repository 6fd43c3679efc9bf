package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Who said what before DATA. It is kept as the trace lines that final delivery puts before a
 * message (RFC 5321 §4.4): {@code Return-Path}, one {@code Delivered-To} for each recipient, and as
 * the last one {@code Received}; one line each, in UTF-8.
 *
 * @param from the reverse-path without brackets, empty for {@code <>}
 * @param to the accepted recipients
 * @param helo the client's own name, empty when it gave none
 * @param client the client's IP address
 */
record Envelope(String from, List<String> to, String helo, String client) {

    /** What a message has that was put into the folder by hand. */
    static final Envelope NONE = new Envelope("", List.of(), "", "");

    private static final String RETURN_PATH = "Return-Path: ";
    private static final String DELIVERED_TO = "Delivered-To: ";
    private static final String RECEIVED = "Received: ";
    private static final String END = "\r\n";
    private static final Pattern FROM_CLIENT = Pattern.compile("from (\\S+) \\(\\[(.*?)]\\) by .*");
    private static final Pattern UNFIT_FOR_A_TRACE = Pattern.compile("[^\\p{L}\\p{N}.:_\\[\\]-]");
    private static final DateTimeFormatter DATE = // RFC 5322 §3.3
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH);
    private static final int LONGEST_NAME = 255;

    Envelope {
        to = List.copyOf(to);
    }

    byte[] trace(Instant receivedAt) {
        var lines = new StringBuilder();
        lines.append(RETURN_PATH).append('<').append(from).append('>').append(END);
        for (var recipient : to) lines.append(DELIVERED_TO).append(recipient).append(END);
        lines.append(RECEIVED).append(received(receivedAt)).append(END);
        return lines.toString().getBytes(UTF_8);
    }

    /** How many octets at the start of a stored message are trace lines; 0 when there are none. */
    static int traceLength(byte[] stored) {
        int at = 0;
        while (at < stored.length) {
            int next = nextLine(stored, at);
            if (startsWith(stored, at, RECEIVED)) return at == 0 ? 0 : next;
            boolean ours = startsWith(stored, at, at == 0 ? RETURN_PATH : DELIVERED_TO);
            if (!ours) return 0;
            at = next;
        }
        return 0;
    }

    /**
     * @param trace what {@link #trace} wrote
     */
    static Envelope parse(String trace) {
        var from = "";
        var to = new ArrayList<String>();
        var received = FROM_CLIENT.matcher("");
        for (var line : trace.lines().toList()) {
            if (line.startsWith(RETURN_PATH))
                from = line.substring(RETURN_PATH.length() + 1, line.length() - 1);
            if (line.startsWith(DELIVERED_TO)) to.add(line.substring(DELIVERED_TO.length()));
            if (line.startsWith(RECEIVED)) received.reset(line.substring(RECEIVED.length()));
        }
        return received.matches()
                ? new Envelope(from, to, received.group(1), received.group(2))
                : new Envelope(from, to, "", "");
    }

    private String received(Instant at) {
        return "from %s ([%s]) by localhost (Dynosend mailbox) with %s; %s"
                .formatted(
                        fitForATrace(helo.isEmpty() ? "unknown" : helo),
                        client,
                        isAscii() ? "ESMTP" : "UTF8SMTP", // RFC 6531 §3.7.3
                        DATE.format(at.atOffset(ZoneOffset.UTC)));
    }

    private static String fitForATrace(String name) {
        var fit = UNFIT_FOR_A_TRACE.matcher(name).replaceAll("?");
        return fit.length() <= LONGEST_NAME ? fit : fit.substring(0, LONGEST_NAME);
    }

    private boolean isAscii() {
        return (from + String.join("", to)).chars().allMatch(c -> c < 0x80);
    }

    private static int nextLine(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) if (bytes[i] == '\n') return i + 1;
        return bytes.length;
    }

    private static boolean startsWith(byte[] bytes, int at, String word) {
        int length = word.length();
        if (bytes.length - at < length) return false;
        for (int i = 0; i < length; i++) if (bytes[at + i] != word.charAt(i)) return false;
        return true;
    }
}
