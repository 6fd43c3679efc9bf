package io.dynosend.sending;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import io.dynosend.account.Quotas;
import io.dynosend.common.Problem.QuotaExceeded;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mailings of all accounts: opened, paused, resumed, filled with recipients, and closed. */
public final class Mailings {

    private static final Logger log = LoggerFactory.getLogger(Mailings.class);

    private static final int RECIPIENTS_A_ROUND = 2_000;
    private static final int RECIPIENTS_A_CHUNK = 250;

    private static final String LAST_CONTACT =
            """
            SELECT coalesce(max(id), 0)
            FROM contact
            WHERE account_id = :account AND audience_id = :audience
            """;

    private static final String COUNT_ELIGIBLE =
            """
            SELECT count(*)
            FROM contact c
            WHERE c.account_id = :account AND c.audience_id = :audience AND c.id <= :until
              AND c.status = 'subscribed'
              AND NOT EXISTS (
                  SELECT FROM blacklist b
                  WHERE b.account_id = c.account_id AND b.email = c.email)
            """;

    private static final String OPEN =
            """
            INSERT INTO mailing (
                account_id, audience_id, state, until_contact, started_at, reserved)
            VALUES (:account, :audience, 'queued', :until, :now, :reserved)
            RETURNING id
            """;

    private static final String PAUSE =
            """
            UPDATE mailing
            SET state = 'paused', paused_because = NULL
            WHERE account_id = :account AND id = :id AND state IN ('queued', 'sending')
            """;

    private static final String RESUME =
            """
            UPDATE mailing
            SET state = 'sending', paused_because = NULL, resumed_at = clock_timestamp(),
                complaints_accepted = complaints_accepted
                    OR paused_because IS NOT DISTINCT FROM 'complaints',
                bounces_accepted = bounces_accepted OR paused_because IS NOT DISTINCT FROM 'bounces'
            WHERE account_id = :account AND id = :id AND state = 'paused'
            """;

    // A campaign of it, that is; single messages go with their audience.
    private static final String UNDER_WAY =
            """
            SELECT EXISTS (
                SELECT
                FROM mailing
                WHERE account_id = :account AND audience_id = :audience AND kind = 'campaign'
                  AND state IN ('queued', 'sending', 'paused'))
            """;

    private static final String LOCK_IDLE =
            """
            SELECT m.state, m.reserved, m.started_at, (
                SELECT count(*)
                FROM delivery d
                WHERE d.account_id = m.account_id AND d.mailing_id = m.id
                  AND d.state NOT IN ('waiting', 'skipped')) AS used
            FROM mailing m
            WHERE m.account_id = :account AND m.id = :mailing
              AND m.state NOT IN ('queued', 'sending')
            FOR UPDATE
            """;

    private static final String DELETE =
            "DELETE FROM mailing WHERE account_id = :account AND id = :mailing";

    private static final String NEXT_TO_FILL =
            """
            SELECT account_id, id, audience_id, recipients, last_contact, until_contact
            FROM mailing
            WHERE state IN ('queued', 'sending') AND kind = 'campaign'
              AND recipients_written_at IS NULL
            ORDER BY id
            LIMIT 1
            FOR UPDATE SKIP LOCKED
            """;

    // Whoever is subscribed is a recipient. The blacklisted are written too, as skipped: the
    // marketer asks why they did not get it. Who has taken over the address of a recipient since
    // the first round is none: the mail is there.
    private static final String WRITE_RECIPIENTS =
            """
            WITH round AS MATERIALIZED (
                SELECT c.id, c.email, b.email IS NOT NULL AS blacklisted
                FROM contact c
                LEFT JOIN blacklist b ON b.account_id = c.account_id AND b.email = c.email
                WHERE c.account_id = :account AND c.audience_id = :audience
                  AND c.id > :after AND c.id <= :until AND c.status = 'subscribed'
                ORDER BY c.id
                LIMIT :limit
            ), batch AS (
                SELECT r.*, row_number() OVER (ORDER BY r.id) AS place
                FROM round r
                WHERE :written = 0 OR NOT EXISTS (
                    SELECT FROM delivery d
                    WHERE d.account_id = :account AND d.address = r.email
                      AND d.mailing_id = :mailing)
            ), written AS (
                INSERT INTO delivery (
                    account_id, mailing_id, number, contact_id, address, state, reason, finished_at)
                SELECT :account, :mailing, :written + place, id, email,
                       (CASE WHEN blacklisted THEN 'skipped' ELSE 'waiting' END)::delivery_state,
                       CASE WHEN blacklisted THEN 'blacklisted' END,
                       CASE WHEN blacklisted THEN cast(:now AS timestamptz) END
                FROM batch
            )
            SELECT (SELECT count(*) FROM batch) AS count, count(*) < :limit AS is_last,
                   coalesce(max(id), 0) AS last_contact
            FROM round
            """;

