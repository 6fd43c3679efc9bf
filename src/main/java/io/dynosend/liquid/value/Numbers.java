package io.dynosend.liquid.value;

import io.dynosend.liquid.LiquidRenderException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What counts as which number. Arithmetic knows whole numbers ({@code Long}, {@code BigInteger}),
 * decimals ({@code BigDecimal}, shown as {@code Double}) and the doubles that are not finite.
 */
public final class Numbers {

    /** Longer numbers are no prices; they only cost time. */
    private static final int MOST_DIGITS = 3000;

    private static final int MOST_BITS = MOST_DIGITS * 10 / 3;

    private Numbers() {}

    /** The number that a filter computes with: text counts if it looks like one, the rest is 0. */
    public static Number of(@Nullable Object value) {
        return switch (value) {
            case Long number -> number;
            case String text -> ofText(shortened(text).strip());
            case Number number -> normal(number);
            case null, default -> 0L;
        };
    }

    /** A whole number, or one written as such. */
    public static long integer(@Nullable Object value) {
        return switch (SafeText.plain(value)) {
            case String text -> ofDigits(shortened(text).strip());
            case Number number when isWhole(number) -> clampedLong(number);
            case null, default -> throw notWhole();
        };
    }

    /** The whole number that a text begins with, 0 if it begins with none. */
    public static Number leadingInteger(String whole) {
        String text = shortened(whole);
        int start = 0;
        while (start < text.length() && Texts.isSpace(text.charAt(start))) {
            start++;
        }
        int at = start;
        if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            at++;
        }
        StringBuilder digits = new StringBuilder(at > start ? text.substring(start, at) : "");
        int signs = digits.length();
        boolean underscore = true;
        while (at < text.length() && (isDigit(text.charAt(at)) || !underscore)) {
            char c = text.charAt(at++);
            underscore = c == '_';
            if (isDigit(c)) {
                digits.append(c);
            } else if (!underscore) {
                break;
            }
        }
        return digits.length() == signs ? 0L : parsed(digits.toString());
    }

    public static boolean isWhole(@Nullable Object value) {
        return switch (value) {
            case Long _, Integer _, Short _, Byte _, BigInteger _ -> true;
            case AtomicInteger _, AtomicLong _ -> true;
            case null, default -> false;
        };
    }

    /** Of a whole number; what is beyond 64 bits becomes their end. */
    static long clampedLong(@Nullable Object value) {
        return switch (value) {
            case BigInteger big when big.bitLength() > 63 ->
                    big.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
            case Number number when isWhole(number) -> number.longValue();
            case null, default -> throw notWhole();
        };
    }

    /** A result, if it is not too large to go on with. */
    public static Number checked(BigInteger result) {
        if (result.bitLength() < 64) {
            return result.longValue();
        }
        if (result.bitLength() > MOST_BITS) {
            throw LiquidRenderException.limit(
                    "A number has more than %d digits".formatted(MOST_DIGITS));
        }
        return result;
    }

    public static BigInteger bigInteger(Number whole) {
        return whole instanceof BigInteger big ? big : BigInteger.valueOf(whole.longValue());
    }

    /** Of any number that {@link #of} gives, except the doubles that are not finite. */
    public static BigDecimal bigDecimal(Number number) {
        return switch (number) {
            case BigDecimal decimal -> decimal;
            case BigInteger big -> new BigDecimal(big);
            default -> BigDecimal.valueOf(number.longValue());
        };
    }

    /** Less than, equal to or greater than 0 as in {@code compareTo}; both as {@link #of} gives. */
    public static int compare(Number left, Number right) {
        if (left instanceof Long a && right instanceof Long b) {
            return Long.compare(a, b);
        }
        if (left instanceof Double || right instanceof Double) {
            return Double.compare(left.doubleValue(), right.doubleValue());
        }
        return bigDecimal(left).compareTo(bigDecimal(right));
    }

    /** Never true of what is not a number; both as {@link #of} gives. */
    public static boolean isLess(Number left, Number right) {
        return !isNan(left) && !isNan(right) && compare(left, right) < 0;
    }

    static boolean isNan(@Nullable Object value) {
        return value instanceof Double number && number.isNaN();
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static Number normal(Number number) {
        return switch (number) {
            case Integer _, Short _, Byte _, AtomicInteger _, AtomicLong _ -> number.longValue();
            case BigInteger big -> checked(big);
            case BigDecimal decimal -> normal(decimal);
            case Float _, Double _ -> normal(number.doubleValue());
            default -> 0L;
        };
    }

    private static Number normal(double number) {
        return Double.isFinite(number) ? (Number) BigDecimal.valueOf(number) : (Number) number;
    }

    // A decimal of a million places would make the next sum as long.
    private static Number normal(BigDecimal decimal) {
        boolean handy =
                Math.abs(decimal.scale()) <= MOST_DIGITS && decimal.precision() <= MOST_DIGITS;
        return handy ? decimal : normal(decimal.doubleValue());
    }

    // What is longer has too many digits, or begins with too many blanks to be a number.
    private static String shortened(String text) {
        return text.length() > 2 * MOST_DIGITS ? text.substring(0, 2 * MOST_DIGITS) : text;
    }

    private static Number ofText(String text) {
        return isDecimal(text) ? normal(decimal(text)) : leadingInteger(text);
    }

    private static BigDecimal decimal(String text) {
        if (text.length() > MOST_DIGITS) {
            throw LiquidRenderException.limit(
                    "A number has more than %d digits".formatted(MOST_DIGITS));
        }
        return new BigDecimal(text);
    }

    private static boolean isDecimal(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        int dot = text.indexOf('.');
        return dot > start
                && areDigits(text, start, dot)
                && areDigits(text, dot + 1, text.length());
    }

    private static boolean areDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return from < to;
    }

    private static long ofDigits(String text) {
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        String digits = text.substring(sign);
        int radix = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            char mark = digits.charAt(1);
            radix = radix(mark);
            digits = digits.substring(Character.isLetter(mark) ? 2 : 1);
        }
        if ((digits.startsWith("_") && radix != 8)
                || digits.endsWith("_")
                || digits.contains("__")) {
            throw notWhole();
        }
        return clampedLong(parsed(text.startsWith("-"), digits.replace("_", ""), radix));
    }

    private static int radix(char mark) {
        return switch (mark) {
            case 'x', 'X' -> 16;
            case 'b', 'B' -> 2;
            case 'd', 'D' -> 10;
            case 'o', 'O', '_' -> 8;
            default -> {
                if (!isDigit(mark)) {
                    throw notWhole();
                }
                yield 8;
            }
        };
    }

    private static Number parsed(boolean negative, String digits, int radix) {
        if (digits.isEmpty() || Character.digit(digits.charAt(0), radix) < 0) {
            throw notWhole();
        }
        try {
            return parsed(negative ? "-" + digits : digits, radix);
        } catch (NumberFormatException _) {
            throw notWhole();
        }
    }

    private static Number parsed(String digits) {
        return parsed(digits, 10);
    }

    private static Number parsed(String digits, int radix) {
        if (digits.length() > MOST_DIGITS) {
            throw LiquidRenderException.limit(
                    "A number has more than %d digits".formatted(MOST_DIGITS));
        }
        return digits.length() < 18 && radix == 10
                ? (Number) Long.parseLong(digits)
                : checked(new BigInteger(digits, radix));
    }

    private static LiquidRenderException notWhole() {
        return new LiquidRenderException("invalid integer");
    }
}
