package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import io.dynosend.account.Role;
import io.dynosend.account.Users;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The built-in mailbox holds the mail of all accounts, links for a new password included. */
class MailboxDoorTest extends DatabaseTest {

    private static final String OTHER_PASSWORD = "another long password";

    private final long first =
            jdbi.withHandle(db ->
                    db.createQuery("SELECT min(account_id) FROM account_user WHERE role = 'owner'")
                            .mapTo(Long.class)
                            .one());
    private final String email = newLogin(first, Role.ADMIN);
    private final Users users = new Users(jdbi, clock, CHEAP);

    // All tests come from one address.
    @AfterEach
    void attemptsAreForgotten() {
        execute("DELETE FROM sign_in_attempt");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void nobodyOfAnotherAccountGetsInWithTheirPassword(Role role) {
        String stranger = newLogin(holder(http.token()).account(), role);

        assertThat(answerTo(stranger)).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"OWNER, 200", "ADMIN, 200", "MARKETER, 401", "VIEWER, 401", "API, 401"})
    void ofTheFirstAccountItOpensForWhoAdministersIt(Role role, int status) {
        assertThat(answerTo(newLogin(first, role))).isEqualTo(status);
    }

    @Test
    void whatCannotBeAnAddressIsRefused() {
        assertThat(answerTo("ada\0@example.org")).isEqualTo(401);
        assertThat(answerTo("' OR 1=1 --")).isEqualTo(401);
    }

    @Test
    void guessesCountAsAtTheSignInPageAndThereToo() {
        for (int i = 0; i < 10; i++) assertThat(answerTo(email, "guess " + i)).isEqualTo(401);

        assertThat(answerTo(email)).isEqualTo(429);
        assertThat(new Person(http.port()).signIn(email, Person.PASSWORD).status()).isEqualTo(429);

        clock.advance(Duration.ofMinutes(16));
        assertThat(answerTo(email)).isEqualTo(200);
    }

    @Test
    void whoIsInIsNotHeldUpByWhoGuesses() {
        assertThat(answerTo(email)).isEqualTo(200);
        for (int i = 0; i < 11; i++) answerTo(email, "guess " + i);

        assertThat(answerTo(email)).isEqualTo(200);
    }

    @Test
    void aWrongPasswordIsInTheAuditLogAndARightOneOnce() {
        answerTo(email, "guess");
        for (int i = 0; i < 3; i++) answerTo(email);

        Await.until(
                "the failure is kept",
                Duration.ofSeconds(5),
                () -> actions().contains("failed to sign in to the built-in mailbox"));
        assertThat(actions())
                .containsExactlyInAnyOrder(
                        "failed to sign in to the built-in mailbox",
                        "signed in to the built-in mailbox");
    }

    @Test
    void anotherPasswordEndsTheOneBeforeAtOnce() {
        assertThat(answerTo(email)).isEqualTo(200);

        users.changePassword(user(email), OTHER_PASSWORD);

        assertThat(answerTo(email)).isEqualTo(401);
        assertThat(answerTo(email, OTHER_PASSWORD)).isEqualTo(200);
    }

    @Test
    void anotherRoleCountsAtOnce() {
        assertThat(answerTo(email)).isEqualTo(200);

        users.changeRole(user(email), Role.MARKETER);

        assertThat(answerTo(email)).isEqualTo(401);
    }

    @Test
    void whoIsRemovedIsOutAtOnce() {
        assertThat(answerTo(email)).isEqualTo(200);

        users.remove(user(email));

        assertThat(answerTo(email)).isEqualTo(401);
    }

    @Test
    void whoClearsItByTheirSessionIsInTheAuditLog() {
        var ada = new Person(http.port());
        ada.signIn(email, Person.PASSWORD);

        assertThat(ada.postWithout("/mailbox/clear", Map.of()).status()).isEqualTo(303);

        assertThat(actions()).contains("cleared the built-in mailbox");
    }

    @Test
    void aViewerAtThisMachineClearsNothing() {
        var viewer = new Person(http.port());
        viewer.signIn(newLogin(holder(http.token()).account(), Role.VIEWER), Person.PASSWORD);

        assertThat(viewer.get("/mailbox").status()).isEqualTo(200);
        assertThat(viewer.page("/mailbox").select("a[href=/mailbox/clear]")).isEmpty();
        assertThat(viewer.get("/mailbox/clear").status()).isEqualTo(403);
        assertThat(viewer.postWithout("/mailbox/clear", Map.of()).status()).isEqualTo(403);
        assertThat(new Person(http.port()).get("/mailbox/clear").status()).isEqualTo(200);
    }

    @Test
    void whoClearsItByTheirPasswordIsInTheAuditLog() {
        assertThat(withPassword("POST", "/mailbox/clear", email, Person.PASSWORD).status())
                .isEqualTo(303);

        assertThat(actions()).contains("cleared the built-in mailbox");
    }

    private List<String> actions() {
        return jdbi.withHandle(db ->
                db.select("SELECT action FROM audit_entry WHERE email = ?", email)
                        .mapTo(String.class)
                        .list());
    }

    private int answerTo(String who) {
        return answerTo(who, Person.PASSWORD);
    }

    private int answerTo(String who, String password) {
        return withPassword("GET", "/mailbox", who, password).status();
    }

    // As through a proxy: what comes from this machine is not trusted then.
    private Reply withPassword(String verb, String path, String who, String password) {
        var login = (who + ":" + password).getBytes(UTF_8);
        return http.call(
                verb,
                path,
                "",
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(login),
                "X-Forwarded-For",
                "198.51.100.7");
    }
}
