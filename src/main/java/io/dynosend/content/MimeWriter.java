package io.dynosend.content;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** Writes the body of a message (RFC 2045, RFC 2046), below the other header fields. */
final class MimeWriter {

    private static final String QUOTED_PRINTABLE = "quoted-printable";
    private static final byte[] SEVEN_BIT = "7bit".getBytes(StandardCharsets.US_ASCII);
    // RFC 2045 §6.8: lines of 76.
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder();

    /** What writes a text, in one piece or several. */
    interface Text {
        void write(QuotedPrintable out);
    }

    private final Octets out;
    private final QuotedPrintable encoder;
    private final MessageDigest sha256 = sha256();

    MimeWriter(Octets out) {
        this.out = out;
        this.encoder = new QuotedPrintable(out);
    }

    /** One text, as the whole body or a part of it. */
    void text(String type, Text content) {
        out.ascii("Content-Type: ").ascii(type).ascii("; charset=UTF-8\r\n");
        out.ascii("Content-Transfer-Encoding: ");
        int encoding = out.size();
        out.ascii(QUOTED_PRINTABLE).ascii("\r\n\r\n");
        encoder.begin();
        content.write(encoder);
        encoder.end();
        out.ascii("\r\n");
        if (encoder.isAsWritten()) {
            out.replace(encoding, encoding + QUOTED_PRINTABLE.length(), SEVEN_BIT);
        }
    }

    /** Two forms of one text. RFC 2046 §5.1.4: the last is the one the author likes best. */
    void alternative(String boundary, Text plain, Text html) {
        multipart("alternative", boundary);
        delimiter(boundary);
        text("text/plain", plain);
        delimiter(boundary);
        text("text/html", html);
        end(boundary);
    }

    /** The header of a body of several parts. */
    void multipart(String kind, String boundary) {
        out.ascii("Content-Type: multipart/").ascii(kind).ascii(";\r\n boundary=\"");
        out.ascii(boundary).ascii("\"\r\n\r\n");
    }

    /** Before each part. */
    void delimiter(String boundary) {
        out.ascii("--").ascii(boundary).ascii("\r\n");
    }

    /** After the last part. */
    void end(String boundary) {
        out.ascii("--").ascii(boundary).ascii("--\r\n");
    }

    /** RFC 2183. The name stands in the type too, for readers who look there only. */
    void attachment(Attachment attachment) {
        var header = new HeaderWriter(out);
        header.parameters(
                "Content-Type",
                attachment.contentType(),
                FileName.parameters("name", attachment.name()));
        header.field("Content-Transfer-Encoding", "base64");
        header.parameters(
                "Content-Disposition",
                "attachment",
                FileName.parameters("filename", attachment.name()));
        out.ascii("\r\n");
        out.append(BASE64.encode(attachment.content()));
        out.ascii("\r\n");
    }

    /**
     * The same boundary whenever the message is made again. Neither quoted-printable nor base64 has
     * "=_", nor text that needed neither, so no part can have the boundary (RFC 2045 §6.7, §6.8).
     *
     * @param level 0 for the innermost multipart of the message, 1 for the one around it
     */
    String boundary(String messageId, int level) {
        byte[] hash = sha256.digest(messageId.getBytes(StandardCharsets.US_ASCII));
        return "=_" + HexFormat.of().formatHex(hash, 16 * level, 16 * level + 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
