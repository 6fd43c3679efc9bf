package io.dynosend.common;

import java.security.SecureRandom;

/** The public name of a row: 13 random characters of {@code [0-9a-z]}, 67 bits. Never a secret. */
public final class Uid {

    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 13;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Uid() {}

    public static String random() {
        var uid = new char[LENGTH];
        for (int i = 0; i < LENGTH; i++)
            uid[i] = ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length()));
        return new String(uid);
    }
}
