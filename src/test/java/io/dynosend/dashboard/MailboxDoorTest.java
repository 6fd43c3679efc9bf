package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.account.Role;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The built-in mailbox holds the mail of all accounts, links for a new password included. */
class MailboxDoorTest extends DatabaseTest {

    @ParameterizedTest
    @EnumSource(Role.class)
    void nobodyOfAnotherAccountGetsInWithTheirPassword(Role role) {
        String email = newLogin(holder(http.token()).account(), role);
        String password =
                Base64.getEncoder().encodeToString((email + ":" + Person.PASSWORD).getBytes(UTF_8));

        var reply =
                http.get(
                        "/mailbox",
                        "Authorization",
                        "Basic " + password,
                        "X-Forwarded-For",
                        "198.51.100.7");

        assertThat(reply.status()).isEqualTo(401);
    }
}
