package io.dynosend.dashboard;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What an authenticator app does: written by the RFCs, and knowing nothing of our code. */
final class Totps {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Totps() {}

    /** RFC 6238, with a secret as people type it (RFC 4648 §6). */
    static String code(String secret, Instant at) {
        var octets = ByteBuffer.allocate(secret.length() * 5 / 8);
        long bits = 0;
        int count = 0;
        for (int i = 0; i < secret.length(); i++) {
            bits = (bits << 5) | ALPHABET.indexOf(secret.charAt(i));
            count += 5;
            if (count >= 8) {
                count -= 8;
                octets.put((byte) (bits >> count));
            }
        }
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(octets.array(), "HmacSHA1"));
            byte[] hash =
                    mac.doFinal(ByteBuffer.allocate(8).putLong(at.getEpochSecond() / 30).array());
            int number = ByteBuffer.wrap(hash).getInt(hash[19] & 15) & 0x7fffffff;
            return String.format("%06d", number % 1_000_000);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
