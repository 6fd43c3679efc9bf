package io.dynosend.bench;

import java.util.Arrays;
import java.util.Locale;

/** What a measurement came to; the times in milliseconds. */
record Figures(double perSecond, double p50, double p99) {

    /**
     * @param nanos of each, in any order
     * @param seconds that all took together
     */
    static Figures of(long[] nanos, double seconds) {
        var sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Figures(sorted.length / seconds, millis(sorted, 0.50), millis(sorted, 0.99));
    }

    String json() {
        return String.format(
                Locale.ROOT, "{\"rps\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}", perSecond, p50, p99);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%,9.0f/s   p50 %8.3f ms   p99 %8.3f ms", perSecond, p50, p99);
    }

    private static double millis(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, (long) (sorted.length * share))] / 1e6;
    }
}
