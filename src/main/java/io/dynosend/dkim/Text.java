package io.dynosend.dkim;

import java.util.Arrays;

/** Bytes as they are put together. */
final class Text {

    private byte[] bytes = new byte[4096];
    private int length;

    Text put(int octet) {
        if (length == bytes.length) bytes = Arrays.copyOf(bytes, length * 2);
        bytes[length++] = (byte) octet;
        return this;
    }

    Text ascii(String text) {
        for (int i = 0; i < text.length(); i++) put(text.charAt(i));
        return this;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Cuts it back to what it was. */
    void truncate(int to) {
        length = to;
    }
}
