package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.DatabaseTest;
import io.dynosend.FreshServer;
import io.dynosend.Http.Reply;
import io.dynosend.Inbox;
import io.dynosend.SmtpSink;
import io.dynosend.account.PasswordLinks;
import io.dynosend.account.Role;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;

/** Whoever has forgotten the password, and whoever says so of somebody else. */
class ForgotTest extends DatabaseTest {

    private final long account = holder(http.token()).account();
    private final String email = newLogin(account, Role.OWNER);
    private final Inbox inbox = new Inbox(http, email);
    private final Person ada = new Person(http.port());

    @Test
    void aMailLeadsToANewPasswordOnce() throws Exception {
        ada.signIn(email, Person.PASSWORD);
        ask(email);

        String link = Inbox.link(inbox.message(), base() + "/welcome?key=");
        String key = link.substring(link.indexOf("key=") + 4);
        assertThat(http.get(link).body()).contains(email);
        assertThat(inbox.message().getFrom()[0].toString()).contains("no-reply@");
        assertThat(choose(key).status()).isEqualTo(303);

        assertThat(ada.get("/app").status()).as("sessions end").isEqualTo(303);
        assertThat(ada.signIn(email, "another password").status()).isEqualTo(303);
        assertThat(choose(key).status()).isEqualTo(404);
    }

    @Test
    void aKnownAndAnUnknownAddressGetTheSameAnswer() {
        var known = ask(email);
        var unknown = ask("nobody-" + email);

        assertThat(known.status()).isEqualTo(200).isEqualTo(unknown.status());
        assertThat(unknown.body().replace("nobody-" + email, ""))
                .isEqualTo(known.body().replace(email, ""));
        assertThat(Jsoup.parse(known.body()).text()).contains("If somebody signs in with");
    }

