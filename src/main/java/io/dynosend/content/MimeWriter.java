package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts one copy together: its header and, as multipart/alternative, text and HTML. */
final class MimeWriter {

    // RFC 5322 §3.3.
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final int HEADER_SIZE = 2048;
    // RFC 2045 §6.8: lines of 76.
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder();

    private final Heading heading;

    MimeWriter(Heading heading) {
        this.heading = heading;
    }

    /**
     * The complete message; the subject is one line, the parts are plain Unicode.
     *
     * @param html null: the message is text only
     */
    byte[] message(
            CharSequence subject,
            CharSequence text,
            @Nullable CharSequence html,
            List<Attachment> attachments) {
        var out = new Octets(expectedSize(text, html, attachments));
        header(out, subject.toString());
        if (attachments.isEmpty()) content(out, text, html);
        else mixed(out, text, html, attachments);
        return out.toArray();
    }

    private static int expectedSize(
            CharSequence text, @Nullable CharSequence html, List<Attachment> attachments) {
        long size = HEADER_SIZE + text.length() * 9L / 8;
        if (html != null) size += html.length() * 9L / 8;
        for (var attachment : attachments) size += 512 + attachment.content().length * 11L / 8;
        return Math.toIntExact(size);
    }

    private void header(Octets out, String subject) {
        var header = new HeaderWriter(out);
        var sender = heading.sender();
        EmailAddress replyTo = sender.replyTo();
        header.mailbox("From", sender.name(), sender.address());
        header.mailbox("To", "", heading.to());
        header.text("Subject", subject);
        if (replyTo != null) header.mailbox("Reply-To", "", replyTo);
        header.field("Date", DATE.format(heading.date()));
        header.field("Message-ID", "<" + heading.messageId() + ">");
        header.field("MIME-Version", "1.0");
        heading.headers().forEach(more -> header.field(more.name(), more.value()));
    }

    // RFC 2046 §5.1.3.
    private void mixed(
            Octets out,
            CharSequence text,
            @Nullable CharSequence html,
            List<Attachment> attachments) {
        String boundary = boundary(16);
        multipart(out, "mixed", boundary);
        delimiter(out, boundary);
        content(out, text, html);
        for (var attachment : attachments) {
            delimiter(out, boundary);
            attachment(out, attachment);
        }
        end(out, boundary);
    }

    private void content(Octets out, CharSequence text, @Nullable CharSequence html) {
        if (html == null) text(out, "text/plain", text);
        else alternative(out, text, html);
    }

    // RFC 2046 §5.1.4: the last is the one the author likes best.
    private void alternative(Octets out, CharSequence text, CharSequence html) {
        String boundary = boundary(0);
        multipart(out, "alternative", boundary);
        delimiter(out, boundary);
        text(out, "text/plain", text);
        delimiter(out, boundary);
        text(out, "text/html", html);
        end(out, boundary);
    }

    // Neither quoted-printable nor base64 has "=_", so no part can have the boundary (RFC 2045
    // §6.7, §6.8).
    private String boundary(int from) {
        byte[] id = heading.messageId().getBytes(StandardCharsets.US_ASCII);
        return "=_" + HexFormat.of().formatHex(sha256(id), from, from + 16);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static void multipart(Octets out, String kind, String boundary) {
        new HeaderWriter(out)
                .field("Content-Type", "multipart/" + kind + "; boundary=\"" + boundary + "\"");
        out.ascii("\r\n");
    }

    private static void delimiter(Octets out, String boundary) {
        out.ascii("--").ascii(boundary).ascii("\r\n");
    }

    private static void end(Octets out, String boundary) {
        out.ascii("--").ascii(boundary).ascii("--\r\n");
    }

    private static void text(Octets out, String type, CharSequence content) {
        out.ascii("Content-Type: ").ascii(type).ascii("; charset=UTF-8\r\n");
        out.ascii("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
        QuotedPrintable.encode(content, out);
        out.ascii("\r\n");
    }

    // RFC 2183. The name stands in the type too, for readers who look there only.
    private static void attachment(Octets out, Attachment attachment) {
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
}
