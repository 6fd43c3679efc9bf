package io.dynosend.sending;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * What new sending domains may send today (UTC), all nodes together. Single messages are not held
 * back by it, and do not count.
 */
final class WarmUps {

    private static final String LIMIT =
            """
            SELECT warm_up_plan[(clock_timestamp() AT TIME ZONE 'UTC')::date - warm_up_from + 1]
            FROM sending_domain
            WHERE account_id = :account AND domain = :domain
              AND warm_up_from <= (clock_timestamp() AT TIME ZONE 'UTC')::date
            """;

    private static final String BEGIN_DAY =
            """
            INSERT INTO warm_up_day (account_id, domain, day, sent)
            VALUES (:account, :domain, (clock_timestamp() AT TIME ZONE 'UTC')::date, 0)
            ON CONFLICT DO NOTHING
            """;

    private static final String LOCK_DAY =
            """
            SELECT sent
            FROM warm_up_day
            WHERE account_id = :account AND domain = :domain
              AND day = (clock_timestamp() AT TIME ZONE 'UTC')::date
            FOR UPDATE
            """;

    private static final String ADD =
            """
            UPDATE warm_up_day
            SET sent = greatest(0, sent + :more)
            WHERE account_id = :account AND domain = :domain
              AND day = (clock_timestamp() AT TIME ZONE 'UTC')::date
            """;

    // So long a plan that has just begun may be overlooked.
    private static final Duration KEPT = Duration.ofSeconds(2);
    private static final int IN_MEMORY = 10_000;

    private record Key(long account, String domain) {}

    private final Jdbi jdbi;
    private final Cache<Key, OptionalInt> limits =
            Caffeine.newBuilder().maximumSize(IN_MEMORY).expireAfterWrite(KEPT).build();

    WarmUps(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Takes so many messages of today, or what is left.
     *
     * @return how many may be sent; all of them without a plan, or when it has ended
     */
    int take(long account, String sendingDomain, int wanted) {
        var key = new Key(account, sendingDomain.toLowerCase(Locale.ROOT));
        var limit = limits.get(key, this::limit);
        if (limit.isEmpty()) return wanted;
        return jdbi.inTransaction(tx -> {
            of(tx.createUpdate(BEGIN_DAY), key).execute();
            int sent = of(tx.createQuery(LOCK_DAY), key).mapTo(Integer.class).one();
            int granted = Math.clamp(limit.getAsInt() - (long) sent, 0, wanted);
            add(tx, key, granted);
            return granted;
        });
    }

    /** Gives back what was taken and not sent. */
    void giveBack(long account, String sendingDomain, int unused) {
        var key = new Key(account, sendingDomain.toLowerCase(Locale.ROOT));
        if (unused == 0 || limits.get(key, this::limit).isEmpty()) return;
        jdbi.useHandle(db -> add(db, key, -unused));
    }

    private OptionalInt limit(Key key) {
        return jdbi.withHandle(db ->
                of(db.createQuery(LIMIT), key)
                        .mapTo(Integer.class)
                        .findOne()
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty()));
    }

    private static void add(Handle db, Key key, int more) {
        of(db.createUpdate(ADD), key).bind("more", more).execute();
    }

    private static <S extends SqlStatement<S>> S of(S statement, Key key) {
        return statement.bind("account", key.account()).bind("domain", key.domain());
    }
}
