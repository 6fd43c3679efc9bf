package io.dynosend.content;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes being written, growing as needed; used again for one message after the other. */
final class Octets {

    private byte[] bytes;
    private int size;

    Octets(int expected) {
        bytes = new byte[expected];
    }

    /** Makes room, so that the next {@code count} calls of {@link #put} need not look. */
    void reserve(int count) {
        if (size + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + count));
        }
    }

    /** Only after {@link #reserve}. */
    void put(int octet) {
        bytes[size++] = (byte) octet;
    }

    /** Appends text that is known to be ASCII. */
    Octets ascii(CharSequence text) {
        return ascii(text, 0, text.length());
    }

    /** Appends part of a text that is known to be ASCII there. */
    Octets ascii(CharSequence text, int start, int end) {
        reserve(end - start);
        byte[] to = bytes;
        int at = size;
        for (int i = start; i < end; i++) to[at++] = (byte) text.charAt(i);
        size = at;
        return this;
    }

    Octets utf8(String text) {
        return append(text.getBytes(StandardCharsets.UTF_8));
    }

    Octets append(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
        return this;
    }

    int size() {
        return size;
    }

    /**
     * Puts something shorter, or as long, in place of what stands from {@code from} to {@code to}.
     */
    void replace(int from, int to, byte[] shorter) {
        System.arraycopy(shorter, 0, bytes, from, shorter.length);
        System.arraycopy(bytes, to, bytes, from + shorter.length, size - to);
        size -= to - from - shorter.length;
    }

    /** Forgets what was written, but not the room for it. */
    void clear() {
        size = 0;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }
}