    private static final String WRITE_CHUNKS =
            """
            INSERT INTO mailing_chunk (account_id, mailing_id, first_number, last_number)
            SELECT :account, :mailing, first, least(first + :size - 1, :last)
            FROM generate_series(cast(:first AS int), :last, :size) AS first
            """;

    private static final String ADVANCE =
            """
            UPDATE mailing
            SET recipients = :recipients,
                last_contact = greatest(last_contact, :lastContact),
                state = CASE WHEN state = 'queued' THEN 'sending' ELSE state END,
                recipients_written_at = CASE WHEN :all THEN cast(:now AS timestamptz) END
            WHERE account_id = :account AND id = :mailing
            """;

    // In the order of the accounts, whose usage is settled next.
    private static final String CLOSE_FINISHED =
            """
            WITH closed AS (
                UPDATE mailing m
                SET state = 'done', done_at = :now
                WHERE m.state = 'sending' AND m.kind = 'campaign'
                  AND m.recipients_written_at IS NOT NULL
                  AND NOT EXISTS (
                      SELECT FROM mailing_chunk k
                      WHERE k.account_id = m.account_id AND k.mailing_id = m.id
                        AND k.due_at IS NOT NULL)
                RETURNING m.account_id, m.id, m.recipients, m.reserved, m.started_at,
                          m.cancelled_at IS NOT NULL AS cancelled
            )
            SELECT c.*, (
                SELECT p.uid
                FROM campaign p
                WHERE p.account_id = c.account_id AND p.mailing_id = c.id) AS campaign, (
                SELECT count(*)
                FROM delivery d
                WHERE d.account_id = c.account_id AND d.mailing_id = c.id
                  AND d.state <> 'skipped') AS used
            FROM closed c
            ORDER BY c.account_id
            """;

    private record Idle(MailingState state, long reserved, Instant startedAt, long used) {}

    private record Closed(
            long account,
            long id,
            @Nullable String campaign,
            boolean cancelled,
            int recipients,
            long reserved,
            Instant startedAt,
            long used) {

        // A mailing without a campaign is a test's alone.
        void log() {
            String why =
                    cancelled
                            ? "cancelled; who had not got it is skipped"
                            : "each of its %d recipients has an outcome".formatted(recipients);
            new StateChange(campaign == null ? "-" : campaign, "sending", "done", why).log();
        }
    }

    private record Unfilled(
            long account, long id, long audience, int recipients, long lastContact, long until) {}

    private record Batch(int count, boolean isLast, long lastContact) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Quotas quotas;

