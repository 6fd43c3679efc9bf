package io.dynosend.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A large account: what its pages need before they can be measured. */
final class PagesSetting {

    static final int CONTACTS = 1_000_000;

    private static final Pattern UID = Pattern.compile("_uid\":\"([^\"]+)\"");

    // From here on contacts are read, by their indexes.
    private static final String ANALYZE = "ANALYZE contact";

    /** In this order, each beside the time it took. */
    private static final List<String> FILLING =
            List.of(
                    // Some people, over two years, most of whom are still there.
                    """
                    INSERT INTO contact (
                        account_id, audience_id, uid, email, status, source, ip_address, tags, fields,
                        created_at, updated_at, unsubscribed_at)
                    SELECT a.account_id, a.id, 's' || lpad(n::text, 12, '0'),
                           f.name || '.' || l.name || n || '@' || d.name,
                           CASE WHEN n % 17 = 3 THEN 'unsubscribed'
                                WHEN n % 53 = 5 THEN 'unconfirmed' ELSE 'subscribed' END,
                           CASE n % 4 WHEN 0 THEN 'api' WHEN 1 THEN 'form' ELSE 'import' END,
                           '203.0.113.' || n % 250,
                           CASE WHEN n % 3 = 0 THEN ARRAY['vip'] WHEN n % 7 = 0
                                THEN ARRAY['newsletter', 'tag-' || n % 400] ELSE '{}'::text[] END,
                           jsonb_build_object('FIRST_NAME', initcap(f.name),
                                              'CITY', (ARRAY['Ulm', 'Bern', 'Oslo', 'Rome'])[1 + n % 4]),
                           t.at, t.at, CASE WHEN n % 17 = 3 THEN least(now(), t.at + interval '20 days') END
                    FROM (SELECT * FROM audience WHERE name = 'Readers') a,
                         generate_series(1, 1000000) n,
                         LATERAL (SELECT (ARRAY['anna','ben','clara','david','emma','felix','greta',
                                  'hans','ida','jonas','karla','leo','mia','nils','olga','paul'])[1 + n % 16] AS name) f,
                         LATERAL (SELECT (ARRAY['smith','jones','mueller','rossi','garcia','novak',
                                  'silva','berg','dubois'])[1 + n % 9] AS name) l,
                         LATERAL (SELECT (ARRAY['gmail.example','gmx.example','web.example',
                                  'outlook.example','firm.example'])[1 + n % 5] AS name) d,
                         LATERAL (SELECT now() - (1000000 - n) * interval '63 seconds' AS at) t
                    """,
                    """
                    INSERT INTO contact (
                        account_id, audience_id, uid, email, status, source, created_at, updated_at)
                    SELECT a.account_id, a.id, 't' || lpad((a.id * 100000 + n)::text, 12, '0'),
                           'reader' || n || '@example.org', 'subscribed', 'api', now(), now()
                    FROM audience a, generate_series(1, 2000) n
                    WHERE a.name LIKE 'Small%'
                    """,
                    """
                    INSERT INTO contact_activity (account_id, contact_id, kind, at, source)
                    SELECT account_id, id, 'subscribed', created_at, source FROM contact
                    """,
                    """
                    INSERT INTO contact_activity (account_id, contact_id, kind, at, source)
                    SELECT account_id, id, 'unsubscribed', unsubscribed_at, 'link'
                    FROM contact WHERE status = 'unsubscribed'
                    """,
                    """
                    INSERT INTO blacklist (account_id, email, reason, created_at)
                    SELECT a.account_id, 'gone' || n || '@gmail.example',
                           (ARRAY['bounced', 'complained', 'unsubscribed', 'manual'])[1 + n % 4],
                           now() - n * interval '5 minutes'
                    FROM (SELECT * FROM audience WHERE name = 'Readers') a,
                         generate_series(1, 80000) n
                    """,
                    """
                    INSERT INTO blacklist (account_id, email, reason, created_at)
                    SELECT c.account_id, c.email,
                           CASE WHEN c.id % 100 = 7 THEN 'bounced' ELSE 'unsubscribed' END,
                           least(now(), c.created_at + interval '10 days')
                    FROM contact c
                    JOIN audience a ON a.account_id = c.account_id AND a.id = c.audience_id
                    WHERE a.name = 'Readers' AND c.id % 50 = 7
                    """,
                    // The first went to all, ten to many, the others to some; a few not yet.
                    """
                    WITH wanted AS (
                        SELECT a.account_id, a.id AS audience_id, n,
                               CASE WHEN n = 1 THEN 1000000 WHEN n <= 11 THEN 50000 ELSE 2600 END AS size,
                               now() - (n + 2) * interval '2 days' AS at
                        FROM (SELECT * FROM audience WHERE name = 'Readers') a,
                             generate_series(1, 194) n),
                    mailing_of AS (
                        INSERT INTO mailing (
                            account_id, audience_id, state, recipients, last_contact, until_contact,
                            started_at, recipients_written_at, done_at)
                        SELECT account_id, audience_id, 'done', size, n, size, at, at, at + interval '1 hour'
                        FROM wanted
                        RETURNING account_id, id, audience_id, last_contact AS n, started_at)
                    INSERT INTO campaign (
                        account_id, uid, audience_id, name, subject, from_email, from_name, reply_to,
                        html, mailing_id, created_at, updated_at, tracking)
                    SELECT account_id, 'c' || lpad(n::text, 12, '0'), audience_id, 'Letter no. ' || n,
                           'News of week ' || n, 'me@example.org', 'Ada', 'me@example.org',
                           '<h1>News</h1><p><a href="https://acme.example/">Acme</a></p>', id,
                           started_at, started_at, 'individual'
                    FROM mailing_of
                    """,
                    """
                    INSERT INTO campaign (
                        account_id, uid, audience_id, name, subject, from_email, from_name, reply_to,
                        html, created_at, updated_at, scheduled_at)
                    SELECT account_id, 'd' || lpad(n::text, 12, '0'), id, 'Draft ' || n, 'Soon', 'me@example.org',
                           'Ada', 'me@example.org', '<p>Soon</p>', now(), now(),
                           CASE WHEN n > 4 THEN now() + interval '30 days' END
                    FROM audience, generate_series(1, 6) n
                    WHERE name = 'Readers'
                    """,
                    ANALYZE,
                    """
                    INSERT INTO delivery (
                        account_id, mailing_id, number, contact_id, address, state, finished_at,
                        bounced_at, reason, reply)
                    SELECT m.account_id, m.id, c.number, c.id, c.email,
                           (CASE WHEN c.number % 71 = 0 THEN 'failed' WHEN c.number % 97 = 0
                            THEN 'skipped' ELSE 'sent' END)::delivery_state,
                           m.started_at + c.number * interval '3 milliseconds',
                           CASE WHEN c.number % 71 = 0 THEN m.started_at END,
                           CASE WHEN c.number % 71 = 0 THEN 'bounced' WHEN c.number % 97 = 0 THEN 'unsubscribed' END,
                           CASE WHEN c.number % 71 = 0 THEN '550 5.1.1 No such user here' ELSE '250 2.0.0 Ok' END
                    FROM mailing m
                    JOIN LATERAL (
                        SELECT id, email, row_number() OVER ()::int AS number
                        FROM (SELECT id, email FROM contact
                              WHERE account_id = m.account_id AND audience_id = m.audience_id
                              ORDER BY id LIMIT m.recipients) r) c ON true
                    WHERE m.kind = 'campaign'
                    """,
                    """
                    INSERT INTO mailing_chunk (
                        account_id, mailing_id, first_number, last_number, due_at, started_at)
                    SELECT account_id, id, first, least(first + 249, recipients), NULL, started_at
                    FROM mailing, generate_series(1, recipients, 250) first
                    """,
                    """
                    INSERT INTO link (account_id, mailing_id, number, url)
                    SELECT account_id, id, n, 'https://acme.example/page-' || n
                    FROM mailing, generate_series(0, 9) n
                    """,
                    """
                    INSERT INTO engagement (
                        account_id, mailing_id, number, open_count, first_open_at, click_count,
                        first_click_at, unsubscribed_at)
                    SELECT d.account_id, d.mailing_id, d.number, 1 + d.number % 2,
                           d.finished_at + sqrt(d.number % 5000) * interval '40 minutes',
                           CASE WHEN d.number % 9 = 1 THEN 1 ELSE 0 END,
                           CASE WHEN d.number % 9 = 1
                                THEN d.finished_at + sqrt(d.number % 5000) * interval '41 minutes' END,
                           CASE WHEN d.number % 301 = 1 THEN d.finished_at + interval '1 day' END
                    FROM delivery d
                    WHERE d.state = 'sent' AND d.number % 3 = 1
                    """,
                    """
                    INSERT INTO engagement_event (
                        account_id, mailing_id, number, kind, link, at, ip_address, user_agent)
                    SELECT e.account_id, e.mailing_id, e.number, k.kind,
                           CASE k.kind WHEN 'click' THEN e.number % 10 END,
                           CASE k.kind WHEN 'click' THEN e.first_click_at ELSE e.first_open_at END,
                           '203.0.113.7', 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)'
                    FROM engagement e
                    CROSS JOIN (VALUES ('open'), ('click')) k (kind)
                    WHERE k.kind = 'open' OR e.click_count > 0
                    """,
                    """
                    WITH lost AS (
                        UPDATE delivery d SET state = 'unknown'
                        FROM campaign c
                        WHERE c.account_id = d.account_id AND c.mailing_id = d.mailing_id
                          AND c.name IN ('Letter no. 1', 'Letter no. 2') AND d.number IN (7, 8, 9)
                        RETURNING d.account_id, d.mailing_id)
                    UPDATE mailing_chunk k SET has_unknown = true
                    FROM lost
                    WHERE k.account_id = lost.account_id AND k.mailing_id = lost.mailing_id
                      AND k.first_number = 1
                    """,
                    """
                    INSERT INTO contact_event (account_id, contact_id, name, properties, at)
                    SELECT account_id, id, 'order_placed', '{"amount": 12}', created_at
                    FROM contact WHERE id % 20 = 0
                    """,
                    """
                    WITH mailing_of AS (
                        INSERT INTO mailing (
                            account_id, audience_id, kind, state, recipients, last_contact, until_contact,
                            started_at, recipients_written_at, done_at)
                        SELECT t.account_id, t.audience_id, 'transactional', 'done', 1, n, n, at, at, at
                        FROM (SELECT * FROM transactional LIMIT 1) t, generate_series(1, 100000) n,
                             LATERAL (SELECT now() - n * interval '4 minutes' AS at) x
                        RETURNING account_id, id, last_contact AS n, started_at),
                    delivery_of AS (
                        INSERT INTO delivery (
                            account_id, mailing_id, number, contact_id, address, state, finished_at, reply)
                        SELECT m.account_id, m.id, 1, c.id, c.email, 'sent', m.started_at, '250 ok'
                        FROM mailing_of m
                        JOIN (SELECT account_id, id, email, row_number() OVER () AS n FROM contact) c
                          ON c.account_id = m.account_id AND c.n = m.n
                        RETURNING account_id, mailing_id, contact_id, finished_at)
                    INSERT INTO transactional_message (
                        account_id, mailing_id, uid, transactional_uid, contact_id, subject, queued_at)
                    SELECT d.account_id, d.mailing_id, 'm' || lpad(d.mailing_id::text, 12, '0'), t.uid,
                           d.contact_id, 'Your receipt', d.finished_at
                    FROM delivery_of d, (SELECT uid FROM transactional LIMIT 1) t
                    """,
                    """
                    INSERT INTO audit_entry (account_id, at, user_id, email, action, ip_address)
                    SELECT u.account_id, now() - n * interval '7 minutes', u.id, u.email,
                           'started the campaign “Letter no. ' || n || '”', '203.0.113.9'
                    FROM (SELECT * FROM account_user LIMIT 1) u, generate_series(1, 3000) n
                    """,
                    // What is summed up as it happens has to be summed up from the beginning.
                    "DELETE FROM audience_day",
                    "UPDATE contact_figures SET until = '-infinity'",
                    "VACUUM ANALYZE");

