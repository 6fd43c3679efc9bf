package io.dynosend.database;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {

    private static final String FIRST = "classpath:database/first";
    private static final String LATER = "classpath:database/later";
    private static final String OTHER = "classpath:database/other";

    private static final String PASSWORD = "s3cret";

    @TempDir private static Path folder;

    private static EmbeddedPostgres server;

    @BeforeAll
    static void startServer() {
        server = EmbeddedPostgres.start(folder.resolve("data"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "full_page_writes"})
    void aServerThatCouldForgetWhatItHasCommittedIsRefused(String setting) throws SQLException {
        var owner = ownerOf("forgetful_" + setting);
        reloaded("ALTER SYSTEM SET " + setting + " = off");
        try {
            assertThatThrownBy(() -> Database.open(owner, FIRST))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessageContaining(setting + " = off");
        } finally {
            reloaded("ALTER SYSTEM RESET " + setting);
        }
        Database.open(owner, FIRST).close();
    }

    @Test
    void aDatabaseThatDoesNotWaitForItsCommitsIsRefused() throws SQLException {
        var owner = ownerOf("hasty");
        execute("ALTER DATABASE hasty SET synchronous_commit = off");

        assertThatThrownBy(() -> Database.open(owner, FIRST))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("synchronous_commit = off");
    }

    @Test
    void openingMakesTheTablesAndOpeningAgainFindsThem() throws SQLException {
        var owner = ownerOf("fresh");

        try (var database = Database.open(owner, FIRST)) {
            execute(database, "INSERT INTO thing (id) VALUES (1)");
        }
        try (var database = Database.open(owner, LATER)) {

            assertThat(query(database, "SELECT count(name) || '/' || count(*) FROM thing"))
                    .isEqualTo("0/1");
        }
    }

    @Test
    void theMigrationsOfThisVersionAreTheDefault() throws SQLException {
        var owner = ownerOf("default_migrations");

        try (var database = Database.open(owner.jdbcUrl(), owner.user(), owner.password())) {

            assertThat(query(database, "SELECT count(*) > 0 FROM flyway_schema_history"))
                    .isEqualTo("t");
        }
    }

    @Test
    void noStatementRunsForEver() throws SQLException {
        try (var database = Database.open(ownerOf("limited"), FIRST)) {

            assertThat(query(database, "SHOW statement_timeout")).isEqualTo("10min");
            assertThat(query(database, "SHOW idle_in_transaction_session_timeout"))
                    .isEqualTo("5min");
            assertThat(query(database, "SHOW application_name")).isEqualTo("dynosend");
        }
    }

    @Test
    void aDatabaseOfANewerVersionIsRefused() throws SQLException {
        var owner = ownerOf("newer");
        Database.open(owner, LATER).close();

        assertRefused(owner, FIRST).contains("was migrated by a newer Dynosend");
    }

    @Test
    void aDatabaseOfAnotherBuildIsRefused() throws SQLException {
        var owner = ownerOf("other_build");
        Database.open(owner, FIRST).close();

        assertRefused(owner, OTHER).contains("made by another build of Dynosend");
    }

    @Test
    void aWrongPasswordIsSaidSo() throws SQLException {
        var owner = ownerOf("wrong_password");

        assertRefused(new Endpoint(owner.jdbcUrl(), owner.user(), "Wr0ng"), FIRST)
                .contains("refuses user wrong_password with this password")
                .doesNotContain("Wr0ng");
        assertRefused(new Endpoint(owner.jdbcUrl(), owner.user(), ""), FIRST)
                .contains("the password is an empty string");
    }

    @Test
    void aRoleThatMayNotLogInIsSaidSo() throws SQLException {
        var owner = ownerOf("closed");
        execute("ALTER ROLE closed NOLOGIN");

        assertRefused(owner, FIRST)
                .contains("refuses user closed (role \"closed\" is not permitted");
    }

    @Test
    void aMissingDatabaseIsSaidSo() {
        assertRefused(at("127.0.0.1:" + port() + "/missing"), FIRST)
                .contains("There is no database 127.0.0.1:" + port() + "/missing; create it");
    }

    @Test
    void anUnknownHostIsSaidSo() {
        assertRefused(at("no-such-host.invalid:5432/mail"), FIRST)
                .contains("host of the database no-such-host.invalid:5432/mail is not known");
    }

    @Test
    void aPortWhereNothingListensIsSaidSo() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            free = socket.getLocalPort();
        }

        assertRefused(at("127.0.0.1:" + free + "/mail"), FIRST)
                .contains("No PostgreSQL answers at 127.0.0.1:" + free + "/mail");
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var where =
                    "127.0.0.1:%d/mail?connectTimeout=1&loginTimeout=1&socketTimeout=1"
                            .formatted(silent.getLocalPort());

            assertRefused(at(where), FIRST).contains("/mail does not answer in time");
        }
    }

    @Test
    void aServerWithoutEncryptionIsSaidSo() throws SQLException {
        var owner = ownerOf("no_tls");
        var url = owner.jdbcUrl().replace("sslmode=disable", "sslmode=require");

        assertRefused(new Endpoint(url, owner.user(), owner.password()), FIRST)
                .contains("server does not support SSL");
    }

    @Test
    void aUserWithoutRightsIsSaidSo() throws SQLException {
        ownerOf("theirs");
        execute("CREATE ROLE guest LOGIN PASSWORD '" + PASSWORD + "'");

        assertRefused(new Endpoint(urlOf("theirs"), "guest", PASSWORD), FIRST)
                .contains("User guest may not create tables in the database");
    }

    @Test
    void aReadOnlyDatabaseIsSaidSo() throws SQLException {
        var owner = ownerOf("standby");
        execute("ALTER DATABASE standby SET default_transaction_read_only = on");

        assertRefused(owner, FIRST).contains("is read-only");
    }

    @Test
    void aDatabaseThatIsNotUnicodeIsSaidSo() throws SQLException {
        ownerOf("latin");
        execute("DROP DATABASE latin");
        execute(
                "CREATE DATABASE latin OWNER latin ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");

        assertRefused(new Endpoint(urlOf("latin"), "latin", PASSWORD), FIRST)
                .contains("is encoded in SQL_ASCII; create one in UTF8");
    }

    @Test
    void anOldServerIsSaidSo() throws IOException {
        try (var old = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> answerAsVersion14(old));

            assertRefused(
                            at(
                                    "127.0.0.1:%d/mail?sslmode=disable&assumeMinServerVersion=9.0"
                                            .formatted(old.getLocalPort())),
                            FIRST)
                    .contains("is PostgreSQL 14; Dynosend needs 15 or later");
        }
    }

    private static AbstractStringAssert<?> assertRefused(Endpoint endpoint, String migrations) {
        return assertThatThrownBy(() -> Database.open(endpoint, migrations).close())
                .isInstanceOf(DatabaseUnavailable.class)
                .message()
                .doesNotContain("\n", PASSWORD);
    }

    private static Endpoint at(String where) {
        return new Endpoint("jdbc:postgresql://" + where, server.user(), server.password());
    }

    /** Makes a database, and a role of that name that owns it. */
    private static Endpoint ownerOf(String name) throws SQLException {
        execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(name, PASSWORD));
        execute("CREATE DATABASE %s OWNER %s".formatted(name, name));
        return new Endpoint(urlOf(name), name, PASSWORD);
    }

    private static String urlOf(String database) {
        return server.jdbcUrl().replace("/postgres?", "/" + database + "?");
    }

    private static String port() {
        return server.jdbcUrl().replaceFirst(".*:(\\d+)/.*", "$1");
    }

    /** Returns when the server goes by it. */
    private static void reloaded(String change) throws SQLException {
        execute(change);
        String before = single("SELECT pg_conf_load_time()");
        execute("SELECT pg_reload_conf()");
        while (single("SELECT pg_conf_load_time()").equals(before)) Thread.onSpinWait();
    }

    private static String single(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Database database, String sql) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Lets one client in as a server of that version does, and then hears nothing of it. */
    private static void answerAsVersion14(ServerSocket listening) {
        try (var client = listening.accept()) {
            var in = new DataInputStream(client.getInputStream());
            in.readNBytes(in.readInt() - Integer.BYTES);
            var out = new DataOutputStream(client.getOutputStream());
            send(out, 'R', new byte[Integer.BYTES]);
            for (var status :
                    Map.of(
                                    "server_version", "14.11",
                                    "client_encoding", "UTF8",
                                    "DateStyle", "ISO, MDY",
                                    "standard_conforming_strings", "on",
                                    "integer_datetimes", "on")
                            .entrySet()) {
                send(
                        out,
                        'S',
                        (status.getKey() + "\0" + status.getValue() + "\0").getBytes(US_ASCII));
            }
            send(out, 'Z', new byte[] {'I'});
            out.flush();
            in.readAllBytes();
        } catch (IOException _) {
            // The client has gone, as it should.
        }
    }

    /** A message of the protocol: its kind, its length with the length's own bytes, its body. */
    private static void send(DataOutputStream out, char kind, byte[] body) throws IOException {
        out.writeByte(kind);
        out.writeInt(Integer.BYTES + body.length);
        out.write(body);
    }
}
