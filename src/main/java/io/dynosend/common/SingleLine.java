package io.dynosend.common;

import io.dynosend.common.Problem.BadInput;

/** Text that ends up in one line of a header, a page or a list, so may hold no line break. */
public final class SingleLine {

    private static final int LONGEST = 255;

    private SingleLine() {}

    /**
     * Lets a single line pass.
     *
     * @param field its name in the request, for the message
     * @return the text itself
     * @throws BadInput if it is over 255 characters, or holds CR, LF, NUL or another control
     *     character, or U+2028 or U+2029
     */
    public static String checked(String field, String text) {
        if (text.length() > LONGEST) {
            throw new BadInput("%s must be %d characters or fewer".formatted(field, LONGEST));
        }
        if (text.chars().anyMatch(SingleLine::breaksTheLine)) {
            throw new BadInput(
                    "%s must be a single line without control characters".formatted(field));
        }
        return text;
    }

    private static boolean breaksTheLine(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }
}
