package io.dynosend.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordsTest {

    private final Passwords passwords = Passwords.ARGON2ID;

    // https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
    @Test
    void aServerHashesAtTheCostThatOwaspAsksFor() {
        assertThat(passwords.hash("a long password")).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    }

    @Test
    void aPasswordMatchesItsOwnHashAndNoOther() {
        String hash = passwords.hash("a long password");

        assertThat(passwords.match("a long password", Optional.of(hash))).isTrue();
        assertThat(passwords.match("a long passwort", Optional.of(hash))).isFalse();
        assertThat(passwords.match("a long password", Optional.empty())).isFalse();
    }

    @Test
    void theSamePasswordHasAnotherHashEachTime() {
        assertThat(passwords.hash("a long password"))
                .isNotEqualTo(passwords.hash("a long password"));
    }

    @Test
    void nobodysPasswordIsCheckedAtTheSameCost() {
        passwords.match("a long password", Optional.empty());
        long begin = System.nanoTime();
        passwords.match("a long password", Optional.empty());

        assertThat(System.nanoTime() - begin).isGreaterThan(5_000_000);
    }
}
