package io.dynosend.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.TestPostgres;
import io.dynosend.faults.Oracle.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers in processes of their own and a relay that writes everything down, while something goes
 * wrong. Takes minutes: {@code ./dynosend test faults}. {@code KillTest} is the short form.
 */
@Tag("faults")
class FaultsTest {

    private static final int CONNECTIONS = 20;
    private static final Duration THINKING = Duration.ofMillis(40);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LEASE = Duration.ofSeconds(15);

    @TempDir private Path folder;
    private final String database = databaseUrl();
    private final List<Node> nodes = new ArrayList<>();
    private Oracle oracle;

    @BeforeEach
    void aRelay() throws IOException {
        oracle = new Oracle(folder.resolve("oracle.log"), THINKING);
    }

    @AfterEach
    void endAll() throws Exception {
        for (var node : nodes) node.kill();
        oracle.close();
    }

    @Test
    void killedAtAHundredRandomInstants() throws Exception {
        int recipients = 20_000;
        int kills = 100;
        var chance = new Random(7);
        var node = node().start();
        var campaign = Campaign.make(node.http(), recipients);
        campaign.start();

        int done = 0;
        while (done < kills && !campaign.status().equals("done")) {
            LockSupport.parkNanos(Duration.ofMillis(chance.nextInt(20, 900)).toNanos());
            node.kill();
            node.start();
            done++;
        }
        campaign.awaitDone(PATIENCE);

        findings(recipients, campaign)
                .hold("kill -9 at %d random instants".formatted(done), done * CONNECTIONS);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void killedWhenAMessageIsThere(Step step) throws Exception {
        int recipients = 2_000;
        int kills = 5;
        var node = node().start();
        var campaign = Campaign.make(node.http(), recipients);
        var until = new AtomicInteger(100);
        oracle.goesBy((at, _) -> {
            if (at == step && until.decrementAndGet() == 0) node.killAtOnce();
            return "";
        });
        campaign.start();

        for (int kill = 0; kill < kills; kill++) {
            Await.until("it is killed", Duration.ofMinutes(1), () -> !node.runs());
            node.start();
            until.set(100);
        }
        until.set(Integer.MAX_VALUE);
        if (!node.runs()) node.start();
        campaign.awaitDone(PATIENCE);

        findings(recipients, campaign)
                .hold("kill -9 at %s, %d times".formatted(step, kills), kills * CONNECTIONS);
    }

    @Test
    void toldToEndItLeavesNothingUnknown() throws Exception {
        int recipients = 5_000;
        var node = node().start();
        var campaign = Campaign.make(node.http(), recipients);
        campaign.start();

        for (int i = 1; i <= 3; i++) {
            awaitAccepted(i * 1_000);
            node.terminate();
            node.start();
        }
        campaign.awaitDone(PATIENCE);

        findings(recipients, campaign).hold("SIGTERM, three times", 0);
    }

    @Test
    void oneOfTwoNodesStandsStillForThreeLeases() throws Exception {
        int recipients = 10_000;
        var first = node().start();
        var second = node().start();
        var campaign = Campaign.make(second.http(), recipients);
        campaign.start();
        awaitAccepted(1_000);

        first.signal("STOP");
        LockSupport.parkNanos(LEASE.multipliedBy(3).toNanos());
        first.signal("CONT");
        campaign.awaitDone(PATIENCE);
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());

        findings(recipients, campaign).hold("SIGSTOP of one of two nodes for 45 s", CONNECTIONS);
    }

