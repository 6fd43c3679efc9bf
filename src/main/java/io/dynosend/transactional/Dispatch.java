package io.dynosend.transactional;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One message that was asked for, and what became of it.
 *
 * @param uid of this one message
 * @param transactionalUid of what it was made of, which may be deleted by now
 * @param status waiting, sent, failed, skipped or unknown
 * @param tries how often the receiver has deferred it
 * @param reason why it was skipped, failed, deferred or is unknown
 * @param reply the receiver's last answer
 * @param sentAt null unless it is sent
 */
public record Dispatch(
        String uid,
        String transactionalUid,
        @Nullable String recipient,
        String subject,
        String status,
        int tries,
        @Nullable String reason,
        @Nullable String reply,
        Instant queuedAt,
        @Nullable Instant sentAt) {}
