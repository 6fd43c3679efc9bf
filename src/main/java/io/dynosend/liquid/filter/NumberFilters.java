package io.dynosend.liquid.filter;

import static io.dynosend.liquid.value.Numbers.bigDecimal;
import static io.dynosend.liquid.value.Numbers.bigInteger;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.value.Numbers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic: whole numbers stay whole and exact, decimals are added as people add them and shown
 * as doubles.
 */
final class NumberFilters {

    static final List<Filter> ALL =
            List.of(
                    Filter.of(
                            "plus",
                            1,
                            1,
                            (in, with, _) -> shown(plus(number(in), number(with[0])))),
                    Filter.of("minus", 1, 1, (in, with, _) -> shown(minus(in, with[0]))),
                    Filter.of("times", 1, 1, (in, with, _) -> shown(times(in, with[0]))),
                    Filter.of("divided_by", 1, 1, (in, with, _) -> shown(quotient(in, with[0]))),
                    Filter.of("modulo", 1, 1, (in, with, _) -> shown(remainder(in, with[0]))),
                    Filter.of("abs", 0, 0, (in, _, _) -> shown(absolute(number(in)))),
                    Filter.of(
                            "ceil",
                            0,
                            0,
                            (in, _, _) -> rounded(number(in), 0, RoundingMode.CEILING)),
                    Filter.of(
                            "floor",
                            0,
                            0,
                            (in, _, _) -> rounded(number(in), 0, RoundingMode.FLOOR)),
                    Filter.of("round", 0, 1, (in, with, _) -> round(in, with)),
                    Filter.of("at_least", 1, 1, (in, with, _) -> shown(larger(in, with[0]))),
                    Filter.of("at_most", 1, 1, (in, with, _) -> shown(smaller(in, with[0]))));

    // More digits than a double shows, so that the last one shown is right.
    private static final MathContext PRECISION = MathContext.DECIMAL128;
    private static final int MOST_PLACES = 1000;

    private NumberFilters() {}

    static Number plus(Number a, Number b) {
        if (a instanceof Long x && b instanceof Long y) {
            long sum = x + y;
            boolean overflown = ((x ^ sum) & (y ^ sum)) < 0;
            return overflown ? bigInteger(a).add(bigInteger(b)) : (Number) sum;
        }
        if (areWhole(a, b)) {
            return Numbers.checked(bigInteger(a).add(bigInteger(b)));
        }
        return areFinite(a, b)
                ? bigDecimal(a).add(bigDecimal(b))
                : (Number) (a.doubleValue() + b.doubleValue());
    }

    /** As templates see it: decimals as doubles. */
    static Number shown(Number result) {
        return result instanceof BigDecimal decimal ? (Number) decimal.doubleValue() : result;
    }

    private static Number number(@Nullable Object value) {
        return Numbers.of(value);
    }

    private static Number minus(@Nullable Object left, @Nullable Object right) {
        Number b = number(right);
        return plus(
                number(left),
                switch (b) {
                    case Long whole when whole != Long.MIN_VALUE -> -whole;
                    case BigDecimal decimal -> decimal.negate();
                    case Double infinite -> -infinite;
                    default -> bigInteger(b).negate();
                });
    }

    private static Number times(@Nullable Object left, @Nullable Object right) {
        Number a = number(left);
        Number b = number(right);
        if (areWhole(a, b)) {
            return Numbers.checked(bigInteger(a).multiply(bigInteger(b)));
        }
        return areFinite(a, b)
                ? bigDecimal(a).multiply(bigDecimal(b))
                : (Number) (a.doubleValue() * b.doubleValue());
    }

    private static Number quotient(@Nullable Object left, @Nullable Object right) {
        Number a = number(left);
        Number b = number(right);
        if (areWhole(a, b)) {
            return Numbers.checked(floorDivided(bigInteger(a), bigInteger(nonZero(b))));
        }
        // Of decimals, a division by 0 has a result, an infinite one.
        return areFinite(a, b) && !isZero(b)
                ? bigDecimal(a).divide(bigDecimal(b), PRECISION)
                : (Number) (a.doubleValue() / b.doubleValue());
    }

    private static Number remainder(@Nullable Object left, @Nullable Object right) {
        Number a = number(left);
        Number b = nonZero(number(right));
        if (areWhole(a, b)) {
            BigInteger whole = floorDivided(bigInteger(a), bigInteger(b));
            return Numbers.checked(bigInteger(a).subtract(whole.multiply(bigInteger(b))));
        }
        if (!areFinite(a, b)) {
            return a.doubleValue() % b.doubleValue();
        }
        BigDecimal rest = bigDecimal(a).remainder(bigDecimal(b));
        boolean signsDiffer = rest.signum() != 0 && rest.signum() != bigDecimal(b).signum();
        return signsDiffer ? rest.add(bigDecimal(b)) : rest;
    }

    private static Number nonZero(Number divisor) {
        if (isZero(divisor)) {
            throw new LiquidRenderException("divided by 0");
        }
        return divisor;
    }

    private static boolean isZero(Number number) {
        return !(number instanceof Double) && bigDecimal(number).signum() == 0;
    }

    private static BigInteger floorDivided(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean down = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        return down ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static Number absolute(Number number) {
        return switch (number) {
            case BigDecimal decimal -> decimal.abs();
            case Double infinite -> Math.abs(infinite);
            default -> Numbers.checked(bigInteger(number).abs());
        };
    }

    private static Number round(@Nullable Object input, @Nullable Object[] arguments) {
        Number wanted = arguments.length == 0 ? 0L : number(arguments[0]);
        long places = (long) Math.clamp(wanted.doubleValue(), -MOST_PLACES, MOST_PLACES);
        return rounded(number(input), (int) places, RoundingMode.HALF_UP);
    }

    private static Number rounded(Number number, int places, RoundingMode mode) {
        if (number instanceof Double infinite) {
            String nan = infinite.isNaN() ? " (Not a Number)" : "";
            throw new LiquidRenderException(
                    "Computation results in '%s'%s".formatted(infinite, nan));
        }
        if (number instanceof BigDecimal decimal && places > 0) {
            return decimal.setScale(Math.min(places, Math.max(0, decimal.scale())), mode)
                    .doubleValue();
        }
        boolean exact = !(number instanceof BigDecimal) && places >= 0;
        return exact
                ? number
                : Numbers.checked(bigDecimal(number).setScale(places, mode).toBigInteger());
    }

    private static Number larger(@Nullable Object left, @Nullable Object right) {
        Number a = number(left);
        Number b = number(right);
        return Numbers.isLess(a, b) ? b : a;
    }

    private static Number smaller(@Nullable Object left, @Nullable Object right) {
        Number a = number(left);
        Number b = number(right);
        return Numbers.isLess(b, a) ? b : a;
    }

    private static boolean areWhole(Number a, Number b) {
        return Numbers.isWhole(a) && Numbers.isWhole(b);
    }

    private static boolean areFinite(Number a, Number b) {
        return !(a instanceof Double) && !(b instanceof Double);
    }
}
