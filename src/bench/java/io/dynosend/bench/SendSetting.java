package io.dynosend.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** An audience with many contacts, and the campaign that they get. */
final class SendSetting {

    private static final List<String> FIELDS =
            List.of(
                    "FIRST_NAME",
                    "LAST_NAME",
                    "CITY",
                    "PLAN",
                    "CRAFT",
                    "YEARS",
                    "DEADLINE",
                    "VOUCHER",
                    "CREDIT",
                    "EDITOR",
                    "JOINED");

    private static final String CONTACTS =
            """
            INSERT INTO contact (
                account_id, audience_id, uid, email, status, source, fields, created_at, updated_at)
            SELECT account_id, id, 's' || audience.id || lpad(n::text, 10, '0'),
                   'reader.' || n || '@mailbox' || n % 17 || '.example', 'subscribed', 'import',
                   jsonb_build_object(
                       'FIRST_NAME', (ARRAY['Ada', 'Jörg', 'Zoë', 'Marie-Luise', 'Bob'])[n % 5 + 1],
                       'LAST_NAME', 'O''Neill-' || n,
                       'CITY', (ARRAY['Ulm', 'Köln', 'Bath & Wells'])[n % 3 + 1],
                       'PLAN', CASE WHEN n % 3 = 0 THEN 'Guild' ELSE 'Letter' END,
                       'CRAFT', 'Stoneware', 'YEARS', (n % 9 + 1)::text,
                       'DEADLINE', '21 December', 'VOUCHER', 'KILN-' || lpad(n::text, 5, '0'),
                       'CREDIT', '12.50', 'EDITOR', 'Käthe', 'JOINED', '3 May 2021'),
                   now(), now()
            FROM audience, generate_series(1, ?) AS n
            WHERE uid = ?
            ORDER BY n
            """;

    private SendSetting() {}

    /**
     * Adds the domain that the campaigns are sent from, with a single key.
     *
     * @param dkim the algorithm that signs
     */
    static void sign(BenchServer server, Connection db, String dkim)
            throws IOException, SQLException {
        try (var client = new KeepAlive(server.port())) {
            ApiSetting.post(client, server, "/domains", "{\"domain\":\"kiln.example\"}");
        }
        // Nobody published the keys: what a check in the DNS would find is written down instead.
        execute(db, "UPDATE sending_domain SET verified_at = now()");
        execute(db, "DELETE FROM dkim_key WHERE algorithm <> '%s-sha256'".formatted(dkim));
    }

    /**
     * Makes an audience and a campaign to it.
     *
     * @return the campaign's uid
     */
    static String make(BenchServer server, Connection db, int contacts)
            throws IOException, SQLException {
        try (var client = new KeepAlive(server.port())) {
            String audience =
                    ApiSetting.post(
                            client,
                            server,
                            "/audiences",
                            """
                            {"name":"Letters","from_email":"letters@kiln.example",\
                            "from_name":"Kiln","contact_information":{"company":"Kiln and Wheel",\
                            "address_1":"1 Road","city":"Bern","country":"Switzerland"}}\
                            """);
            for (var field : FIELDS) {
                ApiSetting.post(
                        client,
                        server,
                        "/audiences/add-field",
                        """
                        {"audience_uid":"%s","type":"text","label":"%s","tag":"%s"}\
                        """
                                .formatted(audience, field, field));
            }
            System.out.printf("makes %,d contacts …%n", contacts);
            try (var insert = db.prepareStatement(CONTACTS)) {
                insert.setInt(1, contacts);
                insert.setString(2, audience);
                insert.execute();
            }
            execute(db, "VACUUM ANALYZE contact");
            return ApiSetting.post(
                    client,
                    server,
                    "/campaigns",
                    new ObjectMapper()
                            .writeValueAsString(
                                    Map.of(
                                            "audience_uid", audience,
                                            "name", "November",
                                            "subject", Newsletter.subject(),
                                            "html", withEvenings(Newsletter.html()),
                                            "text", withEvenings(Newsletter.text()))));
        }
    }

    static void start(BenchServer server, String campaign) throws IOException {
        try (var client = new KeepAlive(server.port())) {
            ApiSetting.post(
                    client,
                    server,
                    "/campaigns/start",
                    "{\"campaign_uid\":\"%s\"}".formatted(campaign));
        }
    }

    // No contact has a list of evenings.
    private static String withEvenings(String template) {
        return template.replace("for evening in EVENINGS", "for evening in (1..5)")
                .replace("{{ evening.title }}", "Raku in the yard, evening {{ evening }}")
                .replace("{{ evening.place }}", "Höhr")
                .replace("{{ evening.price }}", "{{ evening | plus: 20 }}");
    }

    private static void execute(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
