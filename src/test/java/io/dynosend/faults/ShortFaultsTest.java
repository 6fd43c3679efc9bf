package io.dynosend.faults;

import io.dynosend.Await;
import io.dynosend.database.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./dynosend test faults} does for forty minutes, in one. */
class ShortFaultsTest {

    private static final int RECIPIENTS = 600;
    private static final int CONNECTIONS = 20;
    private static final Duration THINKING = Duration.ofMillis(30);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path folder;
    private final List<Node> nodes = new ArrayList<>();
    private EmbeddedPostgres postgres;
    private CommitProxy between;
    private Oracle oracle;

    @BeforeEach
    void start() throws IOException {
        postgres = EmbeddedPostgres.start(folder.resolve("data"));
        between = new CommitProxy(port(postgres));
        oracle = new Oracle(folder.resolve("oracle.log"), THINKING);
    }

    @AfterEach
    void endAll() throws Exception {
        for (var node : nodes) node.kill();
        oracle.close();
        between.close();
        postgres.close();
    }

    @Test
    void commitsWhoseAnswerDoesNotArriveLoseNobodyAndMailNobodyTwice() throws Exception {
        int swallowed = 3;
        var campaign = Campaign.make(node().http(), RECIPIENTS);
        campaign.start();

        for (int i = 1; i <= swallowed; i++) {
            awaitAccepted(i * 50);
            between.swallowNext();
            int expected = i;
            await("it is swallowed", () -> between.swallowed() >= expected);
        }
        campaign.awaitDone(PATIENCE);

        findings(campaign)
                .hold(
                        "the answer to a commit is swallowed, %d times".formatted(swallowed),
                        swallowed * CONNECTIONS);
    }

    @Test
    void aPostgresThatIsRestartedLosesNobodyAndMailsNobodyTwice() throws Exception {
        var campaign = Campaign.make(node().http(), RECIPIENTS);
        campaign.start();

        awaitAccepted(RECIPIENTS / 3);
        postgres.close();
        postgres = EmbeddedPostgres.start(folder.resolve("data"));
        between.leadTo(port(postgres));
        campaign.awaitDone(PATIENCE);

        findings(campaign).hold("PostgreSQL restarted", CONNECTIONS);
    }

    @Test
    void whatANodeThatStandsStillHasBorrowedIsSentByTheOther() throws Exception {
        var first = node();
        var campaign = Campaign.make(node().http(), RECIPIENTS);
        campaign.start();

        awaitAccepted(RECIPIENTS / 6);
        first.signal("STOP");
        campaign.awaitDone(PATIENCE);
        first.signal("CONT");
        await("it is back", first::isReady);

        findings(campaign).hold("SIGSTOP of one of two nodes until the other is done", CONNECTIONS);
    }

    private Node node() throws IOException {
        var node =
                new Node(
                        folder,
                        "postgresql://%s:%s@127.0.0.1:%d/postgres?sslmode=disable"
                                .formatted(postgres.user(), postgres.password(), between.port()),
                        oracle.url());
        nodes.add(node);
        return node.start();
    }

    private void awaitAccepted(int messages) {
        await(messages + " are accepted", () -> oracle.accepted().size() >= messages);
    }

    private static void await(String what, BooleanSupplier condition) {
        Await.until(what, PATIENCE, condition);
    }

    private Findings findings(Campaign campaign) {
        return Findings.of(RECIPIENTS, oracle.accepted(), campaign.ledger());
    }

    private static int port(EmbeddedPostgres postgres) {
        return URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
    }
}
