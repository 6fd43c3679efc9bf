package io.dynosend.contact;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An import, from the file that somebody brought to what became of it.
 *
 * @param plan null: not decided yet, made by the API, or one of a list
 * @param planned whether somebody has decided what becomes of it
 * @param bytes of the file
 * @param total rows of the file; null: not counted yet
 * @param done rows that have become something
 * @param skipped those who were there already and stayed as they were
 * @param problem why it ended before the last row; empty if it did not
 */
public record ImportJob(
        long id,
        String uid,
        long audience,
        String fileName,
        State state,
        @Nullable ImportPlan plan,
        boolean planned,
        long bytes,
        @Nullable Long total,
        long done,
        int created,
        int updated,
        int skipped,
        int rejected,
        String problem,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** How far an import is. */
    public enum State {
        DRAFT,
        QUEUED,
        DONE,
        FAILED,
        CANCELLED;

        static State of(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean isUnderWay() {
        return state == State.QUEUED;
    }
}
