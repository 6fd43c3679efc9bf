package io.dynosend.contact;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;
import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Uid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports that run by themselves: a file is brought, looked at, planned, and then becomes contacts
 * some thousand rows at a time. A node that ends leaves the rest to another.
 */
public final class ImportJobs {

    private static final Logger log = LoggerFactory.getLogger(ImportJobs.class);

    /** Bytes of a file. */
    public static final long LARGEST_FILE = 256L << 20;

    private static final int MOST_REASONS = 10;
    private static final int MOST_DRAFTS = 5;
    private static final long MOST_DRAFT_BYTES = 512L << 20;

    /** The code of a conflict: somebody was quicker. */
    public static final String STARTED = "import_state";

    /** How long a file waits for a plan. */
    static final Duration DRAFT_KEPT = Duration.ofHours(24);

    /** How long the rows that were not imported can be downloaded. */
    static final Duration REJECTED_KEPT = Duration.ofDays(30);

    /** Why rows did not become contacts, and how many. */
    public record RejectionCount(String text, long rows) {}

    /** A row that did not become a contact; its cells may be forgotten by now. */
    public record Rejected(long line, List<String> cells, String reason) {}

    private static final String COLUMNS =
            """
            id, uid, audience_id, file_name, state, %s AS plan, plan IS NOT NULL AS planned,
            bytes, rows_total, rows_done, created, updated, skipped, rejected, problem, created_at, finished_at
            """;

    private static final String OPEN =
            """
            INSERT INTO contact_import (
                account_id, uid, audience_id, file_name, created, updated, rejected, state,
                created_at, user_id, ip_address, user_agent, bytes)
            VALUES (
                :account, :uid, :audience, :file, 0, 0, 0, 'draft', :now, :user, :ip, :userAgent,
                :bytes)
            RETURNING id
            """;

    private static final String BY_UID =
            """
            SELECT %s
            FROM contact_import
            WHERE account_id = :account AND audience_id = :audience AND uid = :uid
            """
                    .formatted(COLUMNS.formatted("plan"));

    // Without the plans: each has the headings of its file.
    private static final String LIST =
            """
            SELECT %s
            FROM contact_import
            WHERE account_id = :account AND audience_id = :audience AND id < :before
            ORDER BY id DESC
            LIMIT :limit
            """
                    .formatted(COLUMNS.formatted("NULL"));

    private static final String UNDER_WAY =
            """
            SELECT %s
            FROM contact_import
            WHERE account_id = :account AND audience_id = :audience AND state = 'queued'
            ORDER BY id
            LIMIT 5
            """
                    .formatted(COLUMNS.formatted("NULL"));

    // One upload of an account at a time, or many at once would each see few drafts.
    private static final String ONE_AT_A_TIME =
            "SELECT pg_advisory_xact_lock(hashtextextended('import drafts ' || :account, 0))";

    private static final String DRAFTS =
            """
            SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes
            FROM contact_import
            WHERE account_id = :account AND state = 'draft'
            """;

    private static final String START =
            """
            UPDATE contact_import
            SET state = 'queued', plan = cast(:plan AS jsonb), user_id = :user, ip_address = :ip,
                user_agent = :userAgent
            WHERE account_id = :account AND id = :id AND state = 'draft'
            """;

    private static final String CANCEL =
            """
            UPDATE contact_import
            SET state = 'cancelled', finished_at = :now
            WHERE account_id = :account AND id = :id AND state = 'queued'
            """;

    private static final String DISCARD =
            "DELETE FROM contact_import WHERE account_id = :account AND id = :id AND state ="
                    + " 'draft'";

    private static final String REJECTED =
            """
            SELECT line, cells, reason
            FROM contact_import_rejection
            WHERE account_id = :account AND import_id = :import AND line > :after
            ORDER BY line
            LIMIT :limit
            """;

    // The line of the same address differs from row to row: it is no reason of its own.
    private static final String REASONS =
            """
            SELECT regexp_replace(reason, 'in line [0-9]+$', 'in an earlier line') AS text, count(*) AS rows
            FROM contact_import_rejection
            WHERE account_id = :account AND import_id = :import
            GROUP BY text
            ORDER BY rows DESC, text
            LIMIT :limit
            """;

    private static final String FORGET_DRAFTS =
            "DELETE FROM contact_import WHERE state = 'draft' AND created_at < :before";

