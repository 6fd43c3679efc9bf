package io.dynosend.account;

import static io.dynosend.common.Sql.utc;

import io.dynosend.common.EmailAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The first answer to each {@code Idempotency-Key} of a user, for 24 hours. It is written in the
 * transaction of the effect, so that there is never one without the other.
 */
public final class IdempotentAnswers {

    /**
     * What was answered.
     *
     * @param request the SHA-256 of what was asked
     * @param status of HTTP
     * @param json null: none
     */
    // Compared with Arrays.equals.
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(byte[] request, int status, @Nullable String json) {

        public Answer withoutText() {
            return new Answer(request, status, null);
        }
    }

    private static final Duration KEPT = Duration.ofHours(24);

    // Held to the end of the transaction, and let go of by the server if its holder dies.
    private static final String LOCK =
            "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 24))";

    private static final String FIND =
            """
            SELECT request, status, answer
            FROM idempotent_answer
            WHERE account_id = :account AND user_id = :user AND key = :key AND created_at > :since
            """;

    private static final String KEEP =
            """
            INSERT INTO idempotent_answer (
                account_id, user_id, key, request, status, answer, created_at)
            VALUES (:account, :user, :key, :request, :status, :answer, :now)
            ON CONFLICT (account_id, user_id, key) DO UPDATE
            SET request = excluded.request, status = excluded.status, answer = excluded.answer,
                created_at = excluded.created_at
            """;

    private static final String FORGET = "DELETE FROM idempotent_answer WHERE created_at <= :since";

    private static final String FORGET_ADDRESSES =
            """
            DELETE FROM idempotent_answer
            WHERE account_id = :account
              AND EXISTS (
                  SELECT FROM unnest(:addresses) AS a
                  WHERE strpos(lower(answer), a) > 0 OR strpos(lower(key), a) > 0)
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;

    public IdempotentAnswers(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** Takes the key for the rest of the transaction; false while another request has it. */
    public boolean lock(Handle tx, Principal user, String key) {
        return tx.createQuery(LOCK)
                .bind("name", user.account() + " " + user.user() + " " + key)
                .mapTo(Boolean.class)
                .one();
    }

    public Optional<Answer> find(Handle tx, Principal user, String key) {
        return tx.createQuery(FIND)
                .bind("account", user.account())
                .bind("user", user.user())
                .bind("key", key)
                .bind("since", utc(clock.instant().minus(KEPT)))
                .map((row, _) ->
                        new Answer(
                                row.getBytes("request"),
                                row.getInt("status"),
                                row.getString("answer")))
                .findOne();
    }

    public void keep(Handle tx, Principal user, String key, Answer answer) {
        tx.createUpdate(KEEP)
                .bind("account", user.account())
                .bind("user", user.user())
                .bind("key", key)
                .bind("request", answer.request())
                .bind("status", answer.status())
                .bind("answer", answer.json())
                .bind("now", utc(clock.instant()))
                .execute();
    }

    /** Forgets the answers and keys that name one of these addresses: they may be asked again. */
    public void forget(Handle tx, long account, Collection<EmailAddress> addresses) {
        tx.createUpdate(FORGET_ADDRESSES)
                .bind("account", account)
                .bindArray(
                        "addresses",
                        String.class,
                        addresses.stream().map(EmailAddress::value).toList())
                .execute();
    }

    /** Removes what is older than 24 hours. */
    public void forgetOld() {
        jdbi.useHandle(db ->
                db.createUpdate(FORGET).bind("since", utc(clock.instant().minus(KEPT))).execute());
    }
}
