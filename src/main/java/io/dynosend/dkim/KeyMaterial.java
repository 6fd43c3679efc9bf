package io.dynosend.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;

/**
 * A pair of keys, encoded.
 *
 * @param privateKey PKCS #8
 * @param publicKey X.509 SubjectPublicKeyInfo
 */
// Never compared.
@SuppressWarnings("ArrayRecordComponent")
public record KeyMaterial(Algorithm algorithm, byte[] privateKey, byte[] publicKey) {

    private static final int RSA_BITS = 2048;
    private static final int ED25519_BYTES = 32;

    /** New keys: RSA of 2048 bits, which every receiver takes (RFC 8301 §3.2), or Ed25519. */
    public static KeyMaterial generate(Algorithm algorithm) {
        try {
            var generator = Crypto.keyPairGenerator(algorithm.keyAlgorithm());
            if (algorithm == Algorithm.RSA_SHA256) generator.initialize(RSA_BITS);
            KeyPair pair = generator.generateKeyPair();
            return new KeyMaterial(
                    algorithm, pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + algorithm.keyAlgorithm(), e);
        }
    }

    /**
     * The TXT record that publishes the key at {@code selector._domainkey.domain} (RFC 6376 §3.6.1,
     * RFC 8463 §4); longer than 255 octets for RSA, so that DNS carries it in two strings.
     */
    public String record() {
        byte[] key =
                algorithm == Algorithm.ED25519_SHA256
                        ? Arrays.copyOfRange(
                                publicKey, publicKey.length - ED25519_BYTES, publicKey.length)
                        : publicKey;
        return "v=DKIM1; k=%s; p=%s"
                .formatted(algorithm.keyType(), Base64.getEncoder().encodeToString(key));
    }

    @Override
    public String toString() {
        return "KeyMaterial[" + algorithm + "]";
    }
}
