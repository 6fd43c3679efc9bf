package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.Await;
import io.dynosend.DatabaseTest;
import io.dynosend.account.AuditLog;
import io.dynosend.account.Role;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people did is kept, as it was. */
class AuditLogTest extends DatabaseTest {

    private final long account = holder(http.token()).account();
    private final String email = newLogin(account, Role.OWNER);
    private final Person owner = new Person(http.port());
    private final AuditLog audit = new AuditLog(jdbi, clock);

    @BeforeEach
    void signIn() {
        owner.signIn(email, Person.PASSWORD);
    }

    @Test
    void anEntryIsNeitherChangedNorDeleted() {
        assertThatThrownBy(() ->
                        execute(
                                "UPDATE audit_entry SET action = 'x' WHERE account_id = ?",
                                account))
                .isInstanceOf(UnableToExecuteStatementException.class)
                .hasMessageContaining("only grows");
        assertThatThrownBy(() -> execute("DELETE FROM audit_entry WHERE account_id = ?", account))
                .hasMessageContaining("only grows");
    }

    @Test
    void itGoesWithItsAccount() {
        execute("DELETE FROM account WHERE id = ?", account);

        assertThat(
                        single(
                                Long.class,
                                "SELECT count(*) FROM audit_entry WHERE account_id = ?",
                                account))
                .isZero();
    }

    @Test
    void manyAtOnceMakeOneChainWithoutAGap() {
        var user = user(email);
        long before = audit.page(account, Long.MAX_VALUE, "", "", 1).getFirst().number();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 64; i++) {
                String action = "did " + i;
                threads.execute(() -> audit.note(user, action, "192.0.2.1"));
            }
        }

        assertThat(audit.broken(account)).isEmpty();
        var entries = audit.page(account, Long.MAX_VALUE, "", "", 100);
        assertThat(entries.getFirst().number()).isEqualTo(before + 64);
        assertThat(entries).extracting(entry -> entry.number()).doesNotHaveDuplicates();
    }

    @Test
    void whatIsChangedInTheDatabaseShows() {
        owner.post("/app/you/name", Map.of("name", "Ada"));
        owner.postWithout("/app/sign-out", Map.of());
        owner.signIn(email, Person.PASSWORD);
        assertThat(owner.page("/app/people/log").select("main .problem")).isEmpty();

        jdbi.useTransaction(tx -> {
            tx.execute("SET LOCAL session_replication_role = replica");
            tx.execute(
                    "UPDATE audit_entry SET ip_address = '192.0.2.9' WHERE account_id = ? AND number = 1",
                    account);
        });

        assertThat(audit.broken(account)).hasValue(1);
        assertThat(owner.page("/app/people/log").select("main .problem").text())
                .contains("Entry 1 is not as it was written");
    }

    @Test
    void whatIsMissingInTheDatabaseShows() {
        owner.postWithout("/app/sign-out", Map.of());
        owner.signIn(email, Person.PASSWORD);
        long last = audit.page(account, Long.MAX_VALUE, "", "", 1).getFirst().number();
        jdbi.useTransaction(tx -> {
            tx.execute("SET LOCAL session_replication_role = replica");
            tx.execute(
                    "DELETE FROM audit_entry WHERE account_id = ? AND number = ?", account, last);
        });

        assertThat(audit.broken(account)).isPresent();
    }

    @Test
    void aWrongPasswordOfAKnownUserIsKeptAndItsFilterFindsIt() {
        new Person(http.port()).signIn(email, "wrong password");

        Await.until(
                "the failure is kept",
                Duration.ofSeconds(5),
                () ->
                        owner.page("/app/people/log?search=failed")
                                .select("tbody tr")
                                .text()
                                .contains("failed to sign in: wrong password"));
        assertThat(owner.page("/app/people/log?search=failed").select("tbody tr")).hasSize(1);
        assertThat(owner.page("/app/people/log?who=nobody@example.org").select("tbody tr"))
                .isEmpty();
        assertThat(owner.page("/app/people/log?search=%25").select("tbody tr")).isEmpty();
    }

    @Test
    void itIsReadPageByPage() {
        var user = user(email);
        for (int i = 0; i < 60; i++) audit.note(user, "did " + i, null);

        var first = owner.page("/app/people/log");
        assertThat(first.select("tbody tr")).hasSize(50);
        var second = owner.page(first.select("a[rel=next]").attr("href"));

        assertThat(second.select("tbody tr").text()).contains("did 9").doesNotContain("did 10");
    }

    @Test
    void itsExportIsAFileThatNoSpreadsheetRuns() {
        var user = user(email);
        audit.note(user, "=HYPERLINK(\"evil\")", "192.0.2.1");

        var csv = owner.get("/app/people/log.csv");

        assertThat(csv.header("Content-Disposition")).contains("attachment");
        assertThat(csv.body())
                .startsWith("number,at,who,action,from,hash\r\n")
                .contains("\"'=HYPERLINK(\"\"evil\"\")\"")
                .contains(",\"" + email + "\",");
    }

    @Test
    void aMarketerDoesNotReadIt() {
        var marketer = new Person(http.port());
        marketer.signIn(newLogin(account, Role.MARKETER), Person.PASSWORD);

        assertThat(marketer.get("/app/people/log").status()).isEqualTo(403);
        assertThat(marketer.get("/app/people/log.csv").status()).isEqualTo(403);
    }

    @Test
    void anotherAccountIsNotInIt() {
        var stranger = new Person(http.port());
        stranger.signIn(newLogin(holder(newAccount()).account(), Role.OWNER), Person.PASSWORD);

        assertThat(stranger.get("/app/people/log").body()).doesNotContain(email);
    }
}