    @Test
    void theLinkIsTooOldAfterAnHourAndTheDatabaseHasItsHashOnly() {
        ask(email);
        String link = Inbox.link(inbox.message(), base() + "/welcome?key=");
        String key = link.substring(link.indexOf("key=") + 4);

        assertThat(
                        single(
                                Long.class,
                                "SELECT count(*) FROM password_link WHERE encode(key_hash, 'escape') LIKE '%' || ? || '%' OR key_hash = ?",
                                key,
                                key.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isZero();
        clock.advance(PasswordLinks.ASKED_FOR_GOOD_FOR.minusSeconds(1));
        assertThat(http.get(link).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(choose(key).status()).isEqualTo(404);
    }

    @Test
    void aForgedHostIsNotInTheMail() {
        ada.postWithout(
                "/app/forgot",
                Map.of("email", email),
                "X-Forwarded-Host",
                "evil.example",
                "X-Forwarded-Proto",
                "https",
                "Forwarded",
                "host=evil.example");
        Forged.post(
                http.port(), "evil.example", "/app/forgot", "email=" + email.replace("@", "%40"));

        for (var message : inbox.messages(2)) {
            assertThat(Inbox.everything(message)).contains(base() + "/").doesNotContain("evil");
        }
    }

    @Test
    void nobodyIsFloodedAndWhoAsksCannotTell() {
        for (int i = 0; i < 5; i++) {
            assertThat(ask(email).status()).isEqualTo(200);
        }
        String other = newLogin(account, Role.VIEWER);
        ask(other);

        new Inbox(http, other).messages(1);
        assertThat(inbox.messages(3)).hasSize(3);
    }

    @Test
    void oneNetworkAsksForTwentyAnHour() {
        execute("DELETE FROM sign_in_attempt");
        for (int i = 0; i < 20; i++) {
            assertThat(ask("nobody-%d-%s".formatted(i, email)).status()).isEqualTo(200);
        }

        assertThat(ask("another-" + email).status()).isEqualTo(429);
        clock.advance(Duration.ofMinutes(61));
        assertThat(ask("another-" + email).status()).isEqualTo(200);
    }

    @Test
    void askingMakesNoInvitationWorthless() {
        ada.signIn(email, Person.PASSWORD);
        var invited =
                ada.post("/app/people/invite", Map.of("email", "new-" + email, "role", "viewer"));
        String link = Jsoup.parse(invited.body()).select("#link").text();

        ask("new-" + email);
        new Inbox(http, "new-" + email).messages(2);

        assertThat(http.get(link).status()).isEqualTo(200);
    }

    @Test
    void anInvitationComesByMailFromTheSystemSender() throws Exception {
        ada.signIn(email, Person.PASSWORD);
        ada.post(
                "/app/settings",
                Map.of(
                        "name", "Example",
                        "sender_name", "Example Ltd",
                        "sender_email", "system@example.org"));

        ada.post("/app/people/invite", Map.of("email", "new-" + email, "role", "viewer"));

        var message = new Inbox(http, "new-" + email).message();
        assertThat(message.getFrom()[0].toString()).isEqualTo("Example Ltd <system@example.org>");
        assertThat(Inbox.text(message)).contains(email, "viewer");
        String link = Inbox.link(message, base() + "/welcome?key=");
        assertThat(http.get(link).body()).contains("Choose your password");
    }

    @Test
    void aResetGoesThroughTheOperatorsRelayWhateverTheAccountHas() throws Exception {
        try (var operators = new SmtpSink(Duration.ZERO);
                var accounts = new SmtpSink(Duration.ZERO);
                var server =
                        new FreshServer(
                                "--smtp-url", operators.url(), "--relay-hosts", host(accounts))) {
            var owner = new Person(server.port());
            String link = server.setUpLink();
            owner.enter(
                    "/welcome",
                    Map.of(
                            "key",
                            link.substring(link.indexOf("key=") + 4),
                            "name",
                            "Ada",
                            "email",
                            email,
                            "wanted",
                            Person.PASSWORD,
                            "again",
                            Person.PASSWORD));
            var own =
                    Map.of(
                            "host", "127.0.0.1",
                            "port", host(accounts).replaceFirst(".*:", ""),
                            "security", "starttls_if_offered");
            assertThat(owner.post("/app/relays/new", own).status()).isEqualTo(303);

            owner.postWithout("/app/forgot", Map.of("email", email));

            Await.until(
                    "the mail is out",
                    Duration.ofSeconds(20),
                    () -> operators.accepted().contains(email));
            assertThat(accounts.accepted()).isEmpty();
        }
    }

    private static String host(SmtpSink sink) {
        return sink.url().replace("smtp://", "");
    }

    @Test
    void aUserOnTheBlacklistOfAnAccountWithoutQuotaStillGetsTheMail() {
        execute("UPDATE account SET monthly_quota = 0 WHERE id = ?", account);
        ada.signIn(email, Person.PASSWORD);
        ada.post("/app/blacklist", Map.of("emails", email, "email", email));

        ask(email);

        assertThat(inbox.messages(1)).hasSize(1);
    }

    @Test
    void aResetDoesNotPassByTheSecondStep() {
        ada.signIn(email, Person.PASSWORD);
        ada.post("/app/you/two-step/begin", Map.of("current", Person.PASSWORD));
        String secret = ada.page("/app/you/two-step").select("#secret").text();
        ada.post("/app/you/two-step/confirm", Map.of("code", Totps.code(secret, clock.instant())));
        ask(email);
        String link = Inbox.link(inbox.message(), base() + "/welcome?key=");

        var bob = new Person(http.port());
        var chosen =
                bob.enter(
                        "/welcome",
                        Map.of(
                                "key", link.substring(link.indexOf("key=") + 4),
                                "wanted", "another password",
                                "again", "another password"));

        assertThat(chosen.header("Location")).isEqualTo("/app/sign-in/code");
        assertThat(bob.get("/app").status()).isEqualTo(303);
    }

    @Test
    void aPasswordThatIsEasyToGuessIsRefusedAtItsField() {
        ask(email);
        String link = Inbox.link(inbox.message(), base() + "/welcome?key=");
        String key = link.substring(link.indexOf("key=") + 4);

        assertThat(errors(key, "PassWord", "PassWord"))
                .containsExactly("This password is among the first that anybody tries");
        assertThat(errors(key, email.toUpperCase(Locale.ROOT), email.toUpperCase(Locale.ROOT)))
                .containsExactly("The password must not be your e-mail address");
        assertThat(errors(key, "aaaaaaaaaa", "aaaaaaaaaa"))
                .containsExactly("The password must not be one character again and again");
        assertThat(errors(key, "short", "other"))
                .containsExactly(
                        "The password must have 8 to 255 characters", "The two are not the same");
        assertThat(choose(key).status()).isEqualTo(303);
    }

    private List<String> errors(String key, String wanted, String again) {
        var refused =
                new Person(http.port())
                        .postWithout(
                                "/welcome", Map.of("key", key, "wanted", wanted, "again", again));
        assertThat(refused.status()).isEqualTo(422);
        return Jsoup.parse(refused.body()).select(".field .error").eachText();
    }

    @Test
    void aProgramGetsNoLink() {
        String program = newLogin(account, Role.API);
        ask(program);
        ask(email);

        inbox.messages(1);
        Await.until(
                "nothing is asked for",
                Duration.ofSeconds(5),
                () ->
                        single(
                                        Long.class,
                                        "SELECT count(*) FROM password_link WHERE account_id = ?",
                                        account)
                                == 1);
    }

    private Reply ask(String who) {
        return ada.postWithout("/app/forgot", Map.of("email", who));
    }

    private Reply choose(String key) {
        return new Person(http.port())
                .postWithout(
                        "/welcome",
                        Map.of(
                                "key", key,
                                "wanted", "another password",
                                "again", "another password"));
    }

    private String base() {
        return "http://localhost:" + http.port();
    }
}
