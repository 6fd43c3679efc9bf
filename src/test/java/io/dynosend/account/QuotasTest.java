package io.dynosend.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.Databases;
import io.dynosend.TestClock;
import io.dynosend.TestPostgres;
import io.dynosend.account.Quotas.Usage;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.database.Database;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotasTest {

    private static final YearMonth JANUARY = YearMonth.of(2026, 1);

    private static final Database database = Database.open(TestPostgres.newDatabase());
    private static final Jdbi jdbi = Databases.jdbi(database);

    private final TestClock clock = new TestClock();
    private final Quotas quotas = new Quotas(jdbi, clock);
    private long account;

    @BeforeEach
    void anAccount() {
        account = account("a");
    }

    @AfterEach
    void leaveNothingBehind() {
        jdbi.useHandle(db -> db.execute("TRUNCATE account CASCADE"));
    }

    @AfterAll
    static void hangUp() {
        database.close();
    }

    @Test
    void withoutAQuotaEverythingIsCountedAndNothingRefused() {
        take(1_000_000);

        assertThat(quotas.of(account)).isEqualTo(new Usage(JANUARY, 1_000_000, null, null));
    }

    @Test
    void whatIsTooMuchIsRefusedWholeAndSaysByHowMuch() {
        quotas.set(account, 10_000L);
        take(9_000);

        assertThatThrownBy(() -> take(1_200))
                .isInstanceOf(QuotaExceeded.class)
                .hasMessage(
                        "You have reached your monthly quota. The campaign would need 1,200 mails;"
                                + " 1,000 of this month's 10,000 are left: 200 too many");
        take(1_000);
        assertThat(quotas.of(account)).isEqualTo(new Usage(JANUARY, 10_000, 10_000L, 0L));
    }

    @Test
    void aQuotaOfNothingLetsNothingThrough() {
        quotas.set(account, 0L);

        assertThatThrownBy(() -> take(1)).isInstanceOf(QuotaExceeded.class);
    }

    @Test
    void aQuotaBelowWhatIsUsedLeavesNothingAndLessThanNothingIsNotSaid() {
        take(5);
        quotas.set(account, 3L);

        assertThat(quotas.of(account).left()).isZero();
        quotas.set(account, null);
        assertThat(quotas.of(account).left()).isNull();
    }

    @Test
    void aMonthEndsByTheClockInUtc() {
        quotas.set(account, 1L);
        clock.advance(
                Duration.between(
                        clock.instant(),
                        JANUARY.atEndOfMonth().atTime(23, 59, 59).toInstant(ZoneOffset.UTC)));
        take(1);
        assertThatThrownBy(() -> take(1)).isInstanceOf(QuotaExceeded.class);

        clock.advance(Duration.ofSeconds(1));

        take(1);
        assertThat(quotas.of(account).month()).isEqualTo(YearMonth.of(2026, 2));
    }

    @Test
    void twoAtTheSameMomentCannotBothTakeTheLast() throws Exception {
        quotas.set(account, 100L);

        var refused = atOnce(Collections.<Callable<Boolean>>nCopies(30, () -> isRefused(10)));

        assertThat(Collections.frequency(refused, false)).isEqualTo(10);
        assertThat(quotas.of(account).used()).isEqualTo(100);
    }

    @Test
    void batchesOfManyAccountsNeverWaitForEachOtherCrosswise() throws Exception {
        var accounts = new ArrayList<Long>();
        for (int i = 0; i < 20; i++) accounts.add(account("many-" + i));
        accounts.forEach(each -> quotas.set(each, 40L));
        var batches = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 60; i++) {
            var shuffled = new ArrayList<>(accounts);
            Collections.shuffle(shuffled, new Random(i));
            batches.add(() ->
                    jdbi.inTransaction(tx -> quotas.takeEach(tx, shuffled)).stream()
                            .allMatch(Optional::isEmpty));
        }

        var admitted = atOnce(batches);

        assertThat(Collections.frequency(admitted, true)).isEqualTo(40);
        assertThat(accounts).allMatch(each -> quotas.of(each).used() == 40);
    }

    @Test
    void whatWasTakenTooMuchIsGivenBackInItsOwnMonth() {
        take(100);
        var takenAt = clock.instant();
        clock.advance(Duration.ofDays(31));
        take(7);

        jdbi.useTransaction(tx -> quotas.settle(tx, account, takenAt, 100, 60));

        assertThat(quotas.of(account).used()).isEqualTo(7);
        clock.advance(Duration.ofDays(-31));
        assertThat(quotas.of(account).used()).isEqualTo(60);
    }

    private boolean isRefused(long mails) {
        try {
            take(mails);
            return false;
        } catch (QuotaExceeded e) {
            return true;
        }
    }

    private void take(long mails) {
        jdbi.useTransaction(tx -> quotas.take(tx, account, mails, "The campaign"));
    }

    private static <T> List<T> atOnce(List<Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        var answers = new ArrayList<T>();
        try (var threads = Executors.newFixedThreadPool(10)) {
            for (var future : threads.invokeAll(tasks)) answers.add(future.get());
        }
        return answers;
    }

    private static long account(String uid) {
        return jdbi.withHandle(db ->
                db.select(
                                "INSERT INTO account (uid, name, created_at) VALUES (?, 'A', now()) RETURNING id",
                                uid)
                        .mapTo(Long.class)
                        .one());
    }
}