    private PagesSetting() {}

    static void make(BenchServer server, Connection db)
            throws IOException, SQLException, InterruptedException {
        try (var client = new KeepAlive(server.port())) {
            String readers = audience(client, server, "Readers");
            for (int i = 1; i <= 10; i++) audience(client, server, "Small circle " + i);
            for (String tag : List.of("FIRST_NAME", "CITY")) {
                post(
                        client,
                        server,
                        "/audiences/add-field",
                        "{\"audience_uid\":\"%s\",\"type\":\"text\",\"label\":\"%s\",\"tag\":\"%s\"}"
                                .formatted(readers, tag, tag));
            }
            for (int i = 1; i <= 10; i++) {
                post(
                        client,
                        server,
                        "/transactional/create",
                        """
                        {"audience_uid":"%s","name":"Receipt %d","content":"internal",
                        "subject":"Receipt","html":"<h1>Thank you</h1>"}\
                        """
                                .formatted(readers, i));
                post(
                        client,
                        server,
                        "/templates",
                        "{\"name\":\"Letter %d\",\"subject\":\"News\",\"html\":\"<h1>News</h1>\"}"
                                .formatted(i));
            }
            post(client, server, "/domains", "{\"domain\":\"acme.example\"}");
            post(
                    client,
                    server,
                    "/relays",
                    "{\"host\":\"smtp.acme.example\",\"port\":\"587\",\"domain\":\"gmail.example\"}");
        }
        var later = dropIndexes(db);
        try (var statement = db.createStatement()) {
            for (String filling : FILLING) {
                if (filling.equals(ANALYZE)) for (String index : later) statement.execute(index);
                long begin = System.nanoTime();
                statement.execute(filling);
                System.out.printf(
                        Locale.ROOT,
                        "  %-40.40s %5.1f s%n",
                        filling.strip().lines().findFirst().orElse("").strip()
                                + " "
                                + Math.max(0, statement.getUpdateCount()),
                        (System.nanoTime() - begin) / 1e9);
            }
        }
        awaitFigures(db);
        try (var statement = db.createStatement()) {
            statement.execute("VACUUM ANALYZE audience_day, contact_engagement, audience_tag");
        }
    }

