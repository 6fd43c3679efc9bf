package io.dynosend.content;

import java.util.Arrays;

/** Bytes being written, growing as needed. */
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
        int length = text.length();
        reserve(length);
        for (int i = 0; i < length; i++) put(text.charAt(i));
        return this;
    }

    void append(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }
}
