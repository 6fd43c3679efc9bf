package io.dynosend.smtp;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of a test's own, and the certificates it issues (RFC 5280 §4.1). */
public final class Certificates {

    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration DAY = Duration.ofDays(1);
    private static final char[] NO_PASSWORD = new char[0];

    private static final byte[] ECDSA_WITH_SHA256 = hex("300a06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final byte[] ALTERNATIVE_NAMES = hex("0603551d11");
    private static final byte[] IS_AUTHORITY = hex("300f0603551d130101ff040530030101ff");

    private final KeyPair authority = keys();
    private final Instant now = Instant.now();

    /** Trusts what this authority has issued, and nothing else. */
    public SSLContext trust() throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, NO_PASSWORD);
        store.setCertificateEntry(
                "authority",
                certificate(
                        "authority",
                        "authority",
                        authority,
                        authority,
                        now.plus(DAY),
                        IS_AUTHORITY));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    public SSLContext valid(String host) throws Exception {
        var keys = keys();
        return identity(
                keys, certificate("authority", host, authority, keys, now.plus(DAY), names(host)));
    }

    public SSLContext expired(String host) throws Exception {
        var keys = keys();
        return identity(
                keys, certificate("authority", host, authority, keys, now.minus(DAY), names(host)));
    }

    public SSLContext selfSigned(String host) throws Exception {
        var keys = keys();
        return identity(keys, certificate(host, host, keys, keys, now.plus(DAY), names(host)));
    }

    private Certificate certificate(
            String issuer,
            String subject,
            KeyPair issuerKeys,
            KeyPair keys,
            Instant until,
            byte[] extension)
            throws GeneralSecurityException {
        byte[] content =
                der(
                        0x30,
                        hex("a003020102"),
                        der(0x02, BigInteger.valueOf(now.toEpochMilli()).toByteArray()),
                        ECDSA_WITH_SHA256,
                        name(issuer),
                        der(0x30, time(now.minus(DAY.multipliedBy(10))), time(until)),
                        name(subject),
                        keys.getPublic().getEncoded(),
                        der(0xa3, der(0x30, extension)));
        var signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(issuerKeys.getPrivate());
        signer.update(content);
        byte[] whole = der(0x30, content, ECDSA_WITH_SHA256, der(0x03, new byte[1], signer.sign()));
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(whole));
    }

    private static SSLContext identity(KeyPair keys, Certificate certificate) throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, NO_PASSWORD);
        store.setKeyEntry(
                "server", keys.getPrivate(), NO_PASSWORD, new Certificate[] {certificate});
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, NO_PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] name(String commonName) {
        return der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, ascii(commonName)))));
    }

    private static byte[] names(String host) {
        return der(0x30, ALTERNATIVE_NAMES, der(0x04, der(0x30, der(0x82, ascii(host)))));
    }

    private static byte[] time(Instant instant) {
        return der(0x17, ascii(UTC_TIME.format(instant)));
    }

    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) content.writeBytes(part);
        var whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (content.size() >= 0x100) {
            whole.write(0x82);
            whole.write(content.size() >> 8);
        } else if (content.size() >= 0x80) {
            whole.write(0x81);
        }
        whole.write(content.size());
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
