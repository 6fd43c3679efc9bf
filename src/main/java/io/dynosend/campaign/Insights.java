package io.dynosend.campaign;

import io.dynosend.common.Fraction;
import io.dynosend.sending.Deliveries.Counts;
import io.dynosend.tracking.Engagements.Totals;
import java.math.BigDecimal;

/**
 * What came of a campaign (section "Get a campaign" of the API document): counted from the ledger
 * and the tracking tables, so that it adds up. Rates are fractions, rounded half up to two
 * decimals, 0 where there is nothing to divide by.
 */
public record Insights(Counts counts, Totals totals) {

    /** Taken by the relay and not sent back. */
    public long delivered() {
        return counts.sent();
    }

    public BigDecimal deliveryRate() {
        return Fraction.of(delivered(), counts.recipients());
    }

    public BigDecimal uniqueOpenRate() {
        return Fraction.of(totals.uniqueOpens(), delivered());
    }

    public BigDecimal clickRate() {
        return Fraction.of(totals.clicks(), delivered());
    }

    public BigDecimal clickPerUniqueOpen() {
        return Fraction.of(totals.uniqueClicks(), totals.uniqueOpens());
    }

    public BigDecimal spamReportRate() {
        return Fraction.of(totals.complained(), delivered());
    }

    public BigDecimal bounceRate() {
        return Fraction.of(counts.bounced(), counts.recipients());
    }

    public BigDecimal unsubscribedRate() {
        return Fraction.of(totals.unsubscribed(), delivered());
    }
}
