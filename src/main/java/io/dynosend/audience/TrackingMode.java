package io.dynosend.audience;

import io.dynosend.common.Problem.BadInput;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is recorded of the contacts who open a mail or follow a link in it. */
public enum TrackingMode {
    /** Who did what, when and from where. */
    INDIVIDUAL,
    /** How often it was done, by nobody in particular. */
    AGGREGATE,
    /** Nothing. */
    OFF;

    /**
     * The mode of this name, in any case.
     *
     * @throws BadInput if there is none
     */
    public static TrackingMode of(String wire) {
        return Arrays.stream(values())
                .filter(mode -> mode.wire().equals(wire.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(TrackingMode::unknown);
    }

    /** The spelling in the database and in the API. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static BadInput unknown() {
        return new BadInput(
                "tracking must be one of "
                        + Arrays.stream(values())
                                .map(TrackingMode::wire)
                                .collect(Collectors.joining(", ")));
    }
}