    @Test
    void twoNodesAreRestartedInTurn() throws Exception {
        int recipients = 10_000;
        var first = node().start();
        var second = node().start();
        var campaign = Campaign.make(second.http(), recipients);
        campaign.start();

        awaitAccepted(1_000);
        first.terminate();
        first.start();
        awaitAccepted(3_000);
        second.terminate();
        second.start();
        campaign.awaitDone(PATIENCE);

        findings(recipients, campaign).hold("rolling restart of two nodes", 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {Oracle.HANG_UP, "451 4.3.0 try later", "554 5.7.1 not you"})
    void theRelayFailsAtEachPhase(String reaction) throws Exception {
        int recipients = 2_000;
        var node = node().start();
        var campaign = Campaign.make(node.http(), recipients);
        var met = ConcurrentHashMap.<String>newKeySet();
        oracle.goesBy((step, recipient) ->
                fails(step, recipient, reaction) && met.add(recipient) ? reaction : "");
        campaign.start();
        if (reaction.startsWith("5")) {
            Await.until(
                    "so many refusals pause it",
                    Duration.ofMinutes(1),
                    () -> campaign.status().equals("paused"));
            Campaign.ok(campaign.call("resume"));
        }
        campaign.awaitDone(PATIENCE);

        // Who hangs up at the dot or behind it; and who does in the body, if the dot was written
        // before that was seen: nothing is answered there.
        int mostUnknown = reaction.equals(Oracle.HANG_UP) ? recipients / 10 * 3 : 0;
        findings(recipients, campaign)
                .hold("the relay says “%s” at each phase".formatted(reaction), mostUnknown);
    }

    @Test
    void theRelayStallsAtEachPhase() throws Exception {
        int recipients = 2_000;
        var node = new Node(folder, database, oracle.url() + "?timeout=2");
        nodes.add(node);
        node.start();
        var campaign = Campaign.make(node.http(), recipients);
        var met = ConcurrentHashMap.<String>newKeySet();
        oracle.goesBy((step, recipient) ->
                number(recipient) < recipients / 20
                                && fails(step, recipient, Oracle.STALL)
                                && met.add(recipient)
                        ? Oracle.STALL
                        : "");
        campaign.start();
        campaign.awaitDone(PATIENCE);

        findings(recipients, campaign)
                .hold("the relay stalls at each phase", recipients / 20 / 10 * 3);
    }

    @Test
    void whoCannotBeMailedIsFailedAndTheOthersGetTheirs() throws Exception {
        int recipients = 1_000;
        var node = node().start();
        var campaign = Campaign.withPoison(node.http(), recipients);
        campaign.start();
        campaign.awaitDone(PATIENCE);

        var ledger = campaign.ledger();
        assertThat(ledger.remove("failed")).isEqualTo(Campaign.POISONED.keySet());
        Findings.of(recipients, oracle.accepted(), ledger)
                .hold("%d poisoned contacts among them".formatted(Campaign.POISONED.size()), 0);
    }

    @Test
    void theRelayHangsUpAfterEveryFiftiethMessage() throws Exception {
        int recipients = 5_000;
        var node = node().start();
        var campaign = Campaign.make(node.http(), recipients);
        var answered = new AtomicInteger();
        oracle.goesBy((step, _) ->
                step == Step.ANSWERED && answered.incrementAndGet() % 50 == 0
                        ? Oracle.HANG_UP
                        : "");
        campaign.start();
        campaign.awaitDone(PATIENCE);

        findings(recipients, campaign).hold("the relay hangs up after every 50th message", 0);
    }

    @Test
    void fiveHundredPausesAndResumes() throws Exception {
        int recipients = 10_000;
        var chance = new Random(11);
        var first = node().start();
        node().start();
        var campaign = Campaign.make(first.http(), recipients);
        campaign.start();

        int changes = 0;
        while (changes < 500 && !campaign.status().equals("done")) {
            campaign.call("pause");
            LockSupport.parkNanos(Duration.ofMillis(chance.nextInt(1, 20)).toNanos());
            campaign.call("resume");
            LockSupport.parkNanos(Duration.ofMillis(chance.nextInt(1, 60)).toNanos());
            changes++;
        }
        campaign.awaitDone(PATIENCE);

        findings(recipients, campaign)
                .hold("%d pauses and resumes, two nodes".formatted(changes), 0);
    }

    @Test
    void aPauseHoldsBothNodesAtOnce() throws Exception {
        int recipients = 5_000;
        var first = node().start();
        node().start();
        var campaign = Campaign.make(first.http(), recipients);
        campaign.start();
        awaitAccepted(500);

        Campaign.ok(campaign.call("pause"));
        LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        int then = oracle.accepted().size();
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());

        assertThat(oracle.accepted()).hasSize(then);
        Campaign.ok(campaign.call("resume"));
        campaign.awaitDone(PATIENCE);
        findings(recipients, campaign).hold("a pause, two nodes", 0);
    }

