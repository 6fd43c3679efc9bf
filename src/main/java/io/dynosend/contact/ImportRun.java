package io.dynosend.contact;

import static io.dynosend.common.Sql.column;
import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audiences;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Json;
import io.dynosend.common.Uid;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the rows of a queued import into contacts, some thousand in a transaction that also moves
 * the cursor: wherever a node ends, the next one goes on behind the last row that is written.
 */
final class ImportRun {

    private static final Logger log = LoggerFactory.getLogger(ImportRun.class);

    private static final int ROWS_AT_ONCE = 2_000;
    private static final int CHARS_AT_ONCE = 2_000_000;
    private static final int MOST_REJECTIONS = 10_000;
    private static final int MOST_ATTEMPTS = 3;

    // A lease, so that no other node reads the same file meanwhile; that nothing is written twice
    // is the cursor's work. Attempts are counted before anything is read: a run that ends with the
    // whole server counts too.
    private static final String CLAIM =
            """
            UPDATE contact_import i
            SET leased_until = clock_timestamp() + interval '60 seconds',
                attempts = i.attempts + 1
            FROM (
                SELECT account_id, id
                FROM contact_import
                WHERE state = 'queued'
                  AND (leased_until IS NULL OR leased_until < clock_timestamp())
                ORDER BY id
                LIMIT 1
                FOR UPDATE SKIP LOCKED
            ) due
            WHERE i.account_id = due.account_id AND i.id = due.id
            RETURNING i.account_id, i.id, i.uid, i.audience_id, i.plan, i.rows_done, i.rejected,
                      i.attempts, i.user_id, i.ip_address, i.user_agent,
                      (SELECT a.uid FROM audience a
                       WHERE a.account_id = i.account_id AND a.id = i.audience_id) AS audience_uid
            """;

    private static final String COUNTED =
            "UPDATE contact_import SET rows_total = :rows WHERE account_id = :account AND id = :id";

    private static final String ADVANCE =
            """
            UPDATE contact_import
            SET rows_done = :done, created = created + :created, updated = updated + :updated,
                skipped = skipped + :skipped, rejected = rejected + :rejected,
                leased_until = clock_timestamp() + interval '60 seconds', attempts = 0
            WHERE account_id = :account AND id = :id AND state = 'queued' AND rows_done = :before
            """;

    private static final String FINISH =
            """
            UPDATE contact_import
            SET state = :state, problem = :problem, finished_at = :now
            WHERE account_id = :account AND id = :id AND state = 'queued'
            """;

    private static final String LISTED =
            """
            SELECT email, reason
            FROM blacklist
            WHERE account_id = :account AND email = ANY (:emails)
            """;

    // Whose fields would have too much in them, with what they have already.
    private static final String OVERFULL =
            """
            SELECT c.email
            FROM unnest(:emails, :fields) AS g (email, fields)
            JOIN contact c ON c.account_id = :account AND c.audience_id = :audience
                AND c.email = g.email
            WHERE (
                SELECT sum(length(value))
                FROM jsonb_each_text((c.fields - :cleared) || cast(g.fields AS jsonb))) > :most
            """;

    private static final String REJECT =
            """
            INSERT INTO contact_import_rejection (account_id, import_id, line, reason, cells)
            SELECT :account, :import, line, reason, cells::text[]
            FROM unnest(:lines, :reasons, :cells) AS r (line, reason, cells)
            ON CONFLICT DO NOTHING
            """;

