package io.dynosend.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dynosend.Await;
import io.dynosend.database.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may happen to PostgreSQL in the middle of a campaign. Takes minutes. */
@Tag("faults")
class DatabaseFaultsTest {

    private static final int CONNECTIONS = 20;
    private static final Duration THINKING = Duration.ofMillis(40);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int CLIENTS = 2_000;
    private static final int SMALL_DISK_MEGABYTES = 500;

    @TempDir private Path folder;
    private final List<Node> nodes = new ArrayList<>();
    private @Nullable EmbeddedPostgres started;
    private @Nullable CommitProxy between;
    private Oracle oracle;

    @BeforeEach
    void aRelay() throws IOException {
        oracle = new Oracle(folder.resolve("oracle.log"), THINKING);
    }

    @AfterEach
    void endAll() throws Exception {
        for (var node : nodes) node.kill();
        oracle.close();
        if (between != null) between.close();
        if (started != null) started.close();
    }

    @Test
    void theAnswerToACommitDoesNotArrive() throws Exception {
        int recipients = 5_000;
        startPostgres(folder.resolve("data"));
        var node = node().start();
        var campaign = Campaign.make(node.http(), recipients);
        campaign.start();

        while (proxy().swallowed() < 50 && !campaign.status().equals("done")) {
            proxy().swallowNext();
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        campaign.awaitDone(PATIENCE);

        findings(recipients, campaign)
                .hold(
                        "the answer to a commit is swallowed, %d times"
                                .formatted(proxy().swallowed()),
                        proxy().swallowed() * CONNECTIONS);
    }

    @Test
    void postgresIsKilledAndDownForAMinute() throws Exception {
        int recipients = 5_000;
        var data = folder.resolve("data");
        startPostgres(data);
        var node = node().start();
        var campaign = Campaign.make(node.http(), recipients);
        campaign.start();

        for (int i = 1; i <= 2; i++) {
            awaitAccepted(i * 1_500);
            killPostgres(data);
            LockSupport.parkNanos(Duration.ofMinutes(1).toNanos());
            postgres().close();
            started = EmbeddedPostgres.start(data);
            proxy().leadTo(port(postgres()));
        }
        campaign.awaitDone(PATIENCE);

        findings(recipients, campaign)
                .hold("PostgreSQL killed and down for a minute, twice", 2 * CONNECTIONS);
    }

    @Test
    void theEmbeddedPostgresIsKilled() throws Exception {
        int recipients = 5_000;
        var node = new Node(folder, "", oracle.url());
        nodes.add(node);
        node.start();
        var campaign = Campaign.make(node.http(), recipients);
        campaign.start();

        for (int i = 1; i <= 3; i++) {
            awaitAccepted(i * 1_000);
            killPostgres(node.data());
        }
        campaign.awaitDone(PATIENCE);

        findings(recipients, campaign)
                .hold("the embedded PostgreSQL killed, 3 times", 3 * CONNECTIONS);
    }

    @Test
    void theDiskOfTheDatabaseIsFull() throws Exception {
        int recipients = 5_000;
        var disk = Files.createDirectory(folder.resolve("disk"));
        assumeThat(
                        run(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=%dm".formatted(SMALL_DISK_MEGABYTES),
                                "tmpfs",
                                disk.toString()))
                .as("Whether a small disk could be mounted, which takes the rights of root")
                .isZero();
        try {
            startPostgres(Files.createDirectory(disk.resolve("data")));
            postgres().keepRunning();
            var node = node().start();
            var campaign = Campaign.make(node.http(), recipients);
            campaign.start();

            awaitAccepted(1_000);
            var filling = disk.resolve("filling");
            fill(filling);
            LockSupport.parkNanos(Duration.ofSeconds(20).toNanos());
            Files.delete(filling);
            campaign.awaitDone(PATIENCE);

            findings(recipients, campaign)
                    .hold("the disk of the database full for 20 s", CONNECTIONS);
            node.kill();
            postgres().close();
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    @Test
    void aStormOfConnections() throws Exception {
        int recipients = 5_000;
        startPostgres(folder.resolve("data"));
        var node = node().start();
        var campaign = Campaign.make(node.http(), recipients);
        campaign.start();
        awaitAccepted(500);

        var clients = new ArrayList<AutoCloseable>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Socket(InetAddress.getLoopbackAddress(), node.http().port()));
        }
        int connections = untilRefused(clients);
        awaitAccepted(3_000);
        for (var client : clients) client.close();
        campaign.awaitDone(PATIENCE);

        assertThat(connections).isPositive();
        findings(recipients, campaign)
                .hold("%d clients, and PostgreSQL until it refuses more".formatted(CLIENTS), 0);
    }

    private int untilRefused(List<AutoCloseable> clients) {
        int connections = 0;
        try {
            while (true) {
                clients.add(connect());
                connections++;
            }
        } catch (SQLException e) {
            assertThat(e.getMessage()).contains("too many clients");
            return connections;
        }
    }

    private Connection connect() throws SQLException {
        var endpoint = postgres().endpoint();
        return DriverManager.getConnection(
                endpoint.jdbcUrl(), endpoint.user(), endpoint.password());
    }

    private void startPostgres(Path data) throws IOException {
        started = EmbeddedPostgres.start(data);
        between = new CommitProxy(port(started));
    }

    private EmbeddedPostgres postgres() {
        return Objects.requireNonNull(started, "started by the test");
    }

    private CommitProxy proxy() {
        return Objects.requireNonNull(between, "started by the test");
    }

    private static int port(EmbeddedPostgres postgres) {
        return URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
    }

    /** SIGKILL of its first process; the others find out and end. */
    private static void killPostgres(Path data) throws IOException {
        var file = data.resolve("postgres/cluster/postmaster.pid");
        long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static void fill(Path file) throws IOException {
        var megabyte = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < SMALL_DISK_MEGABYTES; i++) out.write(megabyte);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }

    private Node node() {
        var node =
                new Node(
                        folder,
                        "postgresql://%s:%s@127.0.0.1:%d/postgres?sslmode=disable"
                                .formatted(
                                        postgres().user(), postgres().password(), proxy().port()),
                        oracle.url());
        nodes.add(node);
        return node;
    }

    private void awaitAccepted(int messages) {
        Await.until(
                messages + " are accepted",
                Duration.ofMinutes(3),
                () -> oracle.accepted().size() >= messages);
    }

    private Findings findings(int recipients, Campaign campaign) {
        return Findings.of(recipients, oracle.accepted(), campaign.ledger());
    }
}
