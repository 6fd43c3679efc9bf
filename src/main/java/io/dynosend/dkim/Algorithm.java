package io.dynosend.dkim;

/** How a signature is made (RFC 6376 §3.3, RFC 8463 §3). */
public enum Algorithm {
    RSA_SHA256("rsa-sha256", "rsa", "RSA", "SHA256withRSA"),
    ED25519_SHA256("ed25519-sha256", "ed25519", "Ed25519", "Ed25519");

    private final String tag;
    private final String keyType;
    private final String keyAlgorithm;
    private final String signatureAlgorithm;

    Algorithm(String tag, String keyType, String keyAlgorithm, String signatureAlgorithm) {
        this.tag = tag;
        this.keyType = keyType;
        this.keyAlgorithm = keyAlgorithm;
        this.signatureAlgorithm = signatureAlgorithm;
    }

    /** The one of this tag. */
    public static Algorithm of(String tag) {
        for (var each : values()) {
            if (each.tag.equals(tag)) return each;
        }
        throw new IllegalArgumentException("No algorithm " + tag);
    }

    /** What {@code a=} of a signature says. */
    public String tag() {
        return tag;
    }

    /** What {@code k=} of a key record says. */
    public String keyType() {
        return keyType;
    }

    /** Java's name of the keys. */
    String keyAlgorithm() {
        return keyAlgorithm;
    }

    /** Java's name of the signatures. */
    String signatureAlgorithm() {
        return signatureAlgorithm;
    }
}
