package io.dynosend.database;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Nearly all on one data folder, so that PostgreSQL is unpacked once. */
class EmbeddedPostgresTest {

    @TempDir private static Path folder;

    private static Path data() {
        return folder.resolve("data");
    }

    private static Path cluster() {
        return data().resolve("postgres/cluster");
    }

    @Test
    void whatIsCommittedSurvivesARestart() throws SQLException {
        try (var server = EmbeddedPostgres.start(data())) {
            query(server, "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 'ü' AS word");
        }

        try (var server = EmbeddedPostgres.start(data())) {

            assertThat(query(server, "SELECT word FROM kept")).isEqualTo("ü");
        }
    }

    @Test
    void itKeepsThePromisesOfDurabilityAndIsUnicode() throws SQLException {
        try (var server = EmbeddedPostgres.start(data())) {
            var settings =
                    Stream.of(
                                    "fsync",
                                    "full_page_writes",
                                    "synchronous_commit",
                                    "data_checksums",
                                    "server_encoding",
                                    "listen_addresses",
                                    "unix_socket_directories")
                            .collect(toMap(name -> name, name -> show(server, name)));

            assertThat(settings)
                    .isEqualTo(
                            Map.of(
                                    "fsync", "on",
                                    "full_page_writes", "on",
                                    "synchronous_commit", "on",
                                    "data_checksums", "on",
                                    "server_encoding", "UTF8",
                                    "listen_addresses", "127.0.0.1",
                                    "unix_socket_directories", ""));
            assertThat(query(server, "SELECT upper('ö')")).isEqualTo("Ö");
        }
    }

    @Test
    void theJarCarriesTheVersionThatTheFolderIsNamedAfter() throws SQLException {
        try (var server = EmbeddedPostgres.start(data())) {

            assertThat(show(server, "server_version")).isEqualTo(PostgresBinaries.VERSION);
        }
    }

    @Test
    void nobodyEntersWithoutThePassword() {
        try (var server = EmbeddedPostgres.start(data())) {
            for (var password : List.of("wrong", "")) {

                assertThatThrownBy(() ->
                                DriverManager.getConnection(
                                        server.jdbcUrl(), server.user(), password))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password");
            }
        }
    }

    @Test
    void onlyItsOwnerCanReadTheFolderAndThePassword() throws IOException {
        EmbeddedPostgres.start(data()).close();

        assertThat(permissions(data())).isEqualTo("rwx------");
        assertThat(permissions(data().resolve("postgres"))).isEqualTo("rwx------");
        assertThat(permissions(data().resolve("postgres/password"))).isEqualTo("rw-------");
        assertThat(Files.readString(data().resolve("postgres/password"))).hasSize(64);
    }

    @Test
    void aSecondStartOnTheFolderIsRefused() {
        try (var _ = EmbeddedPostgres.start(data())) {

            assertThatThrownBy(() -> EmbeddedPostgres.start(data()))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessage(
                            "Another Dynosend (process %d) is running on %s; stop it or set DYNOSEND_DATA to another folder",
                            ProcessHandle.current().pid(), data());
        }
    }

    @Test
    void aSecondProcessOnTheFolderIsRefusedButCanAskWhereTheFirstOneAnswers() throws IOException {
        try (var other = OtherProcess.on(data())) {
            var running = EmbeddedPostgres.running(data());

            assertThat(running).map(Endpoint::jdbcUrl).hasValue(other.said());
            assertThatThrownBy(() -> EmbeddedPostgres.start(data()))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessageStartingWith(
                            "Another Dynosend (process %d) is running on %s;", other.pid(), data());
        }
        assertThat(EmbeddedPostgres.running(data())).isEmpty();
    }

    @Test
    void aServerLeftByAKilledProcessIsStoppedAndStartedAnew() throws IOException, SQLException {
        var other = OtherProcess.on(data());
        var left = EmbeddedPostgres.running(data()).orElseThrow();
        try (var connection =
                DriverManager.getConnection(left.jdbcUrl(), left.user(), left.password())) {
            connection.createStatement().execute("CREATE TABLE IF NOT EXISTS left_over ()");
            other.kill();

            try (var server = EmbeddedPostgres.start(data())) {

                assertThat(server.jdbcUrl()).isNotEqualTo(left.jdbcUrl());
                assertThat(query(server, "SELECT count(*) FROM left_over")).isEqualTo("0");
                assertThat(connection.isValid(1)).isFalse();
            }
        }
    }

