package io.dynosend.sending;

import io.dynosend.smtp.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receivers that have asked us to slow down: how fast they are served, by all nodes together. Each
 * request halves the pace after a pause; every quiet while makes it half as much again, until
 * nothing is left to remember.
 */
final class Receivers {

    private static final Logger log = LoggerFactory.getLogger(Receivers.class);

    // RFC 5321 §3.8: the server closes the connection.
    private static final int CLOSING = 421;

    // RFC 3463 §3.3 to §3.8: mailbox or system busy, congested, policy; and what large receivers
    // answer to who is too fast.
    private static final Set<String> REQUESTS =
            Set.of("4.2.1", "4.3.2", "4.4.5", "4.7.0", "4.7.1", "4.7.28");

    private static final double FIRST_PER_SECOND = 10;
    private static final double SLOWEST_PER_SECOND = 0.02;
    private static final double FORGOTTEN_PER_SECOND = 200;
    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 6;

    // Of the many that hear the same at the same moment one counts.
    private static final String SLOW_DOWN =
            """
            INSERT INTO receiver_pace AS p (
                relay, domain, per_second, strikes, paused_until, changed_at, reply)
            VALUES (:relay, :domain, :first, 1,
                    clock_timestamp() + make_interval(secs => :pause * :jitter),
                    clock_timestamp(), :reply)
            ON CONFLICT (relay, domain) DO UPDATE
            SET per_second = greatest(:slowest, p.per_second / 2),
                strikes = p.strikes + 1,
                paused_until = clock_timestamp()
                    + make_interval(secs => :pause * :jitter * 2 ^ least(p.strikes, :doublings)),
                changed_at = clock_timestamp(),
                reply = excluded.reply
            WHERE p.paused_until < clock_timestamp()
            RETURNING per_second, extract(epoch FROM paused_until - clock_timestamp()) AS pause
            """;

    private static final String SPEED_UP =
            """
            UPDATE receiver_pace
            SET per_second = per_second * 1.5, strikes = greatest(strikes - 1, 0),
                changed_at = clock_timestamp()
            WHERE greatest(paused_until, changed_at)
                < clock_timestamp() - make_interval(secs => :quiet)
            """;

    private static final String FORGET = "DELETE FROM receiver_pace WHERE per_second > :enough";

    private static final String ALL =
            """
            SELECT relay, domain, per_second,
                   extract(epoch FROM paused_until - clock_timestamp()) AS pause
            FROM receiver_pace
            """;

    /**
     * How a receiver is served.
     *
     * @param pausedUntil by this node's clock
     */
    record Pace(double perSecond, Instant pausedUntil) {}

    private record Key(String relay, String domain) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private volatile Map<Key, Pace> slow = Map.of();

    Receivers(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * Learns what all nodes know, and lets those go faster who have been quiet. Called every few
     * seconds.
     */
    void refresh() {
        jdbi.useHandle(db -> {
            db.createUpdate(SPEED_UP).bind("quiet", QUIET.toSeconds()).execute();
            db.createUpdate(FORGET).bind("enough", FORGOTTEN_PER_SECOND).execute();
            var known = new HashMap<Key, Pace>();
            db.createQuery(ALL)
                    .map((row, _) ->
                            known.put(
                                    new Key(row.getString("relay"), row.getString("domain")),
                                    pace(row.getDouble("per_second"), row.getDouble("pause"))))
                    .list();
            slow = Map.copyOf(known);
        });
    }

    /** Whether there is anybody to be careful with. */
    boolean allQuick() {
        return slow.isEmpty();
    }

    /** How the receiver is served; infinitely fast and without a pause if nothing is known. */
    Pace pace(String relay, String domain) {
        return slow.getOrDefault(
                new Key(relay, domain), new Pace(Double.POSITIVE_INFINITY, Instant.MIN));
    }

    /** Whether a reply asks to slow down, rather than to come again with this one message. */
    static boolean asksToSlowDown(Reply reply) {
        if (Greylisting.isMeant(reply)) return false;
        return reply.code() == CLOSING || REQUESTS.contains(String.valueOf(reply.enhanced()));
    }

    /** Slows down everything to this domain through this relay. */
    void slowDown(String relay, String domain, Reply reply) {
        if (clock.instant().isBefore(pace(relay, domain).pausedUntil())) return;
        jdbi.useHandle(db ->
                db.createQuery(SLOW_DOWN)
                        .bind("relay", relay)
                        .bind("domain", domain)
                        .bind("first", FIRST_PER_SECOND)
                        .bind("slowest", SLOWEST_PER_SECOND)
                        .bind("pause", (double) SHORTEST_PAUSE.toSeconds())
                        .bind("jitter", ThreadLocalRandom.current().nextDouble(0.75, 1.25))
                        .bind("doublings", MOST_DOUBLINGS)
                        .bind("reply", reply.toString())
                        .map((row, _) -> pace(row.getDouble("per_second"), row.getDouble("pause")))
                        .findOne()
                        .ifPresent(pace -> slowed(new Key(relay, domain), pace, reply)));
    }

    private synchronized void slowed(Key key, Pace pace, Reply reply) {
        var known = new HashMap<>(slow);
        known.put(key, pace);
        slow = Map.copyOf(known);
        log.warn(
                "{} asks to slow down: mail to it waits until {}, then {} messages a second go out,"
                        + " more as long as it is content. It said: {}",
                key.domain(),
                pace.pausedUntil(),
                pace.perSecond(),
                reply);
    }

    private Pace pace(double perSecond, double pauseSeconds) {
        return new Pace(
                perSecond, clock.instant().plusMillis((long) (Math.max(0, pauseSeconds) * 1_000)));
    }
}
