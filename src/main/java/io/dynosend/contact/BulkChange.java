package io.dynosend.contact;

import io.dynosend.common.Problem.BadInput;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One change of many contacts.
 *
 * @param value the tag, or the field that is cleared
 * @param total how many matched when it began
 * @param done how many have been changed
 */
public record BulkChange(
        String uid,
        Action action,
        String value,
        int total,
        int done,
        Instant startedAt,
        @Nullable Instant finishedAt) {

    /** What is done to each. */
    public enum Action {
        TAG,
        UNTAG,
        UNSUBSCRIBE,
        DELETE,
        /** Takes the value of a field away. */
        CLEAR;

        public static Action of(String wire) {
            for (var each : values()) if (each.wire().equals(wire)) return each;
            throw new BadInput("Choose what to do with them");
        }

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean isFinished() {
        return finishedAt != null;
    }
}
