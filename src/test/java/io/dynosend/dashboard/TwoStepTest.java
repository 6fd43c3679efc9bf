package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import io.dynosend.account.HalfWay;
import io.dynosend.account.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A code from the phone after the password. */
class TwoStepTest extends DatabaseTest {

    private static final Duration STEP = Duration.ofSeconds(30);

    private final long account = holder(http.token()).account();
    private final String email = newLogin(account, Role.OWNER);
    private final Person ada = new Person(http.port());
    private String secret;
    private List<String> recoveryCodes;

    @BeforeEach
    void adaTurnsItOn() {
        ada.signIn(email, Person.PASSWORD);
        ada.post("/app/you/two-step/begin", Map.of("current", Person.PASSWORD));
        secret = ada.page("/app/you/two-step").select("#secret").text();
        var on = ada.post("/app/you/two-step/confirm", Map.of("code", code()));
        recoveryCodes = List.of(Jsoup.parse(on.body()).select("#codes").text().split("\\s+"));
        clock.advance(STEP);
    }

    @Test
    void theCodesOfOurTestsAreThoseOfTheStandard() {
        // RFC 6238, appendix B; its codes have eight digits.
        String seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

        assertThat(Totps.code(seed, java.time.Instant.ofEpochSecond(59))).isEqualTo("287082");
        assertThat(Totps.code(seed, java.time.Instant.ofEpochSecond(20_000_000_000L)))
                .isEqualTo("353130");
    }

    @Test
    void afterThePasswordComesACodeAndOnlyThenASession() {
        var bob = new Person(http.port());

        var password = bob.signIn(email, Person.PASSWORD, "next", "/app/campaigns");
        assertThat(password.header("Location"))
                .isEqualTo("/app/sign-in/code?next=%2Fapp%2Fcampaigns");
        assertThat(bob.cookie()).startsWith("dynosend-half-way=");
        assertThat(bob.get("/app").status()).isEqualTo(303);

        var in = give(bob, code());
        assertThat(in.status()).isEqualTo(303);
        assertThat(bob.get("/app").status()).isEqualTo(200);
    }

    @Test
    void theTokenOfHalfTheWayIsNoSessionAndWorksOnce() {
        var bob = new Person(http.port());
        bob.signIn(email, Person.PASSWORD);
        String halfWay = bob.cookie();

        bob.plant(halfWay.replace("dynosend-half-way", "dynosend"));
        assertThat(bob.get("/app").status()).isEqualTo(303);

        bob.plant(halfWay);
        give(bob, code());
        clock.advance(STEP);
        bob.plant(halfWay);
        assertThat(give(bob, code()).header("Location")).isEqualTo("/app/sign-in");
    }

    @Test
    void halfTheWayIsTooOldAfterTenMinutes() {
        var bob = new Person(http.port());
        bob.signIn(email, Person.PASSWORD);

        clock.advance(HalfWay.GOOD_FOR);

        assertThat(give(bob, code()).header("Location")).isEqualTo("/app/sign-in");
        assertThat(bob.get("/app/sign-in/code").status()).isEqualTo(303);
    }

    @Test
    void aCodeIsTakenOnceAndNoneFromBefore() {
        String code = code();
        var bob = halfWay();
        assertThat(give(bob, code).status()).isEqualTo(303);

        assertThat(give(halfWay(), code).status()).isEqualTo(401);
        String earlier = Totps.code(secret, clock.instant().minus(STEP));
        assertThat(give(halfWay(), earlier).status()).isEqualTo(401);
    }

    @Test
    void aClockThatIsAStepWrongIsRightEnoughAndTwoAreNot() {
        assertThat(
                        give(
                                        halfWay(),
                                        Totps.code(
                                                secret, clock.instant().plus(STEP.multipliedBy(2))))
                                .status())
                .isEqualTo(401);
        assertThat(give(halfWay(), Totps.code(secret, clock.instant().plus(STEP))).status())
                .isEqualTo(303);
    }

    @Test
    void aRecoveryCodeLetsInOnce() {
        assertThat(recoveryCodes).hasSize(10).doesNotHaveDuplicates();

        assertThat(
                        give(
                                        halfWay(),
                                        " "
                                                + recoveryCodes
                                                        .get(3)
                                                        .toUpperCase(java.util.Locale.ROOT))
                                .status())
                .isEqualTo(303);
        assertThat(give(halfWay(), recoveryCodes.get(3)).status()).isEqualTo(401);
        assertThat(give(halfWay(), recoveryCodes.get(4)).status()).isEqualTo(303);
        assertThat(ada.page("/app/you").text()).contains("8 recovery codes left");
    }

