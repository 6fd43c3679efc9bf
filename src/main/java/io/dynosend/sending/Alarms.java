package io.dynosend.sending;

import io.dynosend.relay.RelayHealth;
import io.dynosend.relay.RelayHealths;
import io.dynosend.relay.Relays;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Campaigns that had better not go on by themselves are paused, with the reason. */
public final class Alarms {

    private static final int FIRST = 1_000;
    private static final int MOST_PER_CENT = 5;
    private static final int FEWEST_BOUNCES = 10;
    private static final int MOST_PER_MILLE = 3;
    private static final int FEWEST_COMPLAINTS = 2;
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
            RETURNING (
                SELECT c.uid
                FROM campaign c
                WHERE c.account_id = m.account_id AND c.mailing_id = m.id)
            """;

    private static final String PAUSE_COMPLAINED =
            """
            UPDATE mailing m
            SET state = 'paused', paused_because = 'complaints'
            WHERE m.state = 'sending' AND m.kind = 'campaign' AND NOT m.complaints_accepted
              AND (
                  SELECT count(*)
                  FROM engagement e
                  WHERE e.account_id = m.account_id AND e.mailing_id = m.id
                    AND e.complained_at IS NOT NULL)
                  > greatest(:fewest, m.recipients * :perMille / 1000)
            RETURNING (
                SELECT c.uid
                FROM campaign c
                WHERE c.account_id = m.account_id AND c.mailing_id = m.id)
            """;

    private static final String WAITING_FOR_RELAYS =
            """
            SELECT m.account_id, m.id, c.uid, split_part(c.from_email, '@', -1) AS domain
            FROM mailing m
            JOIN campaign c ON c.account_id = m.account_id AND c.mailing_id = m.id
            WHERE m.state = 'sending' AND m.kind = 'campaign'
              AND (m.resumed_at IS NULL OR m.resumed_at < clock_timestamp() - :grace * interval '1 second')
            """;

    private static final String PAUSE_FOR_RELAY =
            """
            UPDATE mailing
            SET state = 'paused', paused_because = 'relay'
            WHERE account_id = :account AND id = :id AND state = 'sending'
            """;

    private record Mailing(long account, long id, String campaign, String domain) {}

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
        for (String campaign : pauseBouncing()) {
            paused(
                    campaign,
                    "over %d %% of its first recipients have bounced; clean the audience, then resume it"
                            .formatted(MOST_PER_CENT));
        }
        for (String campaign : pauseComplained()) {
            paused(
                    campaign,
                    "over %d in 1000 recipients have called it spam; see why, then resume it"
                            .formatted(MOST_PER_MILLE));
        }
        waiting().stream().filter(this::hasNoRelay).forEach(this::pauseForRelay);
    }

    private static void paused(String campaign, String why) {
        new StateChange(campaign, "sending", "paused", why).log();
    }

    private List<String> pauseBouncing() {
        return jdbi.withHandle(db ->
                db.createQuery(PAUSE_BOUNCING)
                        .bind("first", FIRST)
                        .bind("fewest", FEWEST_BOUNCES)
                        .bind("perCent", MOST_PER_CENT)
                        .mapTo(String.class)
                        .list());
    }

    private List<String> pauseComplained() {
        return jdbi.withHandle(db ->
                db.createQuery(PAUSE_COMPLAINED)
                        .bind("fewest", FEWEST_COMPLAINTS)
                        .bind("perMille", MOST_PER_MILLE)
                        .mapTo(String.class)
                        .list());
    }

    private List<Mailing> waiting() {
        return jdbi.withHandle(db ->
                db.createQuery(WAITING_FOR_RELAYS)
                        .bind("grace", RELAY_FAILS.toSeconds())
                        .map((row, _) ->
                                new Mailing(
                                        row.getLong("account_id"),
                                        row.getLong("id"),
                                        row.getString("uid"),
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
        paused(
                mailing.campaign(),
                "none of its relays has taken mail for %d minutes; see GET /relays, then resume it"
                        .formatted(RELAY_FAILS.toMinutes()));
    }
}
