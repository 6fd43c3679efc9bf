package io.dynosend.common;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Rates as the API shows them. */
public final class Fraction {

    private Fraction() {}

    /**
     * Count ÷ of, half up to two decimals, without trailing zeros; 0 when there is nothing to
     * divide by.
     */
    public static BigDecimal of(long count, long of) {
        if (of == 0) return BigDecimal.ZERO;
        var fraction =
                BigDecimal.valueOf(count)
                        .divide(BigDecimal.valueOf(of), 2, RoundingMode.HALF_UP)
                        .stripTrailingZeros();
        return fraction.scale() < 0 ? fraction.setScale(0) : fraction;
    }
}
