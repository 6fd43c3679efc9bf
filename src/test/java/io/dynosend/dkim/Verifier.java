package io.dynosend.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.Result;
import org.apache.james.jdkim.exceptions.FailException;
import org.apache.james.jdkim.exceptions.PermFailException;

/**
 * Verifies with the keys of a test instead of DNS: RSA with Apache jDKIM; Ed25519, which that does
 * not know, by the letter of RFC 6376 §6.1.3 and RFC 8463, in strings and with the JDK.
 */
public final class Verifier {

    // SubjectPublicKeyInfo of a raw key (RFC 8410 §4).
    private static final String ED25519_PREFIX = "302a300506032b6570032100";

    private final Map<String, String> records;

    /**
     * @param records by {@code selector._domainkey.domain}
     */
    public Verifier(Map<String, String> records) {
        this.records = records;
    }

    /**
     * The selectors of a message's signatures, if all of them are valid.
     *
     * @throws FailException if one is not
     */
    public List<String> valid(byte[] message) throws Exception {
        String text = new String(message, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        String body = text.substring(end + 4);
        var fields = List.of(text.substring(0, end).split("\r\n(?![ \t])", -1));
        var selectors = new ArrayList<String>();
        var others = new ArrayList<String>();
        for (String field : fields) {
            if (tag(field, "a").equals("ed25519-sha256") && isSignature(field)) {
                verify(field, fields, body);
                selectors.add(tag(field, "s"));
            } else {
                others.add(field);
            }
        }
        selectors.addAll(rsa(String.join("\r\n", others) + "\r\n\r\n" + body));
        return selectors;
    }

    private List<String> rsa(String message) throws Exception {
        var verifier =
                new DKIMVerifier((_, selector, domain) -> {
                    String record = records.get("%s._domainkey.%s".formatted(selector, domain));
                    return record == null ? List.of() : List.of(record);
                });
        var signatures = verifier.verify(new ByteArrayInputStream(message.getBytes(ISO_8859_1)));
        for (var result : verifier.getResults()) {
            if (result.getResultType() != Result.Type.PASS) {
                throw new PermFailException(String.valueOf(result.getErrorMessage()));
            }
        }
        return signatures == null
                ? List.of()
                : signatures.stream().map(each -> each.getSelector().toString()).toList();
    }

    private void verify(String signature, List<String> fields, String body)
            throws GeneralSecurityException, FailException {
        var bodyHash =
                MessageDigest.getInstance("SHA-256").digest(relaxedBody(body).getBytes(ISO_8859_1));
        require(
                Base64.getEncoder().encodeToString(bodyHash).equals(tag(signature, "bh")),
                "body hash");
        var signed = new StringBuilder();
        var left = new ArrayList<>(fields);
        for (String name : tag(signature, "h").split(":", -1)) {
            for (int i = left.size() - 1; i >= 0; i--) {
                if (!name(left.get(i)).equals(name)) continue;
                signed.append(relaxed(left.remove(i))).append("\r\n");
                break;
            }
        }
        signed.append(relaxed(signature.replaceAll("(?s)([;\\s]b=)[^;]*", "$1")));
        var hash =
                MessageDigest.getInstance("SHA-256").digest(signed.toString().getBytes(ISO_8859_1));
        var verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(
                KeyFactory.getInstance("Ed25519")
                        .generatePublic(new X509EncodedKeySpec(publicKey(signature))));
        verifier.update(hash);
        require(verifier.verify(Base64.getDecoder().decode(tag(signature, "b"))), "signature");
    }

    private byte[] publicKey(String signature) {
        String record =
                Objects.requireNonNull(
                        records.get(
                                "%s._domainkey.%s"
                                        .formatted(tag(signature, "s"), tag(signature, "d"))));
        String raw = record.substring(record.indexOf("p=") + 2);
        return HexFormat.of()
                .parseHex(
                        ED25519_PREFIX + HexFormat.of().formatHex(Base64.getDecoder().decode(raw)));
    }

    static String relaxedBody(String body) {
        String lines = body.replaceAll("[ \t]+(?=\r\n|\\z)", "").replaceAll("[ \t]+", " ");
        if (!lines.endsWith("\r\n")) lines += "\r\n";
        while (lines.endsWith("\r\n\r\n")) lines = lines.substring(0, lines.length() - 2);
        return lines.equals("\r\n") ? "" : lines;
    }

    private static String relaxed(String field) {
        String value = field.substring(field.indexOf(':') + 1);
        return name(field) + ":" + value.replaceAll("\r\n", "").replaceAll("[ \t]+", " ").strip();
    }

    private static String name(String field) {
        return field.substring(0, field.indexOf(':')).strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isSignature(String field) {
        return name(field).equals("dkim-signature");
    }

    private static String tag(String field, String name) {
        var found = Pattern.compile("(?s)[;:]\\s*" + name + "=([^;]*)").matcher(field);
        return found.find() ? found.group(1).replaceAll("\\s", "") : "";
    }

    private static void require(boolean valid, String what) throws FailException {
        if (!valid) throw new PermFailException("The " + what + " does not match");
    }
}
