package io.dynosend.sending;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the ledger is the one that this program has written last. One that comes from a backup
 * has forgotten whom it has mailed since; then everything under way is held for an operator's word.
 *
 * <p>It is another one if it is in another cluster or database (a dump that was restored), on
 * another timeline (a base backup, or a standby that was promoted), or behind the position that
 * this node has noted in its data folder (a copy of the files).
 */
public final class LedgerHome {

    private static final Logger log = LoggerFactory.getLogger(LedgerHome.class);

    private static final String FILE = "ledger-position";

    private static final String HERE =
            """
            SELECT s.system_identifier, c.timeline_id,
                   (SELECT oid FROM pg_database WHERE datname = current_database()) AS database,
                   pg_current_wal_flush_lsn() - '0/0'::pg_lsn AS position
            FROM pg_control_system() s, pg_control_checkpoint() c
            """;

    // Of the nodes that start together one sees the change.
    private static final String MOVE_IN =
            """
            INSERT INTO ledger_home AS h (system_identifier, timeline, database)
            VALUES (:system, :timeline, :database::bigint::oid)
            ON CONFLICT (only_one) DO UPDATE
            SET system_identifier = excluded.system_identifier, timeline = excluded.timeline,
                database = excluded.database
            WHERE (h.system_identifier, h.timeline, h.database)
                IS DISTINCT FROM (excluded.system_identifier, excluded.timeline, excluded.database)
            """;

    private static final String IS_KNOWN = "SELECT EXISTS (SELECT FROM ledger_home)";

    private static final String HOLD =
            """
            UPDATE mailing
            SET state = 'paused', paused_because = 'restored'
            WHERE state IN ('queued', 'sending')
            RETURNING (
                SELECT c.uid
                FROM campaign c
                WHERE c.account_id = mailing.account_id AND c.mailing_id = mailing.id)
            """;

    private static final String RELEASE =
            """
            UPDATE mailing
            SET state = 'sending', paused_because = NULL
            WHERE state = 'paused' AND paused_because = 'restored'
            """;

    /**
     * @param position in the write-ahead log, in bytes
     */
    private record Here(long system, int timeline, long database, long position) {

        String cluster() {
            return system + " " + timeline + " " + database;
        }
    }

    private final Jdbi jdbi;
    private final Path file;
    private boolean restored;

    /**
     * @param data this node's folder
     */
    public LedgerHome(Jdbi jdbi, Path data) {
        this.jdbi = jdbi;
        this.file = data.resolve(FILE);
    }

    /**
     * Looks at the start, before anything is sent, and holds what is under way if the ledger is
     * another one.
     *
     * @return how many mailings are held
     */
    public int moveIn() {
        int held =
                jdbi.inTransaction(tx -> {
                    var here = here(tx);
                    boolean known = tx.createQuery(IS_KNOWN).mapTo(Boolean.class).one();
                    boolean moved = moveIn(tx, here) && known;
                    restored = moved || isBehind(here);
                    return restored ? hold(tx) : 0;
                });
        if (held > 0) {
            log.warn(
                    "This database comes from a backup, and does not know what was sent since. {}"
                            + " mailings are held so that nobody is mailed twice. Resume campaigns"
                            + " one by one, or all with ./dynosend resume",
                    held);
        }
        note();
        return held;
    }

    /** Whether {@link #moveIn} has found a ledger that comes from a backup. */
    public boolean isRestored() {
        return restored;
    }

    /** Notes how far the ledger is. Called every few seconds. */
    public void note() {
        var here = jdbi.withHandle(LedgerHome::here);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var next = file.resolveSibling(FILE + ".new");
            Files.writeString(next, here.cluster() + " " + here.position() + "\n");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Goes on with everything that was held because of a backup.
     *
     * @return how many mailings
     */
    public static int release(Jdbi jdbi) {
        return jdbi.withHandle(db -> db.createUpdate(RELEASE).execute());
    }

    // Single messages have no campaign.
    private static int hold(Handle tx) {
        var held =
                tx.createQuery(HOLD).map((row, _) -> Optional.ofNullable(row.getString(1))).list();
        for (var campaign : held) {
            campaign.ifPresent(uid ->
                    new StateChange(uid, "sending", "paused", "restored from a backup").log());
        }
        return held.size();
    }

    private static boolean moveIn(Handle tx, Here here) {
        return tx.createUpdate(MOVE_IN)
                        .bind("system", here.system())
                        .bind("timeline", here.timeline())
                        .bind("database", here.database())
                        .execute()
                == 1;
    }

    private boolean isBehind(Here here) {
        return noted().map(
                        noted -> {
                            int end = noted.lastIndexOf(' ');
                            return noted.substring(0, Math.max(0, end)).equals(here.cluster())
                                    && here.position() < position(noted.substring(end + 1));
                        })
                .orElse(false);
    }

    private static long position(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private Optional<String> noted() {
        try {
            return Files.exists(file)
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Here here(Handle db) {
        return db.createQuery(HERE)
                .map((row, _) ->
                        new Here(
                                row.getLong("system_identifier"),
                                row.getInt("timeline_id"),
                                row.getLong("database"),
                                row.getLong("position")))
                .one();
    }
}