    private static void awaitFigures(Connection db) throws SQLException, InterruptedException {
        var question = "SELECT count(*) FROM contact_figures WHERE until = '-infinity'";
        while (ApiSetting.number(db, question) > 0) Thread.sleep(500);
    }

    /** Those of contacts that are made faster afterwards; how they are made. */
    private static List<String> dropIndexes(Connection db) throws SQLException {
        var made = new java.util.ArrayList<String>();
        var dropped = new java.util.ArrayList<String>();
        try (var statement = db.createStatement();
                var rows =
                        statement.executeQuery(
                                """
                                SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
                                FROM pg_index i
                                WHERE i.indrelid = 'contact'::regclass AND NOT i.indisunique
                                """)) {
            while (rows.next()) {
                dropped.add("DROP INDEX " + rows.getString(1));
                made.add(rows.getString(2));
            }
        }
        try (var statement = db.createStatement()) {
            for (String drop : dropped) statement.execute(drop);
        }
        return made;
    }

    private static String audience(KeepAlive client, BenchServer server, String name)
            throws IOException {
        return post(
                client,
                server,
                "/audiences",
                """
                {"name":"%s","from_email":"me@example.org","from_name":"Me",
                "contact_information":{"company":"Acme","address_1":"1 Road","city":"Bern",
                "country":"Switzerland"}}\
                """
                        .formatted(name));
    }

    private static String post(KeepAlive client, BenchServer server, String path, String json)
            throws IOException {
        int status =
                client.exchange(Request.of("POST", path, server.token(), json).filled().with(0));
        if (status != 200) throw new IOException(path + ": " + client.body());
        var uid = UID.matcher(client.body());
        return uid.find() ? uid.group(1) : "";
    }
}
