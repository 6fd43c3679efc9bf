package io.dynosend.relay;

import io.dynosend.common.Problem.BadInput;
import org.jspecify.annotations.Nullable;

/**
 * How much a relay takes, of all nodes together. What is null has no limit.
 *
 * @param connections at the same time
 * @param perSecond messages
 * @param perHour messages, spread evenly over it
 * @param perConnection messages, then a new one is opened
 */
public record RelayLimits(
        @Nullable Integer connections,
        @Nullable Double perSecond,
        @Nullable Integer perHour,
        @Nullable Integer perConnection) {

    public static final RelayLimits NONE = new RelayLimits(null, null, null, null);

    private static final int MOST = 1_000_000_000;
    private static final double SECONDS_AN_HOUR = 3_600;

    /**
     * @throws BadInput naming the limit that is not above zero
     */
    public RelayLimits {
        check("connections", connections);
        check("messages_per_second", perSecond);
        check("messages_per_hour", perHour);
        check("messages_per_connection", perConnection);
    }

    /** Messages a second, by the second and the hour; infinite without a limit. */
    public double rate() {
        double bySecond = perSecond == null ? Double.POSITIVE_INFINITY : perSecond;
        double byHour = perHour == null ? Double.POSITIVE_INFINITY : perHour / SECONDS_AN_HOUR;
        return Math.min(bySecond, byHour);
    }

    private static void check(String name, @Nullable Number limit) {
        if (limit == null) return;
        double value = limit.doubleValue();
        if (!(value > 0) || value > MOST) {
            throw new BadInput(name + " must be above 0, at most " + MOST);
        }
    }
}
