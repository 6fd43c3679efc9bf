package io.dynosend.sending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.Databases;
import io.dynosend.TestClock;
import io.dynosend.TestPostgres;
import io.dynosend.account.Quotas;
import io.dynosend.common.EmailAddress;
import io.dynosend.database.Database;
import io.dynosend.sending.LedgerEntry.Verdict;
import io.dynosend.sending.Outcome.Bounce;
import io.dynosend.sending.Outcome.Deferred;
import io.dynosend.sending.Outcome.Failed;
import io.dynosend.sending.Outcome.Sent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final Database database = Database.open(TestPostgres.newDatabase());
    private static final Jdbi jdbi = Databases.jdbi(database);

    private final List<EmailAddress> hardBounced = new ArrayList<>();
    private final TestClock clock = new TestClock();
    private final Mailings mailings = new Mailings(jdbi, clock, new Quotas(jdbi, clock));
    private final Deliveries deliveries = new Deliveries(jdbi);
    private final Ledger ledger = new Ledger(jdbi, UUID.randomUUID());
    private final Ledger otherNode = new Ledger(jdbi, UUID.randomUUID());
    private final LedgerWriter writer =
            new LedgerWriter(
                    jdbi, ledger, (_, _, addresses) -> hardBounced.addAll(addresses), clock);
    private long account;
    private long audience;
    private long mailing;

    @BeforeEach
    void aMailingToThree() {
        account =
                one(
                        "INSERT INTO account (uid, name, created_at) VALUES ('a', 'A', now()) RETURNING id");
        audience =
                one(
                        """
                        INSERT INTO audience (
                            account_id, uid, name, from_email, from_name, created_at, updated_at)
                        VALUES (%d, 'a', 'A', 'a@example.org', 'A', now(), now())
                        RETURNING id
                        """
                                .formatted(account));
        for (String name : List.of("ada", "bob", "cy")) contact(name, "subscribed");
        mailing = jdbi.inTransaction(tx -> mailings.open(tx, account, audience));
        mailings.writeRecipients();
    }

    @AfterEach
    void leaveNothingBehind() {
        writer.close();
        jdbi.useHandle(db -> db.execute("TRUNCATE account CASCADE"));
    }

    @AfterAll
    static void hangUp() {
        database.close();
    }

    @Test
    void whoTakesOverTheAddressOfARecipientIsNotMailedASecondTime() {
        execute("UPDATE contact SET uid = 'old', email = 'old@example.org' WHERE uid = 'ada'");
        contact("ada", "subscribed");
        contact("dan", "subscribed");
        asIfRecipientsWereStillBeingWritten();

        mailings.writeRecipients();

        assertThat(addresses())
                .containsExactly(
                        "ada@example.org", "bob@example.org", "cy@example.org", "dan@example.org");
    }

    // Predicates count: PostgreSQL, src/backend/access/heap/README.HOT.
    @Test
    void noIndexHoldsWhatTheOutcomeOfAMessageChanges() {
        var indexed =
                jdbi.withHandle(db ->
                        db.createQuery(
                                        """
                                        SELECT DISTINCT a.attname
                                        FROM pg_index i
                                        JOIN pg_depend d ON d.objid = i.indexrelid
                                            AND d.classid = 'pg_class'::regclass
                                            AND d.refobjid = i.indrelid
                                        JOIN pg_attribute a ON a.attrelid = d.refobjid
                                            AND a.attnum = d.refobjsubid
                                        WHERE i.indrelid = 'delivery'::regclass
                                        UNION
                                        SELECT a.attname
                                        FROM pg_constraint c
                                        JOIN pg_attribute a ON a.attrelid = c.conrelid
                                            AND a.attnum = ANY(c.conkey)
                                        WHERE c.conrelid = 'delivery'::regclass
                                          AND c.contype IN ('p', 'u')
                                        """)
                                .mapTo(String.class)
                                .set());

        assertThat(indexed)
                .containsExactlyInAnyOrder(
                        "account_id", "mailing_id", "number", "contact_id", "address");
    }

    @Test
    void everyoneWhoIsSubscribedAtTheStartIsARecipientOnce() {
        contact("late", "subscribed");
        mailings.writeRecipients();

        assertThat(addresses())
                .containsExactly("ada@example.org", "bob@example.org", "cy@example.org");
    }

    @Test
    void theBlacklistedAreInTheLedgerAsSkipped() {
        blacklist("dan");
        contact("dan", "subscribed");

        long second = jdbi.inTransaction(tx -> mailings.open(tx, account, audience));
        mailings.writeRecipients();

        assertThat(deliveries.counts(account, second).recipients()).isEqualTo(4);
        assertThat(deliveries.counts(account, second).skipped()).isEqualTo(1);
    }

    @Test
    void aChunkIsBorrowedByOneWorkerOnly() {
        assertThat(ledger.claim(Set.of(), 1)).isNotEmpty();
        assertThat(otherNode.claim(Set.of(), 1)).isEmpty();
    }

    @Test
    void aMessageWhoseSenderDiedBeforeTheBarrierIsTriedAgain() {
        ledger.claim(Set.of(), 1);

        leaseRunsOut();

        assertThat(otherNode.claim(Set.of(), 1).getFirst().deliveries()).hasSize(3);
    }

    @Test
    void aMessageWhoseSenderDiedBehindTheBarrierIsUnknownAndNotSentAgain() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();
        writer.pass(chunk, chunk.deliveries().getFirst(), "server").join();

        leaseRunsOut();
        var again = otherNode.claim(Set.of(), 1).getFirst();

        assertThat(state("ada")).isEqualTo("unknown");
        assertThat(again.deliveries())
                .extracting(d -> d.address().value())
                .containsExactly("bob@example.org", "cy@example.org");
    }

    @Test
    void anAnswerThatComesAfterTheLeaseRanOutStillCounts() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();
        writer.pass(chunk, chunk.deliveries().getFirst(), "server").join();
        leaseRunsOut();
        otherNode.claim(Set.of(), 1);

        settle(chunk, 0, new Sent("250 ok"));

        assertThat(state("ada")).isEqualTo("sent");
    }

    @Test
    void nothingPassesTheBarrierForAWorkerWhoseLeaseRanOut() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();

        leaseRunsOut();

        assertThat(writer.pass(chunk, chunk.deliveries().getFirst(), "server").join())
                .isEqualTo(Verdict.STOP);
        assertThat(state("ada")).isEqualTo("waiting");
    }

    @Test
    void nothingPassesTheBarrierForAWorkerWhoseChunkIsAnothers() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();
        leaseRunsOut();
        var others = otherNode.claim(Set.of(), 1).getFirst();

        assertThat(writer.pass(chunk, chunk.deliveries().getFirst(), "server").join())
                .isEqualTo(Verdict.STOP);
        assertThat(writer.pass(others, others.deliveries().getFirst(), "server").join())
                .isEqualTo(Verdict.PASS);
        assertThat(writer.pass(others, others.deliveries().getFirst(), "server").join())
                .isEqualTo(Verdict.STOP);
    }

    @Test
    void aRenewedLeaseDoesNotRunOut() {
        ledger.claim(Set.of(), 1);
        leaseRunsOut();

        ledger.renew();

        assertThat(otherNode.claim(Set.of(), 1)).isEmpty();
    }

    @Test
    void aClaimWhoseAnswerWasLostRunsOutThoughItsNodeLives() {
        new Ledger(jdbi, ledger.node()).claim(Set.of(), 1);
        leaseRunsOut();

        ledger.renew();

        assertThat(otherNode.claim(Set.of(), 1)).isNotEmpty();
    }

    @Test
    void whatIsGivenBackAsUnsentIsNotUnknownWhateverTheBarrierAnswered() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();
        var first = chunk.deliveries().getFirst();
        writer.pass(chunk, first, "server").join();

        writer.release(chunk, Duration.ZERO, first.number());

        assertThat(ledger.claim(Set.of(), 1).getFirst().deliveries()).hasSize(3);
    }

    @Test
    void nothingPassesTheBarrierOfAPausedMailingUntilItIsResumed() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();

        mailings.pause(account, mailing);
        assertThat(writer.pass(chunk, chunk.deliveries().getFirst(), "server").join())
                .isEqualTo(Verdict.STOP);
        writer.release(chunk, Duration.ZERO, null);
        assertThat(ledger.claim(Set.of(), 1)).isEmpty();

        mailings.resume(account, mailing);
        assertThat(ledger.claim(Set.of(), 1).getFirst().deliveries()).hasSize(3);
    }

    @Test
    void whoUnsubscribesAfterTheClaimIsSkippedAtTheBarrier() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();

        execute(
                "UPDATE contact SET status = 'unsubscribed', unsubscribed_at = now() WHERE email LIKE 'ada%'");
        blacklist("bob");
        execute("DELETE FROM contact WHERE email LIKE 'cy%'");

        for (var delivery : chunk.deliveries()) {
            assertThat(writer.pass(chunk, delivery, "server").join()).isEqualTo(Verdict.SKIP);
        }
        assertThat(reasons()).containsExactly("unsubscribed", "blacklisted", "deleted");
    }

    @Test
    void whoUnsubscribesBeforeTheClaimIsNotEvenComposedFor() {
        execute(
                "UPDATE contact SET status = 'unsubscribed', unsubscribed_at = now() WHERE email LIKE 'ada%'");

        assertThat(ledger.claim(Set.of(), 1).getFirst().deliveries()).hasSize(2);
        assertThat(state("ada")).isEqualTo("skipped");
    }

    @Test
    void aDeferredMessageIsTriedAgainAfterItsDelayAndNotBefore() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();
        settle(chunk, 0, new Deferred("451 later", Duration.ofMinutes(1)));
        settle(chunk, 1, new Sent("250 ok"));
        settle(chunk, 2, new Sent("250 ok"));
        writer.release(chunk, Duration.ZERO, null);
        assertThat(ledger.claim(Set.of(), 1)).isEmpty();

        execute(
                "UPDATE delivery SET due_at = now() WHERE due_at IS NOT NULL AND state = 'waiting'");
        execute("UPDATE mailing_chunk SET due_at = now()");

        var again = ledger.claim(Set.of(), 1).getFirst().deliveries();
        assertThat(again).extracting(Delivery::tries).containsExactly(1);
    }

    @Test
    void aMailingIsDoneWhenEachRecipientHasAnOutcome() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();
        assertThat(mailings.closeFinished()).isZero();

        for (int i = 0; i < 3; i++) settle(chunk, i, new Sent("250 ok"));
        writer.release(chunk, Duration.ZERO, null);

        assertThat(mailings.closeFinished()).isEqualTo(1);
        assertThat(deliveries.counts(account, mailing))
                .isEqualTo(new Deliveries.Counts(3, 0, 3, 0, 0, 0, 0));
    }

    @Test
    void anAddressThatDoesNotExistIsReportedWithItsOutcome() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();

        settle(chunk, 0, new Failed("refused", "550 5.1.1 no such user", Bounce.HARD));
        settle(chunk, 1, new Failed("refused", "554 5.7.1 not from you", Bounce.SOFT));

        assertThat(hardBounced).containsExactly(new EmailAddress("ada@example.org"));
        assertThat(deliveries.counts(account, mailing).bounced()).isEqualTo(2);
    }

    @Test
    void anUnknownMessageThatWasOpenedWasSent() {
        var chunk = ledger.claim(Set.of(), 1).getFirst();
        settle(chunk, 0, new Outcome.Unknown("no answer"));

        jdbi.useTransaction(tx -> Ledger.confirm(tx, account, mailing, 1, "opened"));

        assertThat(state("ada")).isEqualTo("sent");
    }

    @Test
    void anOutcomeAndTheBarrierBehindItAreWrittenBothOrNeither() throws SQLException {
        var chunk = ledger.claim(Set.of(), 1).getFirst();
        var sent =
                new LedgerEntry.Result(
                        chunk, chunk.deliveries().getFirst(), new Sent("250 2.0.0 ok"));
        var next =
                new LedgerEntry.Barrier(
                        chunk, chunk.deliveries().get(1), "server", 0, new CompletableFuture<>());
        var statements = new LedgerStatements((_, _, _) -> {});
        jdbi.useHandle(db ->
                db.execute(
                        """
                        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN RAISE 'no'; END $$;
                        CREATE TRIGGER refuse BEFORE UPDATE OF in_flight ON mailing_chunk
                        FOR EACH ROW EXECUTE FUNCTION refuse()
                        """));

        assertThatThrownBy(() ->
                        jdbi.withHandle(
                                db -> statements.recordAndPass(db, List.of(sent), List.of(next))))
                .hasMessageContaining("no");
        jdbi.useHandle(db -> db.execute("DROP FUNCTION refuse CASCADE"));
        assertThat(one("SELECT count(*) FROM delivery WHERE state = 'sent'")).isZero();

        List<Verdict> verdicts =
                jdbi.withHandle(db -> statements.recordAndPass(db, List.of(sent), List.of(next)));
        assertThat(verdicts).containsExactly(Verdict.PASS);
        assertThat(one("SELECT count(*) FROM delivery WHERE state = 'sent'")).isEqualTo(1);
    }

    private void settle(Chunk chunk, int place, Outcome outcome) {
        var delivery = chunk.deliveries().get(place);
        writer.record(chunk, delivery, outcome);
        // Entries are written in order, so this one's answer tells that the outcome is committed.
        writer.pass(
                        new Chunk(0, 0, 0, 0, 0, 0, true, chunk.startedAt(), List.of()),
                        delivery,
                        "server")
                .join();
    }

    private static void leaseRunsOut() {
        execute("UPDATE mailing_chunk SET due_at = now() - interval '1 second'");
    }

    private static void asIfRecipientsWereStillBeingWritten() {
        execute(
                """
                UPDATE mailing
                SET recipients_written_at = NULL, until_contact = (SELECT max(id) FROM contact)
                """);
    }

    private void contact(String name, String status) {
        execute(
                """
                INSERT INTO contact (
                    account_id, audience_id, uid, email, status, source, created_at, updated_at)
                VALUES (%d, %d, '%s', '%s@example.org', '%s', 'api', now(), now())
                """
                        .formatted(account, audience, name, name, status));
    }

    private void blacklist(String name) {
        execute(
                "INSERT INTO blacklist VALUES (%d, '%s@example.org', 'manual', now())"
                        .formatted(account, name));
    }

    private static String state(String name) {
        return jdbi.withHandle(db ->
                db.select(
                                "SELECT state::text FROM delivery WHERE address = ?",
                                name + "@example.org")
                        .mapTo(String.class)
                        .one());
    }

    private static List<String> reasons() {
        return strings("SELECT reason FROM delivery ORDER BY number");
    }

    private static List<String> addresses() {
        return strings("SELECT address FROM delivery ORDER BY number");
    }

    private static List<String> strings(String sql) {
        return jdbi.withHandle(db -> db.select(sql).mapTo(String.class).list());
    }

    private static long one(String sql) {
        return jdbi.withHandle(db -> db.createQuery(sql).mapTo(Long.class).one());
    }

    private static void execute(String sql) {
        jdbi.useHandle(db -> db.execute(sql));
    }
}
