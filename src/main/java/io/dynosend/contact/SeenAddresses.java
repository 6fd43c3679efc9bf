package io.dynosend.contact;

import io.dynosend.common.EmailAddress;
import java.util.Arrays;

/**
 * Where each address of a file stood first. Kept as 64 bits of a hash, for a million addresses
 * would take more room than the file.
 */
final class SeenAddresses {

    private long[] hashes = new long[1 << 12];
    private long[] lines = new long[1 << 12];
    private int size;

    /** The line where the address stood first: this one, if it has not been seen. */
    long first(EmailAddress email, long line) {
        if (size * 2 > hashes.length) grow();
        long hash = hash(email.value());
        int place = place(hashes, hash);
        if (hashes[place] == hash) return lines[place];
        hashes[place] = hash;
        lines[place] = line;
        size++;
        return line;
    }

    private void grow() {
        long[] oldHashes = hashes;
        long[] oldLines = lines;
        hashes = new long[oldHashes.length * 2];
        lines = Arrays.copyOf(hashes, hashes.length);
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] == 0) continue;
            int place = place(hashes, oldHashes[i]);
            hashes[place] = oldHashes[i];
            lines[place] = oldLines[i];
        }
    }

    private static int place(long[] hashes, long hash) {
        int place = (int) (hash >>> 32) & (hashes.length - 1);
        while (hashes[place] != 0 && hashes[place] != hash) place = (place + 1) % hashes.length;
        return place;
    }

    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }
}
