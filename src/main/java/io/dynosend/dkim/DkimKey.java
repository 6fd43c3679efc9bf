package io.dynosend.dkim;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a domain signs with: immutable, shared by threads. */
public final class DkimKey {

    private final String domain;
    private final String selector;
    private final Algorithm algorithm;
    private final PrivateKey key;
    // Making one ready for a key takes as long as signing; there are as many as threads that sign.
    private final Queue<Signature> idle = new ConcurrentLinkedQueue<>();

    /**
     * @param domain in A-labels
     * @param selector under which the public key is published
     * @throws IllegalArgumentException if it is no key of this algorithm
     */
    public DkimKey(String domain, String selector, KeyMaterial material) {
        this.domain = domain;
        this.selector = selector;
        this.algorithm = material.algorithm();
        try {
            key =
                    Crypto.keyFactory(algorithm.keyAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(material.privateKey()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("Not a private key for " + algorithm, e);
        }
    }

    String domain() {
        return domain;
    }

    String selector() {
        return selector;
    }

    Algorithm algorithm() {
        return algorithm;
    }

    /** Signs the canonical header fields: for Ed25519 their hash (RFC 8463 §3). */
    byte[] sign(byte[] text, int length) {
        try {
            var signature = ready();
            if (algorithm == Algorithm.ED25519_SHA256) {
                var digest = Crypto.sha256();
                digest.update(text, 0, length);
                signature.update(digest.digest());
            } else {
                signature.update(text, 0, length);
            }
            byte[] value = signature.sign();
            idle.offer(signature);
            return value;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot sign for " + domain, e);
        }
    }

    private Signature ready() throws GeneralSecurityException {
        var known = idle.poll();
        if (known != null) return known;
        var signature = Crypto.signature(algorithm.signatureAlgorithm());
        signature.initSign(key);
        return signature;
    }

    @Override
    public String toString() {
        return "DkimKey[%s._domainkey.%s]".formatted(selector, domain);
    }
}