    @Test
    void aKilledServerIsRecovered() throws IOException, SQLException {
        try (var other = OtherProcess.on(data())) {
            var pid = Long.parseLong(Files.readAllLines(pidFile()).getFirst());
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            other.kill();
        }

        try (var server = EmbeddedPostgres.start(data())) {

            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aPidFileThatNamesAStrangerIsForgotten() throws IOException, SQLException {
        EmbeddedPostgres.start(data()).close();
        var stranger = ProcessHandle.current().pid();
        Files.writeString(
                pidFile(),
                "%d\n/data\n1700000000\n5432\n\n127.0.0.1\n1 2\nready   \n".formatted(stranger));

        assertThat(EmbeddedPostgres.running(data())).isEmpty();
        try (var server = EmbeddedPostgres.start(data())) {

            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void whatAnInterruptedFirstStartLeftIsCleanedAway() throws IOException {
        EmbeddedPostgres.start(data()).close();
        var half = data().resolve("postgres/unfinished-1/base");
        Files.createDirectories(half);
        Files.writeString(half.resolve("1"), "half");

        EmbeddedPostgres.start(data()).close();

        assertThat(half).doesNotExist();
        assertThat(half.getParent()).doesNotExist();
    }

    @Test
    void theClusterOfAnotherMajorVersionIsRefused() throws IOException {
        EmbeddedPostgres.start(data()).close();
        var version = cluster().resolve("PG_VERSION");
        var ours = Files.readString(version);
        Files.writeString(version, "17\n");

        assertThatThrownBy(() -> EmbeddedPostgres.start(data()))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("was made by PostgreSQL 17 and this Dynosend has 18");
        Files.writeString(version, ours);
    }

    @Test
    void aServerThatCannotStartSaysWhyAndTheFolderIsFreeAgain() throws IOException {
        EmbeddedPostgres.start(data()).close();
        var settings = cluster().resolve("postgresql.auto.conf");
        Files.writeString(settings, "max_connections = none\n");

        for (int tries = 0; tries < 2; tries++) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(data()))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessageContaining("does not start: ")
                    .hasMessageContaining("postgresql.auto.conf")
                    .hasMessageEndingWith("server.log");
        }
        Files.writeString(settings, "");
    }

    @Test
    void aFolderThatCannotBeUsedIsSaidSo() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> EmbeddedPostgres.start(file))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageStartingWith("Cannot use the data folder " + file);
        assertThatThrownBy(() -> EmbeddedPostgres.start(folder.resolve("a$b")))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("must not hold any of");
    }

    /** Root only, since nobody else can become another user. */
    @TestFactory
    Stream<DynamicTest> anOrdinaryUserRunsItAndThenRootOnTheSameFolder() {
        return Stream.of("nobody")
                .filter(_ -> System.getProperty("user.name").equals("root"))
                .map(user -> DynamicTest.dynamicTest(user, () -> runsAsThenAsRoot(user)));
    }

    private static void runsAsThenAsRoot(String user) throws IOException, SQLException {
        var home = Files.createDirectory(folder.resolve(user));
        var copies = Files.createDirectory(folder.resolve("copies"));
        open(folder);
        open(copies);
        Files.setOwner(
                home,
                home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
        var theirs = home.resolve("data");

        try (var other = OtherProcess.as(user, copies, theirs)) {
            assertThat(other.said()).startsWith("jdbc:postgresql://127.0.0.1:");
            assertThat(Files.getOwner(theirs.resolve("postgres/cluster/PG_VERSION")).getName())
                    .isEqualTo(user);
        }
        try (var server = EmbeddedPostgres.start(theirs)) {
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    private static void open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path pidFile() {
        return cluster().resolve("postmaster.pid");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static String show(EmbeddedPostgres server, String setting) {
        try {
            return query(server, "SHOW " + setting);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static String query(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.jdbcUrl(), server.user(), server.password());
                var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (var rows = statement.getResultSet()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
