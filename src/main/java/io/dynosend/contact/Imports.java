package io.dynosend.contact;

import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audiences;
import io.dynosend.common.Json;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Uid;
import io.dynosend.contact.CsvRows.Broken;
import io.dynosend.contact.CsvRows.Good;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Brings the contacts of a CSV file into an audience: all good rows in one transaction, and a
 * reason for each of the others.
 */
public final class Imports {

    /** A row that was not imported; the line counts from 1, the header's. */
    public record Rejection(long line, String reason) {}

    /** What became of the rows of a file. Each is in exactly one of the counts. */
    public record Result(
            String uid, int created, int updated, int rejected, List<Rejection> rejections) {}

    private static final int MOST_REJECTIONS = 10_000;

    private static final String STAGE =
            """
            CREATE TEMPORARY TABLE import_row (
                line    bigint NOT NULL,
                reason  text,
                uid     text,
                email   text,
                fields  jsonb,
                tags    text[]
            ) ON COMMIT DROP
            """;

    private static final String OPEN =
            """
            INSERT INTO contact_import (
                account_id, uid, audience_id, file_name, created, updated, rejected, created_at,
                finished_at)
            VALUES (:account, :uid, :audience, :file, 0, 0, 0, :now, :now)
            RETURNING id
            """;

    private static final String COPY =
            "COPY import_row (line, reason, uid, email, fields, tags) FROM STDIN";

    private static final String REJECT_BROKEN =
            """
            WITH broken AS (
                DELETE FROM import_row WHERE reason IS NOT NULL RETURNING line, reason
            )
            INSERT INTO contact_import_rejection (account_id, import_id, line, reason)
            SELECT :account, :import, line, reason
            FROM broken
            """;

    private static final String REJECT_BLACKLISTED =
            """
            WITH listed AS (
                DELETE FROM import_row r
                USING blacklist b
                WHERE b.account_id = :account AND b.email = r.email
                RETURNING r.line, b.reason
            )
            INSERT INTO contact_import_rejection (account_id, import_id, line, reason)
            SELECT :account, :import, line, 'the address is on the blacklist: ' || reason
            FROM listed
            """;

    private static final String REJECT_REPEATED =
            """
            WITH numbered AS (
                SELECT line, min(line) OVER (PARTITION BY email) AS first_line FROM import_row
            ), repeated AS (
                DELETE FROM import_row r
                USING numbered n
                WHERE n.line = r.line AND n.first_line < n.line
                RETURNING r.line, n.first_line
            )
            INSERT INTO contact_import_rejection (account_id, import_id, line, reason)
            SELECT :account, :import, line, 'the same address as in line ' || first_line
            FROM repeated
            """;

    private static final String REJECT_OVERFULL =
            """
            WITH overfull AS (
                DELETE FROM import_row r
                USING contact c
                WHERE c.account_id = :account AND c.audience_id = :audience AND c.email = r.email
                  AND length(r.fields::text) > :few
                  AND (
                      SELECT sum(length(value))
                      FROM jsonb_each_text(c.fields || r.fields)) > :most
                RETURNING r.line
            )
            INSERT INTO contact_import_rejection (account_id, import_id, line, reason)
            SELECT :account, :import, line, :reason
            FROM overfull
            """;

    // In the order of the address: neighbours in the unique index are written together. Status is
    // not touched: no file brings back who has unsubscribed.
    private static final String MERGE =
            """
            WITH merged AS (
                INSERT INTO contact AS c (
                    account_id, audience_id, uid, email, status, source, tags, fields,
                    created_at, updated_at)
                SELECT :account, :audience, uid, email, 'subscribed', 'import', tags, fields,
                       :now, :now
                FROM import_row
                ORDER BY email
                ON CONFLICT (account_id, audience_id, email) DO UPDATE
                SET fields = c.fields || excluded.fields,
                    tags = c.tags || ARRAY(
                        SELECT t.tag
                        FROM unnest(excluded.tags) WITH ORDINALITY AS t (tag, place)
                        WHERE t.tag <> ALL (c.tags)
                        ORDER BY t.place),
                    updated_at = excluded.updated_at
                RETURNING c.id, xmax = 0 AS created
            ), noted AS (
                INSERT INTO contact_activity (
                    account_id, contact_id, kind, at, source, user_id, ip_address, user_agent,
                    detail)
                SELECT :account, id, CASE WHEN created THEN 'subscribed' ELSE 'updated' END, :now,
                       'import', :user, :ip, :userAgent,
                       jsonb_build_object('import_uid', cast(:importUid AS text))
                FROM merged
            )
            SELECT count(*) FILTER (WHERE created) AS created,
                   count(*) FILTER (WHERE NOT created) AS updated
            FROM merged
            """;

    private static final String CLOSE =
            """
            UPDATE contact_import
            SET created = :created, updated = :updated, rejected = :rejected
            WHERE account_id = :account AND id = :import
            """;

    private static final String BY_UID =
            """
            SELECT id, uid, created, updated, rejected
            FROM contact_import
            WHERE account_id = :account AND uid = :uid AND finished_at IS NOT NULL
            """;

