package io.dynosend.liquid.value;

import io.dynosend.liquid.Limits;
import io.dynosend.liquid.LiquidRenderException;
import java.time.Instant;
import java.time.ZoneId;

/** One rendering: when it happens, what it may use, and what it has used up. */
public final class Rendering {

    // Values may be thrown away, so a rendering may build more than it shows; still not without
    // end.
    private static final int BUILT_PER_SHOWN = 8;
    private static final int STEPS_PER_LOOK_AT_THE_CLOCK = 1 << 10;
    private static final int CHARS_PER_LOOK_AT_THE_CLOCK = 1 << 20;

    private final Limits limits;
    private final Instant now;
    private final ZoneId zone;
    private final boolean escapesHtml;
    private final boolean strict;
    private final boolean lax;
    private final long started = System.nanoTime();
    private int steps;
    private long built;
    private long scanned;

    public Rendering(
            Limits limits,
            Instant now,
            ZoneId zone,
            boolean escapesHtml,
            boolean strict,
            boolean lax) {
        this.limits = limits;
        this.now = now;
        this.zone = zone;
        this.escapesHtml = escapesHtml;
        this.strict = strict;
        this.lax = lax;
    }

    public Instant now() {
        return now;
    }

    public ZoneId zone() {
        return zone;
    }

    public boolean escapesHtml() {
        return escapesHtml;
    }

    public boolean isStrict() {
        return strict;
    }

    /** Whether what fails is shown in its place, and the rest goes on. */
    public boolean isLax() {
        return lax;
    }

    public int longestText() {
        return limits.outputChars();
    }

    /** One node rendered or one item touched. */
    public void step() {
        if (++steps > limits.steps()) {
            throw tooManySteps();
        }
        if ((steps & (STEPS_PER_LOOK_AT_THE_CLOCK - 1)) == 0) {
            lookAtTheClock();
        }
    }

    /** Many items touched at once; call before touching them. */
    public void steps(long count) {
        if (count > limits.steps() - steps) {
            throw tooManySteps();
        }
        steps += (int) count;
        scanned(count);
    }

    /** Counts text that an operation walks through, so that the clock is looked at in time. */
    public void scanned(long chars) {
        scanned += chars;
        if (scanned >= CHARS_PER_LOOK_AT_THE_CLOCK) {
            scanned = 0;
            lookAtTheClock();
        }
    }

    /** Counts text about to be built: no single one too long, nor all together. */
    public void build(long chars) {
        built += chars;
        if (chars > limits.outputChars() || built > (long) limits.outputChars() * BUILT_PER_SHOWN) {
            throw tooLong();
        }
        scanned(chars);
    }

    public void nest(int depth) {
        if (depth > limits.nesting()) {
            throw LiquidRenderException.limit(
                    "The template nests deeper than %d levels".formatted(limits.nesting()));
        }
    }

    public LiquidRenderException tooLong() {
        return LiquidRenderException.limit(
                "The template makes text longer than %d characters"
                        .formatted(limits.outputChars()));
    }

    private LiquidRenderException tooManySteps() {
        return LiquidRenderException.limit(
                "The template takes more than %d steps".formatted(limits.steps()));
    }

    private void lookAtTheClock() {
        if (System.nanoTime() - started > limits.time().toNanos()) {
            throw LiquidRenderException.limit(
                    "The template takes longer than %d ms".formatted(limits.time().toMillis()));
        }
    }
}
