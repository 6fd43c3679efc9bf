package io.dynosend;

import io.dynosend.account.Accounts.FirstAccount;
import io.dynosend.account.Passwords;
import io.dynosend.account.Principal;
import io.dynosend.account.Role;
import io.dynosend.account.Scope;
import io.dynosend.audience.ContactCounts;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Uid;
import io.dynosend.contact.ContactFigures;
import io.dynosend.dashboard.Dashboard;
import io.dynosend.tracking.EngagementHours;
import io.dynosend.tracking.Engagements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;

/**
 * The whole program on one PostgreSQL, started once for all test classes. Its relay is the built-in
 * mailbox. Every test has an account of its own.
 */
public abstract class DatabaseTest {

    // Thousands of accounts are made, and what a password costs to hash is a test of its own.
    protected static final Passwords CHEAP = new Passwords(64, 1);

    protected static final TestClock clock = new TestClock();
    protected static final TestDns dns = new TestDns();
    protected static final Jdbi jdbi = Application.jdbi(TestPostgres.DATABASE.dataSource());
    protected static final Application application =
            new Application(
                    Config.read(
                            Map.of(),
                            List.of(
                                    "--port",
                                    "0",
                                    "--bench",
                                    "true",
                                    "--dns-server",
                                    dns.address(),
                                    "--data",
                                    TestPostgres.FOLDER.toString())),
                    TestPostgres.DATABASE.dataSource(),
                    clock,
                    CHEAP);

    protected final Http http = new Http(application.port(), newAccount());

    @AfterEach
    void timeGoesBack() {
        clock.reset();
    }

    /** Does now what the server does now and then: sums up what has happened. */
    protected static void sumUp() {
        // What a round of the server's has claimed would be left to it.
        jdbi.useHandle(db -> db.execute("SELECT FROM contact_figures FOR UPDATE"));
        new ContactFigures(jdbi, clock).refresh();
        new ContactCounts(jdbi).fold();
        new EngagementHours(jdbi).fold();
    }

    /** The same program on the same database once more: a second node. */
    protected static Application anotherNode(String... flags) {
        var folder = TestPostgres.FOLDER.resolve("node-" + Uid.random());
        var all = new ArrayList<>(List.of("--port", "0", "--data", folder.toString()));
        all.addAll(List.of(flags));
        return new Application(
                Config.read(Map.of(), all), TestPostgres.DATABASE.dataSource(), clock, CHEAP);
    }

    protected static int port(Application node) {
        return node.port();
    }

    /** The verbs of every path of the API. */
    protected static Map<String, Set<String>> routes() {
        return application.api().verbs();
    }

    /** The user who signs in with this address. */
    protected static Principal user(String email) {
        return application.users().find(new EmailAddress(email)).orElseThrow();
    }

    /** What can be read of the dashboard, such as {@code /app/campaigns/{campaign}}. */
    protected static List<String> dashboardPages() {
        return doors().stream()
                .filter(door -> door.verb().equals("GET"))
                .map(Dashboard.Door::path)
                .toList();
    }

    /** Of the dashboard. */
    protected static List<Dashboard.Door> doors() {
        return application.dashboard().doors();
    }

    /** Whose token this is. */
    protected static Principal holder(String token) {
        return application.apiTokens().holder(token).orElseThrow();
    }

    /** A token of another user of the same account. */
    protected static String newUser(String tokenOfTheAccount, Role role) {
        long account = holder(tokenOfTheAccount).account();
        var email = new EmailAddress("user-%s@example.org".formatted(Uid.random()));
        var user = application.users().add(account, email, "a long password", role);
        return application.apiTokens().issue(user, "test");
    }

    /** Another user of an account, who signs in with "a long password"; their address. */
    protected static String newLogin(long account, Role role) {
        var email = new EmailAddress("user-%s@example.org".formatted(Uid.random()));
        application.users().add(account, email, "a long password", role);
        return email.value();
    }

    /** A token of the same user that is narrowed. */
    protected static String narrowed(String token, Set<Scope> scopes, boolean readOnly) {
        var user = holder(token);
        return application
                .apiTokens()
                .issue(
                        new Principal(user.account(), user.user(), user.role(), scopes, readOnly),
                        "test");
    }

    /** Another account; its API token. */
    protected static String newAccount() {
        var email = new EmailAddress("owner-%s@example.org".formatted(Uid.random()));
        return application
                .accounts()
                .create("Test", new FirstAccount(email, "a long password", null))
                .apiToken();
    }

    /** What the program does by itself every six hours. */
    protected static void forgetUnansweredRequests() {
        application.unansweredRequests().forget();
    }

    /** As the pages do that readers' links lead to. */
    protected static Engagements engagements() {
        return application.engagements();
    }

    protected static <T> T single(Class<T> type, String sql, Object... params) {
        return jdbi.withHandle(db -> db.select(sql, params).mapTo(type).one());
    }

    protected static void execute(String sql, Object... params) {
        jdbi.useHandle(db -> db.execute(sql, params));
    }
}
