package io.dynosend.common;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA-256 (RFC 2104) with one key for very many short messages, by any number of threads: what
 * depends on the key alone is hashed once, as RFC 2104 §4 proposes.
 */
public final class Hmac {

    private static final int BLOCK = 64;

    private final MessageDigest inner;
    private final MessageDigest outer;

    /**
     * @param key at most 64 bytes
     */
    public Hmac(byte[] key) {
        if (key.length > BLOCK) throw new IllegalArgumentException("The key is over 64 bytes");
        inner = keyed(key, 0x36);
        outer = keyed(key, 0x5c);
    }

    /** The code of a message, 32 bytes. */
    public byte[] of(byte[] message) {
        try {
            // Nobody ever writes to the two themselves, so any thread may copy them.
            byte[] hash = ((MessageDigest) inner.clone()).digest(message);
            return ((MessageDigest) outer.clone()).digest(hash);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Every Java's SHA-256 can be copied", e);
        }
    }

    private static MessageDigest keyed(byte[] key, int pad) {
        byte[] block = Arrays.copyOf(key, BLOCK);
        for (int i = 0; i < BLOCK; i++) block[i] ^= (byte) pad;
        var digest = sha256();
        digest.update(block);
        return digest;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
