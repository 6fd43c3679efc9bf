package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

/** Puts one copy together: its header and, as multipart/alternative, text and HTML. */
final class MimeWriter {

    // RFC 5322 §3.3.
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final int HEADER_SIZE = 2048;

    private final Draft draft;
    private final Addressee addressee;

    MimeWriter(Draft draft, Addressee addressee) {
        this.draft = draft;
        this.addressee = addressee;
    }

    /** The complete message; the subject is one line, the parts are plain Unicode. */
    byte[] message(CharSequence subject, CharSequence text, CharSequence html) {
        var out = new Octets(HEADER_SIZE + (text.length() + html.length()) * 9 / 8);
        String boundary = boundary();
        header(out, subject.toString(), boundary);
        part(out, boundary, "text/plain", text);
        part(out, boundary, "text/html", html);
        out.ascii("--").ascii(boundary).ascii("--\r\n");
        return out.toArray();
    }

    // Quoted-printable never has "=_", so no part can have the boundary (RFC 2045 §6.7).
    private String boundary() {
        byte[] id = addressee.messageId().getBytes(StandardCharsets.US_ASCII);
        return "=_" + HexFormat.of().formatHex(sha256(id), 0, 16);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private void header(Octets out, String subject, String boundary) {
        var header = new HeaderWriter(out);
        EmailAddress replyTo = draft.replyTo();
        header.mailbox("From", draft.fromName(), draft.from());
        header.mailbox("To", "", addressee.to());
        header.text("Subject", subject);
        if (replyTo != null) header.mailbox("Reply-To", "", replyTo);
        header.field("Date", DATE.format(addressee.date()));
        header.field("Message-ID", "<" + addressee.messageId() + ">");
        header.field("MIME-Version", "1.0");
        addressee.headers().forEach(more -> header.field(more.name(), more.value()));
        header.field("Content-Type", "multipart/alternative; boundary=\"" + boundary + "\"");
        out.ascii("\r\n");
    }

    private static void part(Octets out, String boundary, String type, CharSequence content) {
        out.ascii("--").ascii(boundary).ascii("\r\n");
        out.ascii("Content-Type: ").ascii(type).ascii("; charset=UTF-8\r\n");
        out.ascii("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
        QuotedPrintable.encode(content, out);
        out.ascii("\r\n");
    }
}
