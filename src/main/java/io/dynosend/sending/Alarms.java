package io.dynosend.sending;

import io.dynosend.relay.RelayHealth;
import io.dynosend.relay.RelayHealths;
import io.dynosend.relay.Relays;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Campaigns that had better not go on by themselves are paused, with the reason. */
public final class Alarms {

    private static final Logger log = LoggerFactory.getLogger(Alarms.class);

    private static final int FIRST = 1_000;
    private static final int MOST_PER_CENT = 5;
    private static final int FEWEST_BOUNCES = 10;
    private static final Duration RELAY_FAILS = Duration.ofMinutes(5);

    // Of the first recipients, and no more than a share of them; a handful says nothing.
    private static final String PAUSE_BOUNCING =
            """
            UPDATE mailing m
            SET state = 'paused', paused_because = 'bounces'
            WHERE m.state = 'sending' AND m.kind = 'campaign' AND NOT m.bounces_accepted
              AND (
                  SELECT count(*)
                  FROM delivery d
                  WHERE d.account_id = m.account_id AND d.mailing_id = m.id
                    AND d.number <= :first AND d.bounced_at IS NOT NULL)
                  > greatest(:fewest, least(m.recipients, :first) * :perCent / 100)
            RETURNING m.id
            """;

    private static final String WAITING_FOR_RELAYS =
            """
            SELECT m.account_id, m.id, split_part(c.from_email, '@', -1) AS domain
            FROM mailing m
            JOIN campaign c ON c.account_id = m.account_id AND c.mailing_id = m.id
            WHERE m.state = 'sending' AND m.kind = 'campaign'
            """;

    private static final String PAUSE_FOR_RELAY =
            """
            UPDATE mailing
            SET state = 'paused', paused_because = 'relay'
            WHERE account_id = :account AND id = :id AND state = 'sending'
            """;

    private record Mailing(long account, long id, String domain) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Relays relays;
    private final RelayHealths healths;

    public Alarms(Jdbi jdbi, InstantSource clock, Relays relays, RelayHealths healths) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.relays = relays;
        this.healths = healths;
    }

    /** Looks at all campaigns that are being sent. */
    public void look() {
        for (long mailing : pauseBouncing()) {
            log.warn(
                    "Mailing {} is paused: over {} % of its first recipients have bounced. Clean the"
                            + " audience, then resume it",
                    mailing, MOST_PER_CENT);
        }
        waiting().stream().filter(this::hasNoRelay).forEach(this::pauseForRelay);
    }

    private List<Long> pauseBouncing() {
        return jdbi.withHandle(db ->
                db.createQuery(PAUSE_BOUNCING)
                        .bind("first", FIRST)
                        .bind("fewest", FEWEST_BOUNCES)
                        .bind("perCent", MOST_PER_CENT)
                        .mapTo(Long.class)
                        .list());
    }

    private List<Mailing> waiting() {
        return jdbi.withHandle(db ->
                db.createQuery(WAITING_FOR_RELAYS)
                        .map((row, _) ->
                                new Mailing(
                                        row.getLong("account_id"),
                                        row.getLong("id"),
                                        row.getString("domain")))
                        .list());
    }

    private boolean hasNoRelay(Mailing mailing) {
        var uids =
                relays.choices(mailing.account(), mailing.domain()).stream()
                        .map(relay -> relay.uid())
                        .toList();
        var seen = healths.of(uids);
        return uids.stream().allMatch(uid -> fails(seen.getOrDefault(uid, RelayHealth.UNTRIED)));
    }

    private boolean fails(RelayHealth health) {
        var since = health.failingSince();
        return health.failing() != null
                && since != null
                && since.isBefore(clock.instant().minus(RELAY_FAILS));
    }

    private void pauseForRelay(Mailing mailing) {
        boolean paused =
                jdbi.withHandle(db ->
                        db.createUpdate(PAUSE_FOR_RELAY)
                                        .bind("account", mailing.account())
                                        .bind("id", mailing.id())
                                        .execute()
                                == 1);
        if (!paused) return;
        log.warn(
                "Mailing {} is paused: none of its relays has taken mail for {} minutes. See GET"
                        + " /relays, then resume it",
                mailing.id(),
                RELAY_FAILS.toMinutes());
    }
}
