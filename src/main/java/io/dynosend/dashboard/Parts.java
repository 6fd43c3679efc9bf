package io.dynosend.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A whole and what it is made of: {@code dashboard/parts.jte} shows it as a bar whose pieces add up
 * and a legend with the figures.
 */
public record Parts(String title, List<Part> parts) {

    /**
     * One of them.
     *
     * @param look its colour in chart.css: sent, failed, skipped, unknown, waiting, or s1 to s5
     * @param href what is behind it; empty: nothing
     */
    public record Part(String name, long count, String look, String href) {}

    /** One piece of the bar, in percent of it. */
    public record Piece(Part part, String left, String width) {}

    // Of who looks at a million, the one that failed is still seen.
    private static final double NARROWEST = 0.006;

    public long total() {
        return parts.stream().mapToLong(Part::count).sum();
    }

    public List<Piece> pieces() {
        double widths =
                parts.stream().filter(part -> part.count() > 0).mapToDouble(this::width).sum();
        var pieces = new ArrayList<Piece>();
        double left = 0;
        for (var part : parts) {
            if (part.count() == 0) continue;
            double width = width(part) / widths;
            pieces.add(new Piece(part, percent(left), percent(width)));
            left += width;
        }
        return pieces;
    }

    private double width(Part part) {
        return Math.max(NARROWEST, (double) part.count() / total());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.3f%%", share * 100);
    }
}