    private static final String FORGET_CELLS =
            """
            UPDATE contact_import_rejection r
            SET cells = NULL
            FROM contact_import i
            WHERE i.account_id = r.account_id AND i.id = r.import_id AND i.finished_at < :before
              AND r.cells IS NOT NULL
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Audiences audiences;
    private final ImportRun run;

    public ImportJobs(Jdbi jdbi, InstantSource clock, Audiences audiences) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.audiences = audiences;
        this.run = new ImportRun(jdbi, clock, audiences, new ImportFiles(jdbi));
    }

    /**
     * Keeps a file until somebody says what is to become of it, for a day.
     *
     * @return the uid of the draft
     * @throws NotFound if the account has no such audience
     * @throws BadInput if the file is empty, too large, no text, or has too many columns, or if too
     *     many files wait for a plan
     */
    public String draft(long account, String audienceUid, Path file, String fileName, Actor actor) {
        var audience = audiences.schema(account, audienceUid);
        long bytes = size(file);
        if (bytes == 0) throw new BadInput("The file is empty");
        if (bytes > LARGEST_FILE) {
            throw new BadInput(
                    "The file is over %d MB; split it in two".formatted(LARGEST_FILE >> 20));
        }
        refuseArchives(file);
        ImportPreviews.sample(file, CsvFormat.of(file));
        String uid = Uid.random();
        jdbi.useTransaction(tx -> {
            refuseManyDrafts(tx, account, bytes);
            long id =
                    tx.createQuery(OPEN)
                            .bind("account", account)
                            .bind("uid", uid)
                            .bind("audience", audience.id())
                            .bind("file", fileName)
                            .bind("now", utc(clock.instant()))
                            .bind("user", actor.user())
                            .bind("ip", actor.ipAddress())
                            .bind("userAgent", actor.userAgent())
                            .bind("bytes", bytes)
                            .mapTo(Long.class)
                            .one();
            ImportFiles.keep(tx, account, id, file);
        });
        return uid;
    }

    /**
     * An import of this audience.
     *
     * @throws NotFound if there is none
     */
    public ImportJob get(long account, long audience, String uid) {
        return jdbi.withHandle(db ->
                db.createQuery(BY_UID)
                        .bind("account", account)
                        .bind("audience", audience)
                        .bind("uid", uid)
                        .map((row, _) -> job(row))
                        .findOne()
                        .orElseThrow(() -> new NotFound("Import")));
    }

    /**
     * Imports of an audience, the latest first, those of the API too.
     *
     * @param before the id of the last one of the page before; {@link Long#MAX_VALUE} for the first
     */
    public List<ImportJob> list(long account, long audience, long before, int limit) {
        return jdbi.withHandle(db ->
                db.createQuery(LIST)
                        .bind("account", account)
                        .bind("audience", audience)
                        .bind("before", before)
                        .bind("limit", limit)
                        .map((row, _) -> job(row))
                        .list());
    }

    /** Those of an audience that are running or wait for their turn; some of them. */
    public List<ImportJob> underWay(long account, long audience) {
        return jdbi.withHandle(db ->
                db.createQuery(UNDER_WAY)
                        .bind("account", account)
                        .bind("audience", audience)
                        .map((row, _) -> job(row))
                        .list());
    }

    /**
     * Lets a draft run, and makes the fields that it brings: both or neither.
     *
     * @throws Conflict {@link #STARTED} if it is no draft any more
     * @throws BadInput if a field cannot be made
     */
    public void start(
            long account,
            String audienceUid,
            ImportJob draft,
            ImportPlan plan,
            List<Field> made,
            Actor actor) {
        jdbi.useTransaction(tx -> {
            int started =
                    tx.createUpdate(START)
                            .bind("account", account)
                            .bind("id", draft.id())
                            .bind("plan", plan.json())
                            .bind("user", actor.user())
                            .bind("ip", actor.ipAddress())
                            .bind("userAgent", actor.userAgent())
                            .execute();
            if (started == 0) throw new Conflict("This import has been started", STARTED);
            for (var field : made) audiences.addField(account, audienceUid, field);
        });
    }

    /** Ends an import after the rows that are being written; what is imported stays. */
    public void cancel(long account, ImportJob job) {
        jdbi.useTransaction(tx -> {
            int cancelled =
                    tx.createUpdate(CANCEL)
                            .bind("account", account)
                            .bind("id", job.id())
                            .bind("now", utc(clock.instant()))
                            .execute();
            if (cancelled > 0) ImportFiles.forget(tx, account, job.id());
        });
    }

    /** Drops a draft and its file. */
    public void discard(long account, ImportJob draft) {
        jdbi.useHandle(db ->
                db.createUpdate(DISCARD).bind("account", account).bind("id", draft.id()).execute());
    }

    /**
     * What did not become contacts, in the order of the file.
     *
     * @param after the line of the last one before; 0 for the first
     */
    public List<Rejected> rejected(long account, ImportJob job, long after, int limit) {
        return jdbi.withHandle(db ->
                db.createQuery(REJECTED)
                        .bind("account", account)
                        .bind("import", job.id())
                        .bind("after", after)
                        .bind("limit", limit)
                        .map((row, _) ->
                                new Rejected(
                                        row.getLong("line"),
                                        row.getArray("cells") == null
                                                ? List.of()
                                                : ContactRows.texts(row, "cells"),
                                        row.getString("reason")))
                        .list());
    }

    /** Why rows of it did not become contacts, the most frequent reason first. */
    public List<RejectionCount> reasons(long account, ImportJob job) {
        return jdbi.withHandle(db ->
                db.createQuery(REASONS)
                        .bind("account", account)
                        .bind("import", job.id())
                        .bind("limit", MOST_REASONS)
                        .map((row, _) ->
                                new RejectionCount(row.getString("text"), row.getLong("rows")))
                        .list());
    }

    /** Runs what is queued and nobody else runs, one after the other. */
    public void runQueued() {
        while (run.next()) {}
    }

    /** Drops files that nobody planned for, and rows that nobody mended. */
    public void forgetOld() {
        var now = clock.instant();
        jdbi.useHandle(db -> {
            int drafts =
                    db.createUpdate(FORGET_DRAFTS)
                            .bind("before", utc(now.minus(DRAFT_KEPT)))
                            .execute();
            db.createUpdate(FORGET_CELLS).bind("before", utc(now.minus(REJECTED_KEPT))).execute();
            if (drafts > 0) log.info("{} files were dropped that nobody imported", drafts);
        });
    }

    private static void refuseManyDrafts(Handle tx, long account, long more) {
        tx.createQuery(ONE_AT_A_TIME).bind("account", account).mapToMap().one();
        boolean room =
                tx.createQuery(DRAFTS)
                        .bind("account", account)
                        .map((row, _) ->
                                row.getInt("files") < MOST_DRAFTS
                                        && row.getLong("bytes") + more <= MOST_DRAFT_BYTES)
                        .one();
        if (room) return;
        throw new BadInput(
                ("%d files, or %d MB, wait for somebody to start their import. Start one or drop its"
                                + " file first: they are drafts under Imports of their audience")
                        .formatted(MOST_DRAFTS, MOST_DRAFT_BYTES >> 20));
    }

    private static void refuseArchives(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(4);
            boolean zip = start.length >= 2 && start[0] == 'P' && start[1] == 'K';
            boolean gzip = start.length >= 2 && start[0] == 0x1F && (start[1] & 0xFF) == 0x8B;
            boolean old =
                    start.length >= 2 && (start[0] & 0xFF) == 0xD0 && (start[1] & 0xFF) == 0xCF;
            if (zip || gzip || old) {
                throw new BadInput(
                        "This is a spreadsheet or an archive. Save it as CSV and choose that file");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ImportJob job(ResultSet row) throws SQLException {
        return new ImportJob(
                row.getLong("id"),
                row.getString("uid"),
                row.getLong("audience_id"),
                row.getString("file_name"),
                ImportJob.State.of(row.getString("state")),
                plan(row.getString("plan")),
                row.getBoolean("planned"),
                row.getLong("bytes"),
                row.getObject("rows_total", Long.class),
                row.getLong("rows_done"),
                row.getInt("created"),
                row.getInt("updated"),
                row.getInt("skipped"),
                row.getInt("rejected"),
                Optional.ofNullable(row.getString("problem")).orElse(""),
                instant(row, "created_at"),
                instantOrNull(row, "finished_at"));
    }

    private static @Nullable ImportPlan plan(@Nullable String json) {
        return json == null ? null : ImportPlan.of(json);
    }
}