    // In the order of the address: neighbours in the unique index are written together. A contact
    // that is there keeps its status, unless the file is one of people who have left.
    private static final String MERGE =
            """
            WITH given AS (
                SELECT *
                FROM unnest(:uids, :emails, :fields, :tags) AS g (uid, email, fields, tags)
            ), known AS MATERIALIZED (
                SELECT c.id, c.status
                FROM given g
                JOIN contact c ON c.account_id = :account AND c.audience_id = :audience
                    AND c.email = g.email
            ), merged AS (
                INSERT INTO contact AS c (
                    account_id, audience_id, uid, email, status, source, tags, fields, created_at,
                    updated_at, unsubscribed_at)
                SELECT :account, :audience, uid, email, :status, 'import', tags::text[],
                       fields::jsonb, :now, :now,
                       CASE WHEN :leaving THEN cast(:now AS timestamptz) END
                FROM given
                ORDER BY email
                ON CONFLICT (account_id, audience_id, email) %s
                RETURNING c.id, xmax = 0 AS created
            ), noted AS (
                INSERT INTO contact_activity (
                    account_id, contact_id, kind, at, source, user_id, ip_address, user_agent,
                    detail)
                SELECT :account, m.id,
                       CASE WHEN m.created THEN :status
                            WHEN :leaving AND k.status <> 'unsubscribed' THEN 'unsubscribed'
                            ELSE 'updated' END,
                       :now, 'import', :user, :ip, :userAgent,
                       jsonb_build_object('import_uid', cast(:importUid AS text))
                FROM merged m
                LEFT JOIN known k ON k.id = m.id
            )
            SELECT count(*) FILTER (WHERE created) AS created,
                   count(*) FILTER (WHERE NOT created) AS updated
            FROM merged
            """;

    private static final String ADD = MERGE.formatted("DO NOTHING");

    private static final String CHANGE =
            MERGE.formatted(
                    """
                    DO UPDATE
                    SET fields = (c.fields - :cleared) || excluded.fields,
                        tags = c.tags || ARRAY(
                            SELECT t.tag
                            FROM unnest(excluded.tags) WITH ORDINALITY AS t (tag, place)
                            WHERE t.tag <> ALL (c.tags)
                            ORDER BY t.place),
                        status = CASE WHEN :leaving THEN 'unsubscribed' ELSE c.status END,
                        unsubscribed_at = CASE WHEN :leaving
                            THEN coalesce(c.unsubscribed_at, excluded.updated_at)
                            ELSE c.unsubscribed_at END,
                        updated_at = excluded.updated_at
                    """);

    private record Job(
            long account,
            long id,
            String uid,
            long audience,
            String audienceUid,
            ImportPlan plan,
            long done,
            int rejected,
            int attempts,
            Actor actor) {}

    private record Refusal(long line, String reason, List<String> cells) {}

    private record Counts(int created, int updated) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Audiences audiences;
    private final ImportFiles files;

