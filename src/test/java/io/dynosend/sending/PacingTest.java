package io.dynosend.sending;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Databases;
import io.dynosend.TestPostgres;
import io.dynosend.database.Database;
import io.dynosend.relay.OperatorRelays;
import io.dynosend.smtp.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all nodes share of limits, and what they learn from receivers. */
class PacingTest {

    private static final Database database = Database.open(TestPostgres.newDatabase());
    private static final Jdbi jdbi = Databases.jdbi(database);
    private static final Reply SLOW = new Reply(421, "4.7.0", "too many messages");

    private final InstantSource clock = InstantSource.system();
    private final Receivers receivers = new Receivers(jdbi, clock);
    private final Receivers ofOtherNode = new Receivers(jdbi, clock);

    @AfterEach
    void leaveNothingBehind() {
        jdbi.useHandle(db -> {
            db.execute("TRUNCATE account CASCADE");
            db.execute("TRUNCATE receiver_pace, allowance, node, warm_up_day");
        });
    }

    @AfterAll
    static void hangUp() {
        database.close();
    }

    @Test
    void withoutALimitNobodyWaits() {
        var allowances = new Allowances(jdbi);

        assertThat(allowances.take("x", Double.POSITIVE_INFINITY)).isZero();
        assertThat(one("SELECT count(*) FROM allowance")).isZero();
    }

    @Test
    void twoNodesShareOneLimit() {
        var one = new Allowances(jdbi);
        var other = new Allowances(jdbi);

        int taken = 0;
        for (int i = 0; i < 100; i++) {
            if (!Pacing.isTooLong(one.take("x", 20))) taken++;
            if (!Pacing.isTooLong(other.take("x", 20))) taken++;
        }

        // What is free within patience, and the blocks that begin just before its end.
        assertThat(taken).isBetween(20, 35);
    }

    @Test
    void messagesOfALimitAreSpreadEvenly() {
        var allowances = new Allowances(jdbi);

        var first = allowances.take("x", 10);
        var third = first;
        for (int i = 0; i < 2; i++) third = allowances.take("x", 10);

        assertThat(third).isBetween(Duration.ofMillis(120), Duration.ofMillis(300));
    }

    @Test
    void whoeverIsSentAwayIsToldHowLong() {
        var allowances = new Allowances(jdbi);

        allowances.take("x", 1 / 60.0);

        assertThat(allowances.take("x", 1 / 60.0))
                .isBetween(Duration.ofSeconds(55), Duration.ofSeconds(62));
    }

    @Test
    void aRequestToSlowDownPausesADomainOnAllNodes() {
        receivers.slowDown("server", "example.org", SLOW);
        ofOtherNode.refresh();

        for (var node : new Receivers[] {receivers, ofOtherNode}) {
            var pace = node.pace("server", "example.org");
            assertThat(pace.pausedUntil())
                    .isBetween(Instant.now().plusSeconds(5), Instant.now().plusSeconds(13));
            assertThat(pace.perSecond()).isEqualTo(10);
            assertThat(node.pace("server", "example.net").perSecond()).isInfinite();
            assertThat(node.pace("server-2", "example.org").perSecond()).isInfinite();
        }
    }

    @Test
    void manyRequestsAtTheSameMomentCountOnce() {
        for (int i = 0; i < 5; i++) {
            receivers.slowDown("server", "example.org", SLOW);
            ofOtherNode.slowDown("server", "example.org", SLOW);
        }

        assertThat(one("SELECT strikes FROM receiver_pace")).isEqualTo(1);
    }

    @Test
    void aRequestAfterThePauseHalvesThePaceAndDoublesThePause() {
        receivers.slowDown("server", "example.org", SLOW);
        later(60);
        ofOtherNode.refresh();

        ofOtherNode.slowDown("server", "example.org", SLOW);

        var pace = ofOtherNode.pace("server", "example.org");
        assertThat(pace.perSecond()).isLessThanOrEqualTo(7.5);
        assertThat(pace.pausedUntil()).isAfter(Instant.now().plusSeconds(6));
    }

