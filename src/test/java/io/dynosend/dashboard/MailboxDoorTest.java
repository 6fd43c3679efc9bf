package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.account.Role;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The built-in mailbox holds the mail of all accounts, links for a new password included. */
class MailboxDoorTest extends DatabaseTest {

    @ParameterizedTest
    @EnumSource(Role.class)
    void nobodyOfAnotherAccountGetsInWithTheirPassword(Role role) {
        String email = newLogin(holder(http.token()).account(), role);

        assertThat(answerTo(email, "198.51.100.7")).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"OWNER, 200", "ADMIN, 200", "MARKETER, 401", "VIEWER, 401", "API, 401"})
    void ofTheFirstAccountItOpensForWhoAdministersIt(Role role, int status) {
        long first =
                jdbi.withHandle(db ->
                        db.createQuery(
                                        "SELECT min(account_id) FROM account_user WHERE role = 'owner'")
                                .mapTo(Long.class)
                                .one());

        assertThat(answerTo(newLogin(first, role), "198.51.100.8")).isEqualTo(status);
    }

    private int answerTo(String email, String from) {
        var login = (email + ":" + Person.PASSWORD).getBytes(UTF_8);
        return http.get(
                        "/mailbox",
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(login),
                        "X-Forwarded-For",
                        from)
                .status();
    }
}
