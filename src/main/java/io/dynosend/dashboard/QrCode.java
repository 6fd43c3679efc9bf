package io.dynosend.dashboard;

import io.nayuki.qrcodegen.QrCode.Ecc;

/** A text as a picture that cameras read. */
public final class QrCode {

    // ISO/IEC 18004 §9.1: so much is left white around it.
    private static final int BORDER = 4;

    private final io.nayuki.qrcodegen.QrCode code;

    QrCode(String text) {
        code = io.nayuki.qrcodegen.QrCode.encodeText(text, Ecc.MEDIUM);
    }

    /** With its border. */
    public int size() {
        return code.size + 2 * BORDER;
    }

    /** All dark squares as the outline of an SVG path. */
    public String path() {
        var path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append('M').append(x + BORDER).append(' ').append(y + BORDER);
                    path.append("h1v1h-1z");
                }
            }
        }
        return path.toString();
    }
}
