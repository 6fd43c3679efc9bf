package io.dynosend.account;

import static io.dynosend.common.Sql.utc;

import io.dynosend.common.Problem.TooManyRequests;
import io.dynosend.database.Batcher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Ten requests a second for each user (section "Rate limit" of the API document), over all nodes
 * and tokens: never more than ten within any second, counted by the database's clock.
 *
 * <p>A client that sends ten in every second by its own clock arrives, because of the network, a
 * few milliseconds early now and then. Who comes up to {@link #PATIENCE} early is held until it is
 * time and not refused.
 */
public final class RateLimit {

    public static final int REQUESTS_A_SECOND = 10;

    static final Duration PATIENCE = Duration.ofMillis(100);

    // Of each request in the batch: how long it has to wait, and whether that is too long.
    private static final String TAKE =
            """
            SELECT place, delay, refused, remaining
            FROM take_requests(
                :places, :accounts, :users, :most, :patience, cast(:at AS timestamptz))
            """;

    private record Taken(double delay, boolean refused, int remaining) {}

    private final Batcher<Principal, Taken> requests;
    private final boolean lifted;
    private final @Nullable InstantSource clock;

    /**
     * @param lifted lets everybody through: for benchmarks and tests
     */
    public RateLimit(Jdbi jdbi, boolean lifted) {
        this(jdbi, lifted, null);
    }

    /**
     * @param clock null: the database's
     */
    RateLimit(Jdbi jdbi, boolean lifted, @Nullable InstantSource clock) {
        this.requests = new Batcher<>(jdbi, this::take);
        this.lifted = lifted;
        this.clock = clock;
    }

    /** Whether everybody is let through. */
    public boolean lifted() {
        return lifted;
    }

    /**
     * Counts a request, and waits a moment where it is a little early.
     *
     * @return how many more the user may make now
     * @throws TooManyRequests beyond ten a second
     */
    public int take(Principal principal) {
        if (lifted) return REQUESTS_A_SECOND;
        var taken = requests.ask(principal);
        var wait = Duration.ofNanos(Math.round(taken.delay() * 1e9));
        if (taken.refused()) throw new TooManyRequests(wait);
        if (wait.isPositive()) LockSupport.parkNanos(wait.toNanos());
        return taken.remaining();
    }

    // In the order of the users, so that two nodes never wait for each other crosswise.
    private List<Taken> take(Handle db, List<Principal> asking) {
        var order =
                IntStream.range(0, asking.size())
                        .boxed()
                        .sorted(Comparator.comparingLong(place -> asking.get(place).user()))
                        .toList();
        var taken = new Taken[asking.size()];
        db.createQuery(TAKE)
                .bindArray("places", Integer.class, order)
                .bindArray("accounts", Long.class, column(order, asking, Principal::account))
                .bindArray("users", Long.class, column(order, asking, Principal::user))
                .bind("most", REQUESTS_A_SECOND)
                .bind("at", clock == null ? null : utc(clock.instant()))
                .bind("patience", PATIENCE.toMillis() / 1000.0)
                .map((row, _) ->
                        taken[row.getInt("place")] =
                                new Taken(
                                        row.getDouble("delay"),
                                        row.getBoolean("refused"),
                                        row.getInt("remaining")))
                .list();
        return List.of(taken);
    }

    private static List<Long> column(
            List<Integer> order, List<Principal> asking, Function<Principal, Long> value) {
        return order.stream().map(asking::get).map(value).toList();
    }
}
