package io.dynosend.liquid.value;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whole numbers from the first to the last, never all in memory unless asked for. */
public record Range(long first, long last) {

    /** Text counts as the number it begins with, anything else that is no whole number fails. */
    public static Range of(@Nullable Object first, @Nullable Object last) {
        return new Range(bound(first), bound(last));
    }

    /** The same of two constants, where a decimal counts as the whole number it begins with. */
    public static Range ofConstants(@Nullable Object first, @Nullable Object last) {
        return Range.of(whole(first), whole(last));
    }

    private static @Nullable Object whole(@Nullable Object value) {
        return value instanceof Double number ? (Long) number.longValue() : value;
    }

    public long size() {
        return last < first ? 0 : Math.max(last - first, last - first + 1);
    }

    /** Whether it lies between the ends, whole or not. */
    boolean contains(Number number) {
        return !Numbers.isLess(number, first) && !Numbers.isLess(last, number);
    }

    public List<Object> toList(Rendering rendering) {
        rendering.steps(size());
        List<Object> numbers = new ArrayList<>((int) size());
        for (long number = first; number <= last; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    @Override
    public String toString() {
        return first + ".." + last;
    }

    private static long bound(@Nullable Object value) {
        return switch (SafeText.plain(value)) {
            case null -> 0;
            case String text -> clamped(Numbers.leadingInteger(text));
            case Object other -> Numbers.clampedLong(other);
        };
    }

    private static long clamped(Number number) {
        return number instanceof BigInteger big
                ? (big.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE)
                : number.longValue();
    }
}
