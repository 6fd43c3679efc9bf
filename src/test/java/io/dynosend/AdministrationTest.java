package io.dynosend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.account.Accounts;
import io.dynosend.account.Accounts.FirstAccount;
import io.dynosend.account.ApiTokens;
import io.dynosend.account.Principal;
import io.dynosend.account.Role;
import io.dynosend.account.Scope;
import io.dynosend.account.Users;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.database.Database;
import io.dynosend.database.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./dynosend account}, {@code user} and {@code token}, on a database of their own. */
class AdministrationTest {

    private static final Endpoint ENDPOINT = TestPostgres.newDatabase();
    private static final Database DATABASE = Database.open(ENDPOINT);
    private static final Jdbi JDBI = Application.jdbi(DATABASE.dataSource());

    private final TestClock clock = new TestClock();
    private final ApiTokens tokens = new ApiTokens(JDBI, clock);
    private final Users users = new Users(JDBI, clock);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @BeforeEach
    void oneAccount() {
        JDBI.useHandle(db -> db.execute("TRUNCATE account CASCADE"));
        new Accounts(JDBI, clock, users, tokens)
                .create(
                        "Acme",
                        new FirstAccount(
                                new EmailAddress("owner@example.org"), "a long password", null));
    }

    @Test
    void aTokenMayDoWhatItsUserMay() {
        String token = token();

        assertThat(holder(token).role()).isEqualTo(Role.OWNER);
        assertThat(holder(token).scopes()).isEqualTo(EnumSet.allOf(Scope.class));
        assertThat(holder(token).readOnly()).isFalse();
    }

    @Test
    void aTokenCanBeNarrowed() {
        String token = token("create", "--scopes", "contacts,campaigns", "--read-only");

        assertThat(holder(token).scopes()).containsOnly(Scope.CONTACTS, Scope.CAMPAIGNS);
        assertThat(holder(token).readOnly()).isTrue();
        assertThatThrownBy(() -> token("create", "--scopes", "everything"))
                .hasMessageContaining("“everything” is no scope");
    }

    @Test
    void theListShowsPrefixAndLastUseAndNeverTheToken() {
        String token = token("create", "--name", "shop");
        holder(token);

        String list = run(Administration::token, "list");

        assertThat(list)
                .contains(token.substring(0, 8), "shop", "2026-01-01T10:00:00Z", "never")
                .doesNotContain(token);
    }

    @Test
    void aRevokedTokenIsRefusedAtOnce() {
        String token = token("create", "--name", "shop");
        var last = tokens.list(holder(token)).getLast();

        run(Administration::token, "revoke", Long.toString(last.id()));

        assertThat(tokens.holder(token)).isEmpty();
        assertThatThrownBy(() -> run(Administration::token, "revoke", Long.toString(last.id())))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void aUserIsAddedGetsTokensAnotherRoleAndIsRemovedWithTheTokens() {
        run(Administration::user, "add", "m@example.org", "--role", "marketer");
        String token = token("create", "--user", "m@example.org");
        assertThat(holder(token).role()).isEqualTo(Role.MARKETER);

        run(Administration::user, "role", "m@example.org", "viewer");
        assertThat(holder(token).role()).isEqualTo(Role.VIEWER);
        assertThat(run(Administration::user)).contains("viewer    m@example.org");

        run(Administration::user, "remove", "m@example.org");
        assertThat(tokens.holder(token)).isEmpty();
        assertThat(run(Administration::user)).doesNotContain("m@example.org");
    }

    @Test
    void thePasswordThatIsShownSignsIn() {
        String said = run(Administration::user, "add", "m@example.org");

        String password = said.replaceFirst("(?s).*password (\\S+).*", "$1");

        assertThat(users.signIn("m@example.org", password)).isPresent();
    }

    @Test
    void theLastOwnerStays() {
        assertThatThrownBy(() -> run(Administration::user, "remove", "owner@example.org"))
                .isInstanceOf(Conflict.class);
        assertThatThrownBy(() -> run(Administration::user, "role", "owner@example.org", "admin"))
                .isInstanceOf(Conflict.class);
        assertThat(run(Administration::user)).contains("owner     owner@example.org");
    }

    @Test
    void anotherAccountNeedsAnotherAddress() {
        assertThatThrownBy(() -> run(Administration::account, "create", "Two", "owner@example.org"))
                .isInstanceOf(Conflict.class)
                .hasMessage("There is a user with this email");
        assertThat(run(Administration::account, "list")).doesNotContain("Two");
    }

    @Test
    void anAddressSignsInOnce() {
        assertThatThrownBy(() -> run(Administration::user, "add", "owner@example.org"))
                .isInstanceOf(Conflict.class)
                .hasMessage("There is a user with this email");
    }

    @Test
    void aSecondAccountHasItsOwnOwnerAndToken() {
        String said = run(Administration::account, "create", "Second", "two@example.org");
        String token = said.replaceFirst("(?s).*API token +(\\S+).*", "$1");

        assertThat(holder(token).account()).isNotEqualTo(holder(token()).account());
        assertThat(run(Administration::account)).contains("Acme", "Second");
    }

    @Test
    void aQuotaIsSetShownAndLifted() {
        assertThat(run(Administration::quota)).contains(": 0 mails used of any number");
        assertThat(run(Administration::quota, "10000")).contains("0 mails used of 10,000");
        assertThat(run(Administration::quota)).contains("0 mails used of 10,000");
        assertThat(run(Administration::quota, "unlimited")).contains("of any number");
        refused(() -> run(Administration::quota, "many"), "A quota is a number of mails");
    }

    @Test
    void whatIsWrongIsSaidInOneLine(@TempDir Path folder) {
        refused(() -> run(Administration::token, "make"), "token knows no “make”; it knows");
        refused(() -> run(Administration::user, "add"), "This command needs an e-mail address");
        refused(() -> run(Administration::user, "add", "no"), "“no” is not an e-mail address");
        refused(() -> run(Administration::user, "role", "owner@example.org", "god"), "A role is");
        refused(() -> run(Administration::token, "revoke", "x"), "The id must be a number");
        refused(() -> run(Administration::token, "create", "--user"), "--user needs a value");
        refused(() -> run(Administration::token, "create", "--what"), "Unknown flag --what");
        refused(
                () ->
                        Administration.token(
                                new Arguments(List.of("--data", folder.resolve("none").toString())),
                                System.out),
                "There is no account yet; ./dynosend serve makes the first");
    }

    private static void refused(Runnable command, String message) {
        assertThatThrownBy(command::run)
                .isInstanceOf(Config.Invalid.class)
                .hasMessageStartingWith(message);
    }

    private Principal holder(String token) {
        return tokens.holder(token).orElseThrow();
    }

    private static String token(String... arguments) {
        return run(Administration::token, arguments).strip();
    }

    private static String run(BiConsumer<Arguments, PrintStream> command, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        String url =
                ENDPOINT.jdbcUrl()
                        .replace(
                                "jdbc:postgresql://",
                                "postgresql://%s:%s@"
                                        .formatted(ENDPOINT.user(), ENDPOINT.password()));
        all.addAll(List.of("--database-url", url));
        var out = new ByteArrayOutputStream();
        command.accept(new Arguments(all), new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
