package io.dynosend.content;

/** Which characters may stand in a header as they are. */
final class Ascii {

    private Ascii() {}

    /** Space to tilde only. */
    static boolean isPrintable(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') return false;
        }
        return true;
    }

    /** The text with a blank for whatever would break its line, and none around it. */
    static String oneLine(CharSequence text) {
        if (isPrintable(text)) return text.toString().strip();
        var line = new StringBuilder(text);
        for (int i = 0; i < line.length(); i++) {
            if (breaksLine(line.charAt(i))) line.setCharAt(i, ' ');
        }
        return line.toString().strip();
    }

    /** Controls, and the two separators that some readers take for a line end. */
    static boolean breaksLine(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }
}