    ImportRun(Jdbi jdbi, InstantSource clock, Audiences audiences, ImportFiles files) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.audiences = audiences;
        this.files = files;
    }

    /** Runs one to its end, or as far as it gets; false if there is none. */
    boolean next() {
        var claimed = claim();
        claimed.ifPresent(this::attempt);
        return claimed.isPresent();
    }

    private Optional<Job> claim() {
        return jdbi.withHandle(db ->
                db.createQuery(CLAIM)
                        .map((row, _) ->
                                new Job(
                                        row.getLong("account_id"),
                                        row.getLong("id"),
                                        row.getString("uid"),
                                        row.getLong("audience_id"),
                                        row.getString("audience_uid"),
                                        ImportPlan.of(row.getString("plan")),
                                        row.getLong("rows_done"),
                                        row.getInt("rejected"),
                                        row.getInt("attempts"),
                                        new Actor(
                                                "import",
                                                row.getObject("user_id", Long.class),
                                                row.getString("ip_address"),
                                                row.getString("user_agent"))))
                        .findOne());
    }

    private void attempt(Job job) {
        if (job.attempts() > MOST_ATTEMPTS) {
            giveUp(job);
            return;
        }
        try {
            files.withFile(
                    job.account(),
                    job.id(),
                    file -> {
                        run(job, file);
                        return job;
                    });
        } catch (RuntimeException e) {
            log.error(
                    "Import {} of account {} stopped. It goes on in a minute, behind the last row"
                            + " that is written; after {} runs that got no further it fails",
                    job.uid(),
                    job.account(),
                    MOST_ATTEMPTS,
                    e);
        }
    }

    private void giveUp(Job job) {
        finish(
                job,
                "failed",
                "Stopped behind row %,d: something there cannot be imported, and %d attempts ended"
                                .formatted(job.done(), MOST_ATTEMPTS)
                        + " in the middle. What came before is imported. Split the file to find the"
                        + " row");
        log.error(
                "Import {} of account {} failed: {} runs got no further than row {}. The rest of"
                        + " the file is not imported",
                job.uid(),
                job.account(),
                MOST_ATTEMPTS,
                job.done());
    }

    private void run(Job job, Path file) {
        var fields = audiences.fields(job.account(), job.audience());
        count(job, file);
        long done = 0;
        int rejected = job.rejected();
        var seen = new SeenAddresses();
        try (var rows = new ImportRows(file, job.plan(), fields)) {
            while (rows.hasNext()) {
                var piece = piece(rows);
                // Rows and not pieces: an earlier version may have cut them elsewhere.
                int written = Math.clamp(job.done() - done, 0, piece.size());
                long before = done + written;
                done += piece.size();
                distinct(piece.subList(0, written), seen, new ArrayList<>());
                if (written == piece.size()) continue;
                var refusals = new ArrayList<Refusal>();
                var good = distinct(piece.subList(written, piece.size()), seen, refusals);
                if (!write(job, good, refusals, before, done)) return;
                rejected += refusals.size();
                if (rejected > MOST_REJECTIONS) {
                    finish(
                            job,
                            "failed",
                            "Stopped: over %,d rows could not be imported. What came before is"
                                            .formatted(MOST_REJECTIONS)
                                    + " imported");
                    return;
                }
            }
        }
        finish(job, "done", null);
        log.info("Import {} of account {} is done: {} rows", job.uid(), job.account(), done);
    }

    private static List<ImportRows.Row> piece(ImportRows rows) {
        var piece = new ArrayList<ImportRows.Row>();
        int chars = 0;
        while (piece.size() < ROWS_AT_ONCE && chars < CHARS_AT_ONCE && rows.hasNext()) {
            var row = rows.next();
            chars += row.chars();
            piece.add(row);
        }
        return piece;
    }

    // First of all, so that there is something to measure the progress by.
    private void count(Job job, Path file) {
        long rows = 0;
        try (var all = new ImportRows(file, job.plan(), List.of())) {
            while (all.hasNext()) {
                all.next();
                rows++;
            }
        }
        long counted = rows;
        jdbi.useHandle(db ->
                db.createUpdate(COUNTED)
                        .bind("rows", counted)
                        .bind("account", job.account())
                        .bind("id", job.id())
                        .execute());
    }

    private static List<ImportRows.Row> distinct(
            List<ImportRows.Row> piece, SeenAddresses seen, List<Refusal> refusals) {
        var good = new ArrayList<ImportRows.Row>();
        for (var row : piece) {
            if (row.email() == null) {
                refusals.add(new Refusal(row.line(), row.reason(), row.cells()));
                continue;
            }
            long first = seen.first(row.email(), row.line());
            if (first == row.line()) good.add(row);
            else {
                refusals.add(
                        new Refusal(
                                row.line(), "the same address as in line " + first, row.cells()));
            }
        }
        return good;
    }

    /** False: the import is cancelled, gone, or somebody else's. */
    private boolean write(
            Job job, List<ImportRows.Row> rows, List<Refusal> refusals, long before, long done) {
        return jdbi.inTransaction(tx -> {
            var reasons = overfull(tx, job, rows);
            reasons.putAll(listed(tx, job, rows));
            var good = new ArrayList<ImportRows.Row>();
            for (var row : rows) {
                String reason = reasons.get(address(row).value());
                if (reason == null) good.add(row);
                else refusals.add(new Refusal(row.line(), reason, row.cells()));
            }
            var counts = merge(tx, job, good);
            reject(tx, job, refusals);
            int skipped =
                    job.plan().rule() == ImportPlan.Rule.SKIP ? good.size() - counts.created() : 0;
            boolean ours =
                    tx.createUpdate(ADVANCE)
                                    .bind("account", job.account())
                                    .bind("id", job.id())
                                    .bind("before", before)
                                    .bind("done", done)
                                    .bind("created", counts.created())
                                    .bind("updated", counts.updated())
                                    .bind("skipped", skipped)
                                    .bind("rejected", refusals.size())
                                    .execute()
                            == 1;
            if (!ours) tx.rollback();
            return ours;
        });
    }

    private static Map<String, String> listed(Handle tx, Job job, List<ImportRows.Row> rows) {
        var listed = new HashMap<String, String>();
        tx.createQuery(LISTED)
                .bind("account", job.account())
                .bindArray("emails", String.class, column(rows, row -> address(row).value()))
                .map((row, _) ->
                        listed.put(
                                row.getString("email"),
                                "the address is on the blacklist: " + row.getString("reason")))
                .list();
        return listed;
    }

    private static Map<String, String> overfull(Handle tx, Job job, List<ImportRows.Row> rows) {
        var reasons = new HashMap<String, String>();
        var large =
                rows.stream()
                        .filter(row -> CustomFields.length(row.fields()) > CustomFields.FEW_CHARS)
                        .toList();
        if (large.isEmpty() || job.plan().rule() == ImportPlan.Rule.SKIP) return reasons;
        tx.createQuery(OVERFULL)
                .bind("account", job.account())
                .bind("audience", job.audience())
                .bindArray("emails", String.class, column(large, row -> address(row).value()))
                .bindArray("fields", String.class, column(large, row -> Json.write(row.fields())))
                .bindArray("cleared", String.class, cleared(job.plan()))
                .bind("most", CustomFields.MOST_CHARS)
                .mapTo(String.class)
                .forEach(email -> reasons.put(email, CustomFields.tooMuch().getMessage()));
        return reasons;
    }

    private static List<String> cleared(ImportPlan plan) {
        return plan.rule() == ImportPlan.Rule.OVERWRITE ? plan.fields() : List.of();
    }

    private Counts merge(Handle tx, Job job, List<ImportRows.Row> rows) {
        if (rows.isEmpty()) return new Counts(0, 0);
        var plan = job.plan();
        boolean changes = plan.rule() != ImportPlan.Rule.SKIP;
        var query =
                tx.createQuery(changes ? CHANGE : ADD)
                        .bind("account", job.account())
                        .bind("audience", job.audience())
                        .bindArray("uids", String.class, column(rows, _ -> Uid.random()))
                        .bindArray("emails", String.class, column(rows, r -> address(r).value()))
                        .bindArray(
                                "fields", String.class, column(rows, r -> Json.write(r.fields())))
                        .bindArray("tags", String.class, column(rows, r -> RowCopy.array(r.tags())))
                        .bind("status", plan.status().wire())
                        .bind("leaving", plan.status() == ContactStatus.UNSUBSCRIBED)
                        .bind("importUid", job.uid())
                        .bind("user", job.actor().user())
                        .bind("ip", job.actor().ipAddress())
                        .bind("userAgent", job.actor().userAgent())
                        .bind("now", utc(clock.instant()));
        if (changes) {
            query.bindArray("cleared", String.class, cleared(plan));
        }
        return query.map((row, _) -> new Counts(row.getInt("created"), row.getInt("updated")))
                .one();
    }

    private static void reject(Handle tx, Job job, List<Refusal> refusals) {
        if (refusals.isEmpty()) return;
        tx.createUpdate(REJECT)
                .bind("account", job.account())
                .bind("import", job.id())
                .bindArray("lines", Long.class, column(refusals, Refusal::line))
                .bindArray("reasons", String.class, column(refusals, Refusal::reason))
                .bindArray("cells", String.class, column(refusals, r -> RowCopy.array(r.cells())))
                .execute();
    }

    private void finish(Job job, String state, @Nullable String problem) {
        jdbi.useTransaction(tx -> {
            int finished =
                    tx.createUpdate(FINISH)
                            .bind("account", job.account())
                            .bind("id", job.id())
                            .bind("state", state)
                            .bind("problem", problem)
                            .bind("now", utc(clock.instant()))
                            .execute();
            if (finished > 0) ImportFiles.forget(tx, job.account(), job.id());
        });
    }

    private static EmailAddress address(ImportRows.Row row) {
        return Objects.requireNonNull(row.email());
    }
}
