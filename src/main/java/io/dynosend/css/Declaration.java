package io.dynosend.css;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A property and its value.
 *
 * @param end before what ends it, in the style sheet
 * @param name in lower case
 * @param value without {@code !important}
 */
public record Declaration(int end, String name, String value, boolean important) {

    private static final Pattern BORDER =
            Pattern.compile("border(?:-(?:top|right|bottom|left|width|style|color)(?:-.*)?)?");

    /** Whether one of the two may set what the other sets, as {@code font} sets the line height. */
    public static boolean overlap(String one, String other) {
        if (one.equals(other) || one.equals("all") || other.equals("all")) return true;
        if (one.startsWith(other + "-") || other.startsWith(one + "-")) return true;
        if (BORDER.matcher(one).matches() && BORDER.matcher(other).matches()) return true;
        return isFontAndLine(one, other) || isFontAndLine(other, one);
    }

    private static boolean isFontAndLine(String one, String other) {
        return one.equals("font") && other.equals("line-height");
    }

    /** Whether the name is one that browsers read; {@code *zoom} is for those that are gone. */
    static boolean isName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !lower.isEmpty()
                && lower.chars().allMatch(c -> c == '-' || c == '_' || Character.isLetterOrDigit(c))
                && !Character.isDigit(lower.charAt(0));
    }
}