    @Test
    void newRecoveryCodesMakeTheOldOnesWorthless() {
        var made = ada.post("/app/you/two-step/codes", Map.of("current", Person.PASSWORD));

        assertThat(Jsoup.parse(made.body()).select("#codes").text()).doesNotContain(recoveryCodes);
        assertThat(give(halfWay(), recoveryCodes.get(0)).status()).isEqualTo(401);
    }

    @Test
    void whoGuessesCodesIsStoppedAlsoWithTheRightOne() {
        var guesser = halfWay();
        for (int i = 0; i < 10; i++) {
            assertThat(give(guesser, "00000" + i).status()).isEqualTo(401);
        }

        assertThat(give(guesser, code()).status()).isEqualTo(429);
        assertThat(give(halfWay(), code()).status()).as("with a new start").isEqualTo(429);
        clock.advance(Duration.ofMinutes(16));
        assertThat(give(halfWay(), code()).status()).isEqualTo(303);
    }

    @Test
    void itIsNotTurnedOffNorOnWithoutThePassword() {
        assertThat(ada.post("/app/you/two-step/off", Map.of("current", "wrong")).status())
                .isEqualTo(422);
        assertThat(ada.post("/app/you/two-step/codes", Map.of("current", "wrong")).status())
                .isEqualTo(422);
        assertThat(new Person(http.port()).signIn(email, Person.PASSWORD).header("Location"))
                .isEqualTo("/app/sign-in/code");

        var other = new Person(http.port());
        other.signIn(newLogin(account, Role.VIEWER), Person.PASSWORD);
        assertThat(other.post("/app/you/two-step/begin", Map.of("current", "wrong")).status())
                .isEqualTo(422);
        assertThat(other.page("/app/you/two-step").select("#secret")).isEmpty();
    }

    @Test
    void turningItOnAndOffEndsAllOtherSessions() {
        var elsewhere = halfWay();
        give(elsewhere, code());

        ada.post("/app/you/two-step/off", Map.of("current", Person.PASSWORD));

        assertThat(elsewhere.get("/app").status()).isEqualTo(303);
        assertThat(ada.get("/app").status()).isEqualTo(200);
        assertThat(elsewhere.signIn(email, Person.PASSWORD).header("Location")).isEqualTo("/app");
        ada.post("/app/you/two-step/begin", Map.of("current", Person.PASSWORD));
        secret = ada.page("/app/you/two-step").select("#secret").text();
        assertThat(elsewhere.get("/app").status()).as("not before it is confirmed").isEqualTo(200);
        ada.post("/app/you/two-step/confirm", Map.of("code", code()));
        assertThat(elsewhere.get("/app").status()).isEqualTo(303);
    }

    @Test
    void theSecretIsSealedAndRecoveryCodesAreHashed() {
        String dump =
                single(
                        String.class,
                        "SELECT string_agg(encode(secret, 'escape'), ' ') FROM second_step WHERE account_id = ?",
                        account);
        assertThat(dump).isNotEmpty().doesNotContain(secret);
        assertThat(
                        single(
                                Integer.class,
                                "SELECT min(length(code_hash)) FROM recovery_code WHERE account_id = ?",
                                account))
                .isEqualTo(32);
    }

    @Test
    void anOwnerTurnsItOffForWhoLostThePhone() {
        var owner = new Person(http.port());
        owner.signIn(newLogin(account, Role.OWNER), Person.PASSWORD);
        String act =
                owner.page("/app/people")
                        .select("tr:contains(%s) form[action$=/two-step-off]".formatted(email))
                        .attr("action");

        assertThat(owner.post(act, Map.of()).body()).contains("Turn off two-step sign-in of");
        owner.post(act, Map.of("confirmed", "yes"));

        assertThat(ada.get("/app").status()).isEqualTo(303);
        assertThat(ada.signIn(email, Person.PASSWORD).header("Location")).isEqualTo("/app");
    }

    @Test
    void itIsAllInTheAuditLog() {
        give(halfWay(), "123456");
        give(halfWay(), recoveryCodes.get(0));
        ada.post("/app/you/two-step/off", Map.of("current", Person.PASSWORD));

        assertThat(ada.page("/app/people/log").select("tbody td .stranger").eachText())
                .contains(
                        "turned on two-step sign-in",
                        "failed to sign in: wrong code",
                        "used a recovery code",
                        "signed in with a code",
                        "turned off two-step sign-in");
    }

    private Person halfWay() {
        var person = new Person(http.port());
        person.signIn(email, Person.PASSWORD);
        return person;
    }

    private static Reply give(Person who, String code) {
        return who.enter("/app/sign-in/code", Map.of("code", code));
    }

    private String code() {
        return Totps.code(secret, clock.instant());
    }
}