    @Test
    void fiftyStartsAtTheSameMoment() throws Exception {
        int recipients = 1_000;
        var first = node().start();
        node().start();
        var campaign = Campaign.make(first.http(), recipients);

        var starts = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 50; i++) starts.add(() -> campaign.call("start").status());
        var answers = new HashMap<Integer, Integer>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : clients.invokeAll(starts))
                answers.merge(answer.get(), 1, Integer::sum);
        }
        campaign.awaitDone(PATIENCE);

        assertThat(answers).isEqualTo(Map.of(200, 1, 400, 49));
        findings(recipients, campaign).hold("50 starts at the same moment", 0);
    }

    @Test
    void whoUnsubscribesOrIsDeletedMeanwhileGetsNothingAfterTheAnswer() throws Exception {
        int recipients = 5_000;
        var chance = new Random(13);
        var node = node().start();
        var campaign = Campaign.make(node.http(), recipients);
        campaign.start();

        Map<String, Long> left = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            String who = Campaign.address(chance.nextInt(recipients));
            if (left.containsKey(who)) continue;
            leave(node, campaign, who, i % 5 == 0);
            left.put(who, System.nanoTime());
        }
        campaign.awaitDone(PATIENCE);

        // What had passed the barrier then is answered within the oracle's time to think.
        var late = new HashSet<String>();
        left.forEach((who, at) -> {
            var accepted = oracle.acceptedAt(who);
            long grace = THINKING.multipliedBy(10).toNanos();
            if (accepted.isPresent() && accepted.getAsLong() - at > grace) late.add(who);
        });
        assertThat(late).as("mailed after they had left").isEmpty();
        var ledger = campaign.ledger();
        assertThat(oracle.accepted()).doesNotHaveDuplicates();
        assertThat(ledger.keySet()).isSubsetOf(Set.of("sent", "skipped"));
        System.out.printf(
                "FAULT %-58s %6d recipients %6d accepted  %d left, %d skipped, none mailed after%n",
                "unsubscribed and deleted meanwhile",
                recipients,
                oracle.accepted().size(),
                left.size(),
                ledger.getOrDefault("skipped", Set.of()).size());
    }

    private static boolean fails(Step step, String recipient, String reaction) {
        boolean words = reaction.matches("\\d.*");
        return switch (number(recipient) % 10) {
            case 0 -> step == Step.RCPT;
            case 1 -> step == Step.DATA;
            case 2 -> step == Step.BODY && !words;
            case 3 -> step == Step.DOT;
            // Whoever takes it and says no lies, and gets it twice: nothing helps against that.
            case 4 -> step == Step.ACCEPTED && !words;
            default -> false;
        };
    }

    private static int number(String recipient) {
        return Integer.parseInt(recipient.substring(1, recipient.indexOf('@')));
    }

    private static void leave(Node node, Campaign campaign, String who, boolean deleted) {
        var contact = Campaign.ok(node.http().get("/api/v2/contacts/duplicate?email=" + who));
        String body =
                "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\"}"
                        .formatted(campaign.audience(), contact.findValue("contact_uid").asText());
        Campaign.ok(
                deleted
                        ? node.http().call("DELETE", "/api/v2/contacts", body)
                        : node.http().call("PATCH", "/api/v2/contacts/unsubscribe", body));
    }

    private Node node() {
        var node = new Node(folder, database, oracle.url());
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

    private static String databaseUrl() {
        var endpoint = TestPostgres.newDatabase();
        return endpoint.jdbcUrl()
                .replace(
                        "jdbc:postgresql://",
                        "postgresql://%s:%s@".formatted(endpoint.user(), endpoint.password()));
    }
}