    public Mailings(Jdbi jdbi, InstantSource clock, Quotas quotas) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.quotas = quotas;
    }

    /**
     * Opens a mailing to all who are subscribed to the audience now, within the caller's
     * transaction. It is sent as soon as that commits. Its mails are taken from the account's quota
     * now; when it is done, what did not go out is given back.
     *
     * @return its id
     * @throws QuotaExceeded if there are more recipients than the account has mails left
     */
    public long open(Handle tx, long account, long audience) {
        long until = lastContact(tx, account, audience);
        long reserved = countEligible(tx, account, audience, until);
        quotas.take(tx, account, reserved, "The campaign");
        return tx.createQuery(OPEN)
                .bind("account", account)
                .bind("audience", audience)
                .bind("until", until)
                .bind("reserved", reserved)
                .bind("now", utc(clock.instant()))
                .mapTo(Long.class)
                .one();
    }

    /**
     * Holds the mailing: what has not passed the barrier when this commits is not sent.
     *
     * @return false if it is neither queued nor sending; then nothing is changed
     */
    public boolean pause(long account, long mailing) {
        return change(PAUSE, account, mailing);
    }

    /**
     * Goes on where the mailing stopped.
     *
     * @return false if it is not paused; then nothing is changed
     */
    public boolean resume(long account, long mailing) {
        return change(RESUME, account, mailing);
    }

    /** Whether a campaign is on its way to the audience, or paused. */
    public boolean isUnderWay(Handle tx, long account, long audience) {
        return tx.createQuery(UNDER_WAY)
                .bind("account", account)
                .bind("audience", audience)
                .mapTo(Boolean.class)
                .one();
    }

    /**
     * Deletes a mailing with its ledger, within the caller's transaction. What it was to send and
     * did not is given back to the account's quota.
     *
     * @return false if it is queued or sending; then nothing is changed
     */
    public boolean delete(Handle tx, long account, long mailing) {
        var idle = lockIdle(tx, account, mailing);
        if (idle.isEmpty()) return false;
        var found = idle.get();
        // One that is done has been settled.
        if (found.state() != MailingState.DONE) {
            quotas.settle(tx, account, found.startedAt(), found.reserved(), found.used());
        }
        tx.createUpdate(DELETE).bind("account", account).bind("mailing", mailing).execute();
        return true;
    }

    /**
     * One round of writing recipients into the ledger, for one mailing. The cursor moves in the
     * same transaction, so a round that dies has not happened.
     *
     * @return false if no mailing waits for recipients
     */
    public boolean writeRecipients() {
        return jdbi.inTransaction(tx -> {
            var mailing = nextToFill(tx);
            mailing.ifPresent(unfilled -> fill(tx, unfilled));
            return mailing.isPresent();
        });
    }

    /**
     * Closes every mailing whose recipients all have their outcome.
     *
     * @return how many
     */
    public int closeFinished() {
        var closed = jdbi.inTransaction(this::closeFinished);
        closed.forEach(Closed::log);
        return closed.size();
    }

    // Who joins the audience from now on comes too late for this mailing.
    private static long lastContact(Handle tx, long account, long audience) {
        return tx.createQuery(LAST_CONTACT)
                .bind("account", account)
                .bind("audience", audience)
                .mapTo(Long.class)
                .one();
    }

    private static long countEligible(Handle tx, long account, long audience, long until) {
        return tx.createQuery(COUNT_ELIGIBLE)
                .bind("account", account)
                .bind("audience", audience)
                .bind("until", until)
                .mapTo(Long.class)
                .one();
    }

    private List<Closed> closeFinished(Handle tx) {
        var closed =
                tx.createQuery(CLOSE_FINISHED)
                        .bind("now", utc(clock.instant()))
                        .map((row, _) ->
                                new Closed(
                                        row.getLong("account_id"),
                                        row.getLong("id"),
                                        row.getString("campaign"),
                                        row.getBoolean("cancelled"),
                                        row.getInt("recipients"),
                                        row.getLong("reserved"),
                                        instant(row, "started_at"),
                                        row.getLong("used")))
                        .list();
        for (var mailing : closed) {
            quotas.settle(
                    tx, mailing.account(), mailing.startedAt(), mailing.reserved(), mailing.used());
        }
        return closed;
    }

    private static Optional<Idle> lockIdle(Handle tx, long account, long mailing) {
        return tx.createQuery(LOCK_IDLE)
                .bind("account", account)
                .bind("mailing", mailing)
                .map((row, _) ->
                        new Idle(
                                MailingState.of(row.getString("state")),
                                row.getLong("reserved"),
                                instant(row, "started_at"),
                                row.getLong("used")))
                .findOne();
    }

    private boolean change(String statement, long account, long mailing) {
        return jdbi.withHandle(db ->
                db.createUpdate(statement).bind("account", account).bind("id", mailing).execute()
                        == 1);
    }

    private static Optional<Unfilled> nextToFill(Handle tx) {
        return tx.createQuery(NEXT_TO_FILL)
                .map((row, _) ->
                        new Unfilled(
                                row.getLong("account_id"),
                                row.getLong("id"),
                                row.getLong("audience_id"),
                                row.getInt("recipients"),
                                row.getLong("last_contact"),
                                row.getLong("until_contact")))
                .findOne();
    }

    private void fill(Handle tx, Unfilled mailing) {
        var batch = writeBatch(tx, mailing);
        int recipients = mailing.recipients() + batch.count();
        if (batch.count() > 0) writeChunks(tx, mailing, recipients);
        tx.createUpdate(ADVANCE)
                .bind("account", mailing.account())
                .bind("mailing", mailing.id())
                .bind("recipients", recipients)
                .bind("lastContact", batch.lastContact())
                .bind("all", batch.isLast())
                .bind("now", utc(clock.instant()))
                .execute();
        if (batch.isLast()) log.info("Mailing {} has {} recipients", mailing.id(), recipients);
    }

    private Batch writeBatch(Handle tx, Unfilled mailing) {
        return tx.createQuery(WRITE_RECIPIENTS)
                .bind("account", mailing.account())
                .bind("mailing", mailing.id())
                .bind("audience", mailing.audience())
                .bind("after", mailing.lastContact())
                .bind("until", mailing.until())
                .bind("written", mailing.recipients())
                .bind("limit", RECIPIENTS_A_ROUND)
                .bind("now", utc(clock.instant()))
                .map((row, _) ->
                        new Batch(
                                row.getInt("count"),
                                row.getBoolean("is_last"),
                                row.getLong("last_contact")))
                .one();
    }

    private static void writeChunks(Handle tx, Unfilled mailing, int last) {
        tx.createUpdate(WRITE_CHUNKS)
                .bind("account", mailing.account())
                .bind("mailing", mailing.id())
                .bind("first", mailing.recipients() + 1)
                .bind("last", last)
                .bind("size", RECIPIENTS_A_CHUNK)
                .execute();
    }
}
