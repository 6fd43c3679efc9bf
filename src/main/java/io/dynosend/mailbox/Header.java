package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.stream.Field;

/**
 * One header field as a reader sees it: unfolded, encoded words (RFC 2047) decoded.
 *
 * @param value at most 16,000 characters of it; without control characters
 */
public record Header(String name, String value) {

    private static final int LONGEST = 16_000;

    static Header of(Field field) {
        return new Header(Text.printable(field.getName()), decoded(field));
    }

    boolean is(String wanted) {
        return name.equalsIgnoreCase(wanted);
    }

    private static String decoded(Field field) {
        var raw = new String(field.getRaw().toByteArray(), UTF_8); // RFC 6532 §3.2
        var body = raw.substring(raw.indexOf(':') + 1);
        var unfolded = Text.shortened(body.replaceAll("\r?\n(?=[ \t])", "").strip(), LONGEST);
        return Text.printable(
                DecoderUtil.decodeEncodedWords(unfolded, DecodeMonitor.SILENT, UTF_8));
    }
}
