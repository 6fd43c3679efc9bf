package io.dynosend.sending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.Databases;
import io.dynosend.TestClock;
import io.dynosend.TestPostgres;
import io.dynosend.account.Quotas;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.contact.Erasure.Erased;
import io.dynosend.database.Database;
import io.dynosend.sending.LedgerEntry.Verdict;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import io.dynosend.sending.Outcome.Bounce;
import io.dynosend.sending.Outcome.Deferred;
import io.dynosend.sending.Outcome.Failed;
import io.dynosend.sending.Outcome.Sent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OutboxTest {

    private static final Database database = Database.open(TestPostgres.newDatabase());
    private static final Jdbi jdbi = Databases.jdbi(database);

    private final TestClock clock = new TestClock();
    private final Quotas quotas = new Quotas(jdbi, clock);
    private final Outbox outbox = new Outbox(jdbi, clock, quotas, MessageSigner.NONE);
    private final Mailings mailings = new Mailings(jdbi, clock, quotas);
    private final Ledger ledger = new Ledger(jdbi, UUID.randomUUID());
    private final Ledger otherNode = new Ledger(jdbi, UUID.randomUUID());
    private final LedgerWriter writer = new LedgerWriter(jdbi, ledger, (_, _, _) -> {}, clock);
    private long account;
    private long audience;
    private long ada;

    @BeforeEach
    void anAudienceWithAda() {
        account = account("a");
        audience = audience(account);
        ada = contact("ada", "subscribed");
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
    void aQueuedMessageIsSentAsItWasGiven() {
        long id = enqueue(Kind.TRANSACTIONAL, ada, "ada");

        var chunk = claimOne();

        assertThat(chunk.mailing()).isEqualTo(id);
        assertThat(chunk.bulk()).isFalse();
        var delivery = chunk.deliveries().getFirst();
        assertThat(delivery.address()).isEqualTo(new EmailAddress("ada@example.org"));
        var message = new StoredMessages(jdbi).open(chunk).compose(delivery).orElseThrow();
        assertThat(message.envelopeSender()).isEqualTo(new EmailAddress("me@example.org"));
        assertThat(new String(message.content(), StandardCharsets.UTF_8))
                .isEqualTo("Subject: ä\r\n\r\n" + id);
    }

    @Test
    void whatIsRolledBackWasNeverQueued() {
        assertThatThrownBy(() ->
                        jdbi.useTransaction(tx -> {
                            outbox.enqueue(tx, List.of(message(Kind.TRANSACTIONAL, ada, "ada")));
                            throw new IllegalStateException("no");
                        }))
                .hasMessage("no");

        assertThat(ledger.claimSingles(10)).isEmpty();
        assertThat(quotas.of(account).used()).isZero();
    }

    @Test
    void idsAreGivenOnceAndShareTheSequenceWithMailings() {
        var ids = new ArrayList<>(outbox.nextIds(100));
        for (int i = 0; i < 200; i++) ids.add(outbox.nextId());
        ids.add(jdbi.inTransaction(tx -> mailings.open(tx, account, audience)));

        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void singleMessagesDoNotWaitForBulkHoweverLong() {
        long campaign = jdbi.inTransaction(tx -> mailings.open(tx, account, audience));
        mailings.writeRecipients();
        long id = enqueue(Kind.TRANSACTIONAL, ada, "ada");

        assertThat(claimOne().mailing()).isEqualTo(id);
        assertThat(ledger.claim(Set.of(), 1).getFirst().mailing()).isEqualTo(campaign);
        assertThat(ledger.claim(Set.of(), 1)).isEmpty();
    }

    @Test
    void aMessageThatIsNotDueYetWaits() {
        var message = message(Kind.TRANSACTIONAL, ada, "ada");
        var later = clock.instant().plus(Duration.ofHours(1));
        jdbi.useTransaction(tx -> outbox.enqueue(tx, List.of(at(message, later))));

        assertThat(ledger.claimSingles(10)).isEmpty();
        assertThat(
                        seconds(
                                "SELECT extract(epoch FROM due_at - clock_timestamp()) FROM mailing_chunk"))
                .isBetween(3_500.0, 3_600.0);
        execute("UPDATE mailing_chunk SET due_at = due_at - interval '1 hour'");
        assertThat(ledger.claimSingles(10)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSACTIONAL, subscribed, PASS",
        "TRANSACTIONAL, unconfirmed, PASS",
        "TRANSACTIONAL, unsubscribed, PASS",
        "CONFIRMATION, subscribed, SKIP",
        "CONFIRMATION, unconfirmed, PASS",
        "CONFIRMATION, unsubscribed, SKIP",
        "WELCOME, subscribed, PASS",
        "WELCOME, unconfirmed, SKIP",
        "WELCOME, unsubscribed, SKIP",
        "GOODBYE, subscribed, PASS",
        "GOODBYE, unconfirmed, PASS",
        "GOODBYE, unsubscribed, PASS",
        "TEST, unsubscribed, PASS",
    })
    void whatAMessageIsForDecidesWhoMayGetIt(Kind kind, String status, Verdict verdict) {
        long bob = contact("bob", kind == Kind.CONFIRMATION ? "unconfirmed" : "subscribed");
        enqueue(kind, bob, "bob");
        var chunk = claimOne();

        status(status);

        assertThat(pass(chunk)).isEqualTo(verdict);
        if (verdict == Verdict.SKIP) assertThat(reason()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "USER")
    void theBlacklistedGetNothingAtAll(Kind kind) {
        long bob = contact("bob", kind == Kind.CONFIRMATION ? "unconfirmed" : "subscribed");
        enqueue(kind, bob, "bob");
        var chunk = claimOne();

        execute(
                "INSERT INTO blacklist VALUES (%d, 'bob@example.org', 'manual', now())"
                        .formatted(account));

        assertThat(pass(chunk)).isEqualTo(Verdict.SKIP);
        assertThat(reason()).isEqualTo("blacklisted");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "USER")
    void onlyATestNeedsNoContact(Kind kind) {
        long bob = contact("bob", kind == Kind.CONFIRMATION ? "unconfirmed" : "subscribed");
        enqueue(kind, kind == Kind.TEST ? null : bob, "bob");
        var chunk = claimOne();

        execute("DELETE FROM contact WHERE id = " + bob);

        assertThat(pass(chunk)).isEqualTo(kind == Kind.TEST ? Verdict.PASS : Verdict.SKIP);
    }

    @Test
    void whoMayNotGetItAnyMoreIsNotEvenComposedFor() {
        enqueue(Kind.WELCOME, ada, "ada");
        execute("UPDATE contact SET status = 'unsubscribed', unsubscribed_at = now()");

        var chunk = ledger.claimSingles(10).getFirst();

        assertThat(chunk.deliveries()).isEmpty();
        assertThat(reason()).isEqualTo("unsubscribed");
    }

    @Test
    void aMessageWhoseSenderDiedBehindTheBarrierIsSentAgain() {
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        pass(claimOne());

        leaseRunsOut();
        var again = otherNode.claimSingles(10).getFirst();

        assertThat(again.deliveries()).extracting(Delivery::tries).containsExactly(1);
        assertThat(writer.pass(again, again.deliveries().getFirst(), "server").join())
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void aMessageThatStopsItsSenderAgainAndAgainWaitsLongerAndIsGivenUpInTheEnd() {
        enqueue(Kind.TRANSACTIONAL, ada, "ada");

        for (int i = 0; i < 11; i++) {
            leaseRunsOut();
            execute("UPDATE delivery SET due_at = NULL");
            var chunk = claimOne();
            assertThat(chunk.deliveries()).extracting(Delivery::tries).containsExactly(i);
            pass(chunk);
            leaseRunsOut();
            otherNode.claimSingles(10);
            long minutes = Math.min((1L << i) - 1, 240);
            assertThat(
                            seconds(
                                    "SELECT extract(epoch FROM due_at - clock_timestamp()) FROM delivery"))
                    .isBetween(minutes * 60.0 - 20, minutes * 60.0);
        }
        leaseRunsOut();
        execute("UPDATE delivery SET due_at = NULL");
        pass(claimOne());
        leaseRunsOut();

        assertThat(ledger.claimSingles(10).getFirst().deliveries()).isEmpty();
        assertThat(state()).isEqualTo("failed");
    }

    @Test
    void anAnswerThatComesLateSparesTheSecondSending() {
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        var slow = claimOne();
        pass(slow);
        leaseRunsOut();
        var again = otherNode.claimSingles(10).getFirst();

        settle(slow, new Sent("250 ok"));

        assertThat(state()).isEqualTo("sent");
        assertThat(pass(again)).isEqualTo(Verdict.STOP);
    }

    @Test
    void aDeferredMessageIsTriedAgainAfterItsDelay() {
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        var chunk = claimOne();
        settle(chunk, new Deferred("451 later", Duration.ofMinutes(1)));
        writer.release(chunk, Duration.ZERO, null);

        assertThat(ledger.claimSingles(10)).isEmpty();
        execute("UPDATE delivery SET due_at = now()");
        execute("UPDATE mailing_chunk SET due_at = now()");

        assertThat(claimOne().deliveries()).extracting(Delivery::tries).containsExactly(1);
    }

    @Test
    void aSingleMessageIsDoneWithItsOutcomeAndIsNoneOfTheCampaigns() {
        long id = enqueue(Kind.TRANSACTIONAL, ada, "ada");
        var chunk = claimOne();

        settle(chunk, new Sent("250 ok"));
        writer.release(chunk, Duration.ZERO, null);

        assertThat(mailings.closeFinished()).isZero();
        assertThat(text("SELECT state FROM mailing WHERE id = " + id)).isEqualTo("done");
        assertThat(one("SELECT count(*) FROM mailing_chunk WHERE due_at IS NOT NULL")).isZero();
    }

    @Test
    void itsContentIsForgottenSevenDaysAfterItsOutcome() {
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        var chunk = ledger.claimSingles(1).getFirst();
        settle(chunk, new Sent("250 ok"));
        writer.release(chunk, Duration.ZERO, null);

        clock.advance(Duration.ofDays(7).minusSeconds(1));
        outbox.forgetContents();
        assertThat(contents()).isEqualTo(2);
        clock.advance(Duration.ofSeconds(1));
        outbox.forgetContents();

        assertThat(contents()).as("the other still waits").isEqualTo(1);
    }

    @Test
    void anErasedContactLeavesNothingInTheOutboxAndNoNameInTheLedger() {
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        var chunk = claimOne();
        settle(chunk, new Failed("refused", "550 <ada@example.org> who?", Bounce.SOFT));
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        jdbi.useTransaction(tx -> mailings.open(tx, account, audience));
        mailings.writeRecipients();
        enqueue(Kind.TRANSACTIONAL, contact("bob", "subscribed"), "bob");

        erase(ada);

        assertThat(contents()).as("bob's").isEqualTo(1);
        assertThat(
                        strings(
                                "SELECT coalesce(address, '-') FROM delivery ORDER BY coalesce(address, '-'), mailing_id"))
                .containsExactly("-", "-", "-", "bob@example.org");
        assertThat(
                        strings(
                                "SELECT state::text FROM delivery ORDER BY coalesce(address, '-'), mailing_id"))
                .containsExactly("failed", "skipped", "skipped", "waiting");
        assertThat(
                        strings(
                                "SELECT coalesce(reason, '') || coalesce(reply, '') FROM delivery ORDER BY coalesce(address, '-'), mailing_id"))
                .containsExactly("", "deleted", "deleted", "");
        assertThat(one("SELECT count(*) FROM delivery WHERE contact_id = " + ada)).isZero();
    }

    @Test
    void whoIsErasedWhileTheirMessageIsOnItsWayLeavesTheStateAlone() {
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        var chunks = ledger.claimSingles(2);
        pass(chunks.getFirst());

        erase(ada);
        settle(chunks.getFirst(), new Failed("refused", "550 <ada@example.org>", Bounce.SOFT));

        assertThat(pass(chunks.getLast())).isEqualTo(Verdict.STOP);
        assertThat(
                        strings(
                                "SELECT state::text FROM delivery ORDER BY coalesce(address, '-'), mailing_id"))
                .containsExactly("failed", "skipped");
        assertThat(one("SELECT count(*) FROM delivery WHERE reply IS NOT NULL")).isZero();
    }

    @Test
    void whoIsErasedWhileTheirSenderDiesGetsNoSecondMessage() {
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        pass(claimOne());
        erase(ada);

        leaseRunsOut();

        assertThat(otherNode.claimSingles(10).getFirst().deliveries()).isEmpty();
        assertThat(reason()).isEqualTo("deleted");
    }

    @Test
    void everyQueuedMessageCountsAgainstTheQuotaAndNoneIsQueuedBeyondIt() {
        quotas.set(account, 2L);
        enqueue(Kind.TRANSACTIONAL, ada, "ada");
        enqueue(Kind.WELCOME, ada, "ada");

        assertThatThrownBy(() -> enqueue(Kind.GOODBYE, ada, "ada"))
                .isInstanceOf(QuotaExceeded.class)
                .hasMessageContaining("You have reached your monthly quota")
                .hasMessageContaining("0 of this month's 2 are left");
        assertThat(quotas.of(account).used()).isEqualTo(2);
        assertThat(contents()).isEqualTo(2);
    }

    @Test
    void anAccountOverItsQuotaIsNoMatterOfTheOthersInTheBatch() {
        long other = account("b");
        long others = audience(other);
        quotas.set(other, 1L);
        var batch =
                List.of(
                        test(other, others),
                        test(account, audience),
                        test(other, others),
                        test(account, audience));

        var answers = jdbi.inTransaction(tx -> outbox.enqueueEach(tx, batch));

        assertThat(answers).extracting(Optional::isEmpty).containsExactly(true, true, false, true);
        assertThat(contents()).isEqualTo(3);
        assertThat(quotas.of(other).left()).isZero();
    }

    @Test
    void manyMessagesAreQueuedAndClaimedAtOnce() {
        var batch = new ArrayList<NewMessage>();
        for (int i = 0; i < 256; i++) batch.add(message(Kind.TRANSACTIONAL, ada, "ada"));
        jdbi.useTransaction(tx -> outbox.enqueue(tx, batch));

        var chunks = ledger.claimSingles(100);

        assertThat(chunks).hasSize(100).allMatch(chunk -> chunk.deliveries().size() == 1);
        assertThat(otherNode.claimSingles(1_000)).hasSize(156);
    }

    @Test
    void aCampaignReservesItsMailsAndGivesBackWhatDidNotGoOut() {
        quotas.set(account, 3L);
        contact("bob", "subscribed");
        contact("cy", "unsubscribed");
        long campaign = jdbi.inTransaction(tx -> mailings.open(tx, account, audience));
        assertThat(quotas.of(account).left()).isEqualTo(1);

        mailings.writeRecipients();
        execute(
                "UPDATE contact SET status = 'unsubscribed', unsubscribed_at = now() WHERE email LIKE 'ada%'");
        var chunk = ledger.claim(Set.of(), 1).getFirst();
        settle(chunk, new Sent("250 ok"));
        writer.release(chunk, Duration.ZERO, null);
        clock.advance(Duration.ofDays(40));
        assertThat(quotas.of(account).left()).as("another month").isEqualTo(3);
        mailings.closeFinished();

        assertThat(text("SELECT state FROM mailing WHERE id = " + campaign)).isEqualTo("done");
        assertThat(quotas.of(account).left()).isEqualTo(3);
        assertThat(one("SELECT mails FROM mail_usage WHERE month = '2026-01-01'"))
                .as("settled in its own month")
                .isEqualTo(1);
    }

    @Test
    void aCampaignLargerThanWhatIsLeftIsRefusedAndSaysByHowMuch() {
        quotas.set(account, 1L);
        contact("bob", "subscribed");

        assertThatThrownBy(() -> jdbi.inTransaction(tx -> mailings.open(tx, account, audience)))
                .isInstanceOf(QuotaExceeded.class)
                .hasMessageContaining(
                        "would need 2 mails; 1 of this month's 1 are left: 1 too many");
        assertThat(quotas.of(account).used()).isZero();
    }

    private long enqueue(Kind kind, @Nullable Long contact, String name) {
        var message = message(kind, contact, name);
        jdbi.useTransaction(tx -> outbox.enqueue(tx, List.of(message)));
        return message.id();
    }

    private NewMessage message(Kind kind, @Nullable Long contact, String name) {
        long id = outbox.nextId();
        return new NewMessage(
                id,
                account,
                audience,
                contact,
                new EmailAddress(name + "@example.org"),
                kind,
                null,
                content(id));
    }

    private NewMessage test(long ofAccount, long ofAudience) {
        long id = outbox.nextId();
        return new NewMessage(
                id,
                ofAccount,
                ofAudience,
                null,
                new EmailAddress("t@example.org"),
                Kind.TEST,
                null,
                content(id));
    }

    private static NewMessage at(NewMessage m, Instant time) {
        return new NewMessage(
                m.id(),
                m.account(),
                m.audience(),
                m.contact(),
                m.recipient(),
                m.kind(),
                time,
                m.message());
    }

    private static OutgoingMessage content(long id) {
        return new OutgoingMessage(
                new EmailAddress("me@example.org"),
                ("Subject: ä\r\n\r\n" + id).getBytes(StandardCharsets.UTF_8));
    }

    private Chunk claimOne() {
        var chunks = ledger.claimSingles(10);
        assertThat(chunks).hasSize(1);
        return chunks.getFirst();
    }

    private Verdict pass(Chunk chunk) {
        return writer.pass(chunk, chunk.deliveries().getFirst(), "server").join();
    }

    private void settle(Chunk chunk, Outcome outcome) {
        var delivery = chunk.deliveries().getFirst();
        writer.record(chunk, delivery, outcome);
        // Entries are written in order, so this one's answer tells that the outcome is committed.
        writer.pass(
                        new Chunk(0, 0, 0, 0, 0, 0, false, chunk.startedAt(), List.of()),
                        delivery,
                        "server")
                .join();
    }

    private static void leaseRunsOut() {
        execute("UPDATE mailing_chunk SET due_at = now() - interval '1 second'");
    }

    private static void status(String status) {
        execute(
                """
                UPDATE contact
                SET status = '%s',
                    unsubscribed_at = CASE '%s' WHEN 'unsubscribed' THEN now() END
                WHERE email LIKE 'bob%%'
                """
                        .formatted(status, status));
    }

    private static long account(String uid) {
        return one(
                "INSERT INTO account (uid, name, created_at) VALUES ('%s', 'A', now()) RETURNING id"
                        .formatted(uid));
    }

    private static long audience(long account) {
        return one(
                """
                INSERT INTO audience (
                    account_id, uid, name, from_email, from_name, created_at, updated_at)
                VALUES (%d, 'a', 'A', 'a@example.org', 'A', now(), now())
                RETURNING id
                """
                        .formatted(account));
    }

    private long contact(String name, String status) {
        return one(
                """
                INSERT INTO contact (
                    account_id, audience_id, uid, email, status, source, created_at, updated_at,
                    unsubscribed_at)
                VALUES (%d, %d, '%s', '%s@example.org', '%s', 'api', now(), now(),
                        CASE '%s' WHEN 'unsubscribed' THEN now() END)
                RETURNING id
                """
                        .formatted(account, audience, name, name, status, status));
    }

    private static long contents() {
        return one("SELECT count(*) FROM mailing_message");
    }

    private static String state() {
        return text("SELECT state::text FROM delivery");
    }

    private static String reason() {
        return text("SELECT reason FROM delivery");
    }

    private static String text(String sql) {
        return strings(sql).getFirst();
    }

    private static List<String> strings(String sql) {
        return jdbi.withHandle(db -> db.select(sql).mapTo(String.class).list());
    }

    private static long one(String sql) {
        return jdbi.withHandle(db -> db.createQuery(sql).mapTo(Long.class).one());
    }

    private static double seconds(String sql) {
        return jdbi.withHandle(db -> db.createQuery(sql).mapTo(Double.class).one());
    }

    private static void execute(String sql) {
        jdbi.useHandle(db -> db.execute(sql));
    }

    private void erase(long contact) {
        jdbi.useTransaction(
                tx -> new RecipientErasure().erase(tx, new Erased(account, contact, Set.of())));
    }
}
