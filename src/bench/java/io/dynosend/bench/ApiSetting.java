package io.dynosend.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** What calls of the API need before they can be measured. */
final class ApiSetting {

    /**
     * The things that calls are about.
     *
     * @param firstContact the id of the first of {@link Request#EXISTING}, which follow each other
     */
    record Things(
            String token,
            long account,
            long user,
            long audience,
            String audienceUid,
            long firstContact,
            String transactionalUid) {}

    private static final Pattern UID = Pattern.compile("_uid\":\"([^\"]+)\"");

    private static final String CONTACTS =
            """
            INSERT INTO contact (
                account_id, audience_id, uid, email, status, source, fields, created_at, updated_at)
            SELECT account_id, id, 's' || lpad(n::text, 12, '0'),
                   's' || lpad(n::text, 12, '0') || '@example.org', 'subscribed', 'import',
                   '{"FIRST_NAME": "Ada"}', now(), now()
            FROM audience, generate_series(0, ?) AS n
            WHERE uid = ?
            ORDER BY n
            """;

    private ApiSetting() {}

    /** Makes an audience with contacts, a blacklist and a transactional message. */
    static Things make(BenchServer server, Connection db, int contacts)
            throws IOException, SQLException {
        try (var client = new KeepAlive(server.port())) {
            String audience =
                    post(
                            client,
                            server,
                            "/audiences",
                            """
                            {"name":"Readers","from_email":"me@example.org","from_name":"Me",
                            "contact_information":{"company":"Acme","address_1":"1 Road",
                            "city":"Bern","country":"Switzerland"}}\
                            """);
            post(
                    client,
                    server,
                    "/audiences/add-field",
                    """
                    {"audience_uid":"%s","type":"text","label":"First name","tag":"FIRST_NAME"}\
                    """
                            .formatted(audience));
            String transactional =
                    post(
                            client,
                            server,
                            "/transactional/create",
                            """
                            {"audience_uid":"%s","name":"Receipt","content":"internal",
                            "subject":"Receipt","html":"<h1>Thank you</h1><p>Your order {{ORDER}} \
                            is on its way; <a href='https://example.com/{{ORDER}}'>follow it</a>.</p>"}\
                            """
                                    .formatted(audience));
            fill(db, contacts, audience);
            return new Things(
                    server.token(),
                    number(db, "SELECT account_id FROM api_token"),
                    number(db, "SELECT user_id FROM api_token"),
                    number(db, "SELECT id FROM audience WHERE uid = '%s'".formatted(audience)),
                    audience,
                    number(db, "SELECT min(id) FROM contact"),
                    transactional);
        }
    }

    /** The answer to a question for one number. */
    static long number(Connection db, String question) throws SQLException {
        try (var statement = db.createStatement();
                var rows = statement.executeQuery(question)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void fill(Connection db, int contacts, String audience) throws SQLException {
        try (var insert = db.prepareStatement(CONTACTS)) {
            insert.setInt(1, contacts - 1);
            insert.setString(2, audience);
            insert.execute();
        }
        try (var statement = db.createStatement()) {
            statement.execute(
                    """
                    INSERT INTO blacklist (account_id, email, reason, created_at)
                    SELECT account_id, 'gone-' || email, 'bounced', now()
                    FROM contact
                    LIMIT 10000
                    """);
            // As autovacuum would: of an empty table it takes no statistics.
            statement.execute("VACUUM ANALYZE contact, blacklist, audience");
        }
    }

    static String post(KeepAlive client, BenchServer server, String path, String json)
            throws IOException {
        var request = Request.of("POST", path, server.token(), json);
        int status = client.exchange(request.filled().with(0));
        var uid = UID.matcher(client.body());
        if (status != 200) throw new IOException(path + ": " + client.body());
        return uid.find() ? uid.group(1) : "";
    }
}
