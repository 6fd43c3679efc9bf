package io.dynosend.dkim;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Signs the mail of one domain with each of its keys: immutable, shared by threads. Receivers that
 * do not know Ed25519 verify the RSA signature (RFC 8463 §1).
 */
public final class DkimSigner {

    // RFC 6376 §5.4.1, and what RFC 8058 §4 asks for.
    private static final List<String> SIGNED =
            List.of(
                    "from",
                    "to",
                    "subject",
                    "date",
                    "message-id",
                    "reply-to",
                    "list-id",
                    "list-unsubscribe",
                    "list-unsubscribe-post",
                    "feedback-id",
                    "auto-submitted",
                    "mime-version",
                    "content-type",
                    "content-transfer-encoding");

    // Named once more than they are there: another one added on the way breaks the signature
    // (RFC 6376 §8.15).
    private static final Set<String> OVERSIGNED =
            Set.of(
                    "from",
                    "to",
                    "subject",
                    "date",
                    "reply-to",
                    "list-unsubscribe",
                    "list-unsubscribe-post");

    private static final int LINE = 72;

    private final List<DkimKey> keys;

    public DkimSigner(List<DkimKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * The message with one DKIM-Signature for each key before its header. The same input gives the
     * same bytes.
     *
     * @param message RFC 5322, CRLF line ends
     * @param at when it is signed
     * @throws IllegalArgumentException if the message has no header that CRLF ends
     */
    public byte[] signed(byte[] message, Instant at) {
        var fields = new HeaderFields(message);
        String bodyHash =
                Base64.getEncoder().encodeToString(RelaxedBody.hash(message, fields.bodyStart()));
        var names = names(fields);
        var text = new Text();
        names.forEach(name -> fields.take(name, text));
        var signatures = new StringBuilder();
        for (var key : keys) {
            signatures.append(
                    signature(key, text, signatureWithoutValue(key, names, bodyHash, at)));
        }
        byte[] head = signatures.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] signed = new byte[head.length + message.length];
        System.arraycopy(head, 0, signed, 0, head.length);
        System.arraycopy(message, 0, signed, head.length, message.length);
        return signed;
    }

    private static List<String> names(HeaderFields fields) {
        var names = new ArrayList<String>();
        for (String name : SIGNED) {
            int count = fields.count(name);
            if (OVERSIGNED.contains(name)) count++;
            for (int i = 0; i < count; i++) names.add(name);
        }
        return names;
    }

    // Each line is folded before a tag; relaxed form makes one blank of every fold.
    private static String signatureWithoutValue(
            DkimKey key, List<String> names, String bodyHash, Instant at) {
        return "DKIM-Signature: v=1; a="
                + key.algorithm().tag()
                + "; c=relaxed/relaxed;\r\n d="
                + key.domain()
                + "; s="
                + key.selector()
                + ";\r\n t="
                + at.getEpochSecond()
                + ";\r\n h="
                + folded(names)
                + ";\r\n bh="
                + bodyHash
                + ";\r\n b=";
    }

    private static String folded(List<String> names) {
        var folded = new StringBuilder();
        int column = 3;
        for (String name : names) {
            if (!folded.isEmpty()) folded.append(':');
            if (column + name.length() + 1 > LINE) {
                folded.append("\r\n  ");
                column = 2;
            }
            folded.append(name);
            column += name.length() + 1;
        }
        return folded.toString();
    }

    // The signature signs itself, its own value left out, without a line end (§3.7).
    private static String signature(DkimKey key, Text text, String withoutValue) {
        int before = text.length();
        text.ascii("dkim-signature:")
                .ascii(
                        withoutValue
                                .substring("DKIM-Signature:".length())
                                .replace("\r\n  ", " ")
                                .replace("\r\n ", " ")
                                .strip());
        byte[] value = key.sign(text.bytes(), text.length());
        text.truncate(before);
        return withoutValue + wrapped(Base64.getEncoder().encodeToString(value)) + "\r\n";
    }

    private static String wrapped(String base64) {
        var wrapped = new StringBuilder();
        int column = 3;
        for (int at = 0; at < base64.length(); ) {
            int end = Math.min(at + LINE - column, base64.length());
            if (at > 0) wrapped.append("\r\n ");
            wrapped.append(base64, at, end);
            at = end;
            column = 1;
        }
        return wrapped.toString();
    }
}
