package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A file that goes with a message.
 *
 * @param name of the file, without a folder, at most 255 octets; may hold letters beyond ASCII
 * @param contentType such as {@code application/pdf} or {@code text/csv; charset=UTF-8}; a name in
 *     it is dropped
 */
// Handed on once and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Attachment(String name, String contentType, byte[] content) {

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_TYPE = 200;
    // RFC 2045 §5.1, RFC 6838 §4.2.
    private static final String TOKEN = "[A-Za-z0-9!#$%&^_.+-]+";
    private static final Pattern TYPE =
            Pattern.compile(
                    "%1$s/%1$s(?: *; *%1$s=(?:%1$s|\"[ !#-\\[\\]-~]*\"))*".formatted(TOKEN));
    private static final Pattern NAME_PARAMETER =
            Pattern.compile(
                    " *; *name=(?:%s|\"[ !#-\\[\\]-~]*\")".formatted(TOKEN),
                    Pattern.CASE_INSENSITIVE);
    // Made of messages or parts themselves, these may not be written in base64 (RFC 2046 §5).
    private static final Pattern COMPOSITE =
            Pattern.compile("(?:message|multipart)/.*", Pattern.CASE_INSENSITIVE);

    /**
     * Refuses what could break a header, or leave the folder that a reader saves it in.
     *
     * @throws BadInput naming the attachment
     */
    public Attachment {
        if (!isFileName(name)) {
            throw new BadInput(
                    "“%s” is not a file name for an attachment: it must have no path separators"
                                    .formatted(shown(name))
                            + " and no control characters, and at most %d octets"
                                    .formatted(LONGEST_NAME));
        }
        if (contentType.length() > LONGEST_TYPE || !TYPE.matcher(contentType).matches()) {
            throw new BadInput(
                    "The content type of the attachment “%s” must be like application/pdf"
                            .formatted(name));
        }
        if (COMPOSITE.matcher(contentType).matches()) {
            throw new BadInput(
                    "The attachment “%s” cannot have the content type %s; send it as application/octet-stream"
                            .formatted(name, contentType));
        }
        contentType = NAME_PARAMETER.matcher(contentType).replaceAll("");
    }

    private static boolean isFileName(String name) {
        return !name.isBlank()
                && !name.equals(".")
                && !name.equals("..")
                && name.codePoints().noneMatch(Attachment::isLoneSurrogate)
                && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || Ascii.breaksLine(c));
    }

    private static boolean isLoneSurrogate(int c) {
        return c >= 0xd800 && c <= 0xdfff;
    }

    private static String shown(String name) {
        var shown = new StringBuilder();
        name.chars()
                .limit(80)
                .map(c -> Ascii.breaksLine(c) || Character.isSurrogate((char) c) ? '?' : c)
                .forEach(c -> shown.append((char) c));
        return shown.toString();
    }
}