    @Test
    void whoIsQuietIsServedFasterUntilNothingIsRemembered() {
        receivers.slowDown("server", "example.org", SLOW);

        later(60);
        receivers.refresh();
        double faster = receivers.pace("server", "example.org").perSecond();
        for (int i = 0; i < 10; i++) {
            later(60);
            receivers.refresh();
        }

        assertThat(faster).isEqualTo(15);
        assertThat(receivers.allQuick()).isTrue();
        assertThat(one("SELECT count(*) FROM receiver_pace")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "421, 4.7.0, true",
        "421, , true",
        "450, 4.2.1, true",
        "452, 4.2.2, false",
        "451, 4.7.1, true",
        "450, , false",
        "451, 4.4.1, false",
    })
    void someRepliesAskToSlowDownAndSomeConcernOneMessage(int code, String enhanced, boolean slow) {
        assertThat(Receivers.asksToSlowDown(new Reply(code, enhanced, "not now"))).isEqualTo(slow);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Greylisted, see you", "you are grey-listed", "Graylisting in action"})
    void aGreylistedMessageComesAgainAndNobodyIsSlowed(String text) {
        var reply = new Reply(451, "4.7.1", text);

        assertThat(Greylisting.isMeant(reply)).isTrue();
        assertThat(Greylisting.delay(reply)).isEqualTo(Duration.ofMinutes(5));
        assertThat(Receivers.asksToSlowDown(reply)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'Greylisted, try again in 300 seconds', 310",
        "'Greylisted for 2 minutes', 130",
        "'Greylisted for 5s', 60",
        "'Greylisted for 99999 minutes', 3600",
    })
    void aGreylistedMessageComesWhenItIsAskedTo(String text, long seconds) {
        assertThat(Greylisting.delay(new Reply(450, null, text)))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void theSharesOfTheNodesAddUpToTheLimit() {
        var ids = new UUID[] {new UUID(0, 1), new UUID(0, 2), new UUID(0, 3)};
        var nodes = new Nodes[3];
        for (int i = 0; i < 3; i++) nodes[i] = new Nodes(ids[i], 10);
        for (var node : nodes) jdbi.useHandle(node::greet);
        for (var node : nodes) jdbi.useHandle(node::greet);

        for (int limit : new int[] {1, 2, 3, 10, 100}) {
            assertThat(nodes[0].share(limit) + nodes[1].share(limit) + nodes[2].share(limit))
                    .isEqualTo(limit);
        }
    }

    @Test
    void aNodeThatIsNotSeenLeavesItsShareToTheOthers() {
        var node = new Nodes(UUID.randomUUID(), 10);
        jdbi.useHandle(new Nodes(UUID.randomUUID(), 10)::greet);
        jdbi.useHandle(node::greet);
        int shared = node.share(10);

        jdbi.useHandle(db -> db.execute("UPDATE node SET seen_at = seen_at - interval '11 s'"));
        jdbi.useHandle(node::greet);

        assertThat(shared).isEqualTo(5);
        assertThat(node.share(10)).isEqualTo(10);
    }

    @Test
    void aDomainThatWarmsUpSendsWhatItsPlanSaysForTheDay() {
        long account = warmingUp(0);
        var node = new WarmUps(jdbi);
        var other = new WarmUps(jdbi);

        assertThat(node.take(account, "New.example.org", 30)).isEqualTo(30);
        assertThat(other.take(account, "new.example.org", 30)).isEqualTo(20);
        assertThat(node.take(account, "new.example.org", 30)).isZero();
        assertThat(node.take(account, "other.example.org", 30)).isEqualTo(30);
    }

    @Test
    void whatWasNotSentIsThereForTheNext() {
        long account = warmingUp(0);
        var warmUps = new WarmUps(jdbi);
        warmUps.take(account, "new.example.org", 50);

        warmUps.giveBack(account, "new.example.org", 12);

        assertThat(warmUps.take(account, "new.example.org", 30)).isEqualTo(12);
    }

    @Test
    void afterTheLastDayOfThePlanThereIsNoLimit() {
        assertThat(new WarmUps(jdbi).take(warmingUp(1), "new.example.org", 300)).isEqualTo(100);
        jdbi.useHandle(db -> db.execute("TRUNCATE account CASCADE"));
        assertThat(new WarmUps(jdbi).take(warmingUp(2), "new.example.org", 300)).isEqualTo(300);
    }

    @Test
    void limitsOfARelayAreTheLowestOfTheSecondAndTheHour() {
        var relay =
                OperatorRelays.parse(
                                "smtp://a.example?messages_per_second=5&messages_per_hour=3600",
                                "test")
                        .getFirst();

        assertThat(relay.limits().rate()).isEqualTo(1);
    }

    private long warmingUp(int daysAgo) {
        long account =
                one(
                        "INSERT INTO account (uid, name, created_at) VALUES ('a', 'A', now()) RETURNING id");
        jdbi.useHandle(db ->
                db.execute(
                        """
                        INSERT INTO sending_domain (
                            account_id, uid, domain, created_at, warm_up_from, warm_up_plan)
                        VALUES (?, 'd', 'new.example.org', now(),
                                (now() AT TIME ZONE 'UTC')::date - ?::int, '{50, 100}')
                        """,
                        account,
                        daysAgo));
        return account;
    }

    private static void later(int seconds) {
        jdbi.useHandle(db ->
                db.execute(
                        """
                        UPDATE receiver_pace
                        SET paused_until = paused_until - make_interval(secs => ?),
                            changed_at = changed_at - make_interval(secs => ?)
                        """,
                        seconds,
                        seconds));
    }

    private static long one(String sql) {
        return jdbi.withHandle(db -> db.createQuery(sql).mapTo(Long.class).one());
    }
}