    private static final String REJECTIONS =
            """
            SELECT line, reason
            FROM contact_import_rejection
            WHERE account_id = :account AND import_id = :import
            ORDER BY line
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Audiences audiences;

    public Imports(Jdbi jdbi, InstantSource clock, Audiences audiences) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.audiences = audiences;
    }

    /**
     * Imports a file. New contacts are subscribed; of those that are there already the fields are
     * updated and the tags added, the status stays.
     *
     * @param file CSV (RFC 4180; comma, semicolon or tab; UTF-8, UTF-16 with a byte order mark, or
     *     Windows-1252), the first line naming fields by tag or label
     * @param fileName as the caller calls it
     * @param tags for every contact of the file
     * @throws NotFound if the account has no such audience
     * @throws BadInput if the header line cannot be used; then nothing is imported
     */
    public Result run(
            long account,
            String audienceUid,
            Path file,
            String fileName,
            List<String> tags,
            Actor actor) {
        var audience = audiences.schema(account, audienceUid);
        String uid = Uid.random();
        jdbi.useTransaction(tx -> {
            tx.execute(STAGE);
            long id =
                    tx.createQuery(OPEN)
                            .bind("account", account)
                            .bind("uid", uid)
                            .bind("audience", audience.id())
                            .bind("file", fileName)
                            .bind("now", utc(clock.instant()))
                            .mapTo(Long.class)
                            .one();
            stage(tx, new CsvRows(file, audience.fields()), tags);
            int rejected = reject(tx, REJECT_BROKEN, account, id);
            rejected += reject(tx, REJECT_BLACKLISTED, account, id);
            rejected += reject(tx, REJECT_REPEATED, account, id);
            rejected += rejectOverfull(tx, account, audience.id(), id);
            refuseHopeless(rejected);
            var counts = merge(tx, account, audience.id(), uid, actor);
            close(tx, account, id, counts, rejected);
        });
        return get(account, uid);
    }

    /**
     * What became of an import.
     *
     * @throws NotFound if the account has no such import
     */
    public Result get(long account, String uid) {
        return jdbi.withHandle(db ->
                db.createQuery(BY_UID)
                        .bind("account", account)
                        .bind("uid", uid)
                        .map((row, _) ->
                                new Result(
                                        row.getString("uid"),
                                        row.getInt("created"),
                                        row.getInt("updated"),
                                        row.getInt("rejected"),
                                        rejections(db, account, row.getLong("id"))))
                        .findOne()
                        .orElseThrow(() -> new NotFound("Import")));
    }

    private static void stage(Handle tx, CsvRows rows, List<String> tags) {
        try (var copy = new RowCopy(tx.getConnection(), COPY)) {
            rows.forEach(row -> {
                switch (row) {
                    case Good(var line, var email, var fields, var own) ->
                            copy.row(
                                    line,
                                    null,
                                    Uid.random(),
                                    email.value(),
                                    Json.write(fields),
                                    RowCopy.array(Tags.union(tags, own)));
                    case Broken(var line, var reason) ->
                            copy.row(line, reason, null, null, null, null);
                }
            });
        }
    }

    // Each rejected row is listed; a file with more of them than anybody reads is the wrong file.
    private static void refuseHopeless(int rejected) {
        if (rejected > MOST_REJECTIONS) {
            throw new BadInput(
                    "file has over %,d rows that cannot be imported; nothing was imported"
                            .formatted(MOST_REJECTIONS));
        }
    }

    private static int reject(Handle tx, String statement, long account, long importId) {
        return tx.createUpdate(statement)
                .bind("account", account)
                .bind("import", importId)
                .execute();
    }

    private static int rejectOverfull(Handle tx, long account, long audience, long importId) {
        return tx.createUpdate(REJECT_OVERFULL)
                .bind("account", account)
                .bind("audience", audience)
                .bind("import", importId)
                .bind("few", CustomFields.FEW_CHARS)
                .bind("most", CustomFields.MOST_CHARS)
                .bind("reason", CustomFields.tooMuch().getMessage())
                .execute();
    }

    private record Counts(int created, int updated) {}

    private Counts merge(Handle tx, long account, long audience, String importUid, Actor actor) {
        return tx.createQuery(MERGE)
                .bind("account", account)
                .bind("audience", audience)
                .bind("importUid", importUid)
                .bind("user", actor.user())
                .bind("ip", actor.ipAddress())
                .bind("userAgent", actor.userAgent())
                .bind("now", utc(clock.instant()))
                .map((row, _) -> new Counts(row.getInt("created"), row.getInt("updated")))
                .one();
    }

    private static void close(Handle tx, long account, long importId, Counts counts, int rejected) {
        tx.createUpdate(CLOSE)
                .bind("account", account)
                .bind("import", importId)
                .bind("created", counts.created())
                .bind("updated", counts.updated())
                .bind("rejected", rejected)
                .execute();
    }

    private static List<Rejection> rejections(Handle db, long account, long importId) {
        return db.createQuery(REJECTIONS)
                .bind("account", account)
                .bind("import", importId)
                .map((row, _) -> new Rejection(row.getLong("line"), row.getString("reason")))
                .list();
    }
}
