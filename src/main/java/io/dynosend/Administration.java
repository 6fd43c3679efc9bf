package io.dynosend;

import io.dynosend.account.Accounts;
import io.dynosend.account.Accounts.FirstAccount;
import io.dynosend.account.ApiToken;
import io.dynosend.account.ApiTokens;
import io.dynosend.account.AuditLog;
import io.dynosend.account.PasswordLinks;
import io.dynosend.account.Principal;
import io.dynosend.account.Quotas;
import io.dynosend.account.Role;
import io.dynosend.account.Scope;
import io.dynosend.account.TwoStep;
import io.dynosend.account.Users;
import io.dynosend.common.EmailAddress;
import io.dynosend.dashboard.PasswordPages;
import io.dynosend.database.Database;
import io.dynosend.database.EmbeddedPostgres;
import io.dynosend.database.Endpoint;
import io.dynosend.sending.LedgerHome;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Accounts, users and API tokens from the command line: {@code account}, {@code user}, {@code
 * token}, {@code quota}, {@code resume}. Works beside a running server and without one.
 */
final class Administration {

    private final Jdbi jdbi;
    private final PrintStream out;
    private final Accounts accounts;
    private final Users users;
    private final ApiTokens tokens;
    private final AuditLog audit;
    private final PasswordLinks links;
    private final Quotas quotas;

    private Administration(Jdbi jdbi, PrintStream out) {
        var clock = InstantSource.system();
        this.jdbi = jdbi;
        this.out = out;
        this.quotas = new Quotas(jdbi, clock);
        this.users = new Users(jdbi, clock);
        this.tokens = new ApiTokens(jdbi, clock);
        this.audit = new AuditLog(jdbi, clock);
        this.links = new PasswordLinks(jdbi, clock, users, audit);
        this.accounts = new Accounts(jdbi, clock, users, tokens);
    }

    /** Makes, lists and revokes API tokens. */
    static void token(Arguments arguments, PrintStream out) {
        String verb = arguments.word().orElse("create");
        switch (verb) {
            case "create" -> createToken(arguments, out);
            case "list" -> listTokens(arguments, out);
            case "revoke" -> revokeToken(arguments, out);
            default -> throw unknown("token", verb, "create, list and revoke");
        }
    }

    /** Adds, lists and removes users, changes their roles, and helps who forgot the password. */
    static void user(Arguments arguments, PrintStream out) {
        String verb = arguments.word().orElse("list");
        switch (verb) {
            case "add" -> addUser(arguments, out);
            case "list" -> listUsers(arguments, out);
            case "role" -> changeRole(arguments, out);
            case "remove" -> removeUser(arguments, out);
            case "link" -> linkUser(arguments, out);
            case "two-step-off" -> turnOffTwoStep(arguments, out);
            default ->
                    throw unknown("user", verb, "add, list, role, remove, link and two-step-off");
        }
    }

    /** Makes and lists accounts. */
    static void account(Arguments arguments, PrintStream out) {
        String verb = arguments.word().orElse("list");
        switch (verb) {
            case "create" -> createAccount(arguments, out);
            case "list" -> listAccounts(arguments, out);
            default -> throw unknown("account", verb, "create and list");
        }
    }

    /** Shows how many mails an account may send a month and has sent, and changes the former. */
    static void quota(Arguments arguments, PrintStream out) {
        var wanted = arguments.word();
        String account = arguments.option("--account").orElse(null);
        with(
                arguments,
                out,
                here -> {
                    long id = here.accountId(account);
                    wanted.ifPresent(text -> here.quotas.set(id, mails(text)));
                    var usage = here.quotas.of(id);
                    out.printf(
                            "%s: %,d mails used of %s%n",
                            usage.month(),
                            usage.used(),
                            usage.quota() == null ? "any number" : "%,d".formatted(usage.quota()));
                });
    }

    /** Goes on with what is held because the database comes from a backup. */
    static void resume(Arguments arguments, PrintStream out) {
        with(
                arguments,
                out,
                here ->
                        out.printf(
                                "%,d mailings go on that were held after a backup was restored%n",
                                LedgerHome.release(here.jdbi)));
    }

    private static @Nullable Long mails(String text) {
        if (text.equals("unlimited")) return null;
        if (text.matches("[0-9]{1,15}")) return Long.valueOf(text);
        throw new Config.Invalid("A quota is a number of mails a month, or unlimited");
    }

    private static void createToken(Arguments arguments, PrintStream out) {
        String name = arguments.option("--name").orElse("command line");
        String user = arguments.option("--user").orElse(null);
        var scopes = arguments.option("--scopes").map(Administration::scopes).orElse(allScopes());
        boolean readOnly = arguments.flag("--read-only");
        with(
                arguments,
                out,
                here -> {
                    var holder = here.holder(user);
                    out.println(
                            here.tokens.issue(
                                    new Principal(
                                            holder.account(),
                                            holder.user(),
                                            holder.role(),
                                            scopes,
                                            readOnly),
                                    name));
                    System.err.println("This token is shown once; only its hash is kept.");
                });
    }

    private static void listTokens(Arguments arguments, PrintStream out) {
        String user = arguments.option("--user").orElse(null);
        with(
                arguments,
                out,
                here -> {
                    row(out, "id", "token", "may", "last used", "name");
                    here.tokens.list(here.holder(user)).forEach(token -> here.show(token));
                });
    }

    private static void revokeToken(Arguments arguments, PrintStream out) {
        String id = arguments.word("the id of the token; token list shows it");
        String user = arguments.option("--user").orElse(null);
        if (!id.matches("[0-9]{1,18}")) throw new Config.Invalid("The id must be a number");
        with(
                arguments,
                out,
                here -> {
                    here.tokens.revoke(here.holder(user), Long.parseLong(id));
                    out.println("Revoked: its next request is refused.");
                });
    }

    private static void addUser(Arguments arguments, PrintStream out) {
        var email = email(arguments.word("an e-mail address"));
        var role = role(arguments.option("--role").orElse("marketer"));
        String given = arguments.option("--password").orElse(null);
        String account = arguments.option("--account").orElse(null);
        with(
                arguments,
                out,
                here -> {
                    String password = given == null ? Accounts.randomPassword() : given;
                    here.users.add(here.accountId(account), email, password, role);
                    out.printf("%s  password %s  role %s%n", email, password, role.wire());
                });
    }

    private static void listUsers(Arguments arguments, PrintStream out) {
        String account = arguments.option("--account").orElse(null);
        with(
                arguments,
                out,
                here -> {
                    here.users
                            .list(here.accountId(account))
                            .forEach(user ->
                                    out.printf("%-9s %s%n", user.role().wire(), user.email()));
                });
    }

    private static void changeRole(Arguments arguments, PrintStream out) {
        String email = arguments.word("the e-mail address of a user");
        var role = role(arguments.word("a role"));
        with(
                arguments,
                out,
                here -> {
                    here.users.changeRole(here.holder(email), role);
                    out.printf("%s is %s now%n", email, role.wire());
                });
    }

    private static void removeUser(Arguments arguments, PrintStream out) {
        String email = arguments.word("the e-mail address of a user");
        with(
                arguments,
                out,
                here -> {
                    here.users.remove(here.holder(email));
                    out.printf("%s is removed, with all their tokens%n", email);
                });
    }

    private static void linkUser(Arguments arguments, PrintStream out) {
        String email = arguments.word("the e-mail address of a user");
        with(
                arguments,
                out,
                here -> {
                    String key = here.links.make(here.holder(email), false);
                    out.println(PasswordPages.link("", key));
                    System.err.println(
                            "Open it on the server's address. It works once, within three days.");
                });
    }

    private static void turnOffTwoStep(Arguments arguments, PrintStream out) {
        String email = arguments.word("the e-mail address of a user");
        with(
                arguments,
                out,
                here -> {
                    TwoStep.turnOff(here.jdbi, here.audit, here.holder(email));
                    out.printf("%s signs in with the password alone now%n", email);
                });
    }

    private static void createAccount(Arguments arguments, PrintStream out) {
        String name = arguments.word("a name for the account");
        var owner = email(arguments.word("the e-mail address of its owner"));
        String password = arguments.option("--password").orElse(null);
        with(
                arguments,
                out,
                here -> {
                    var made = here.accounts.create(name, new FirstAccount(owner, password, null));
                    out.println("Shown once; only hashes are kept:");
                    out.printf("  %-10s %s%n", "API token", made.apiToken());
                    out.printf("  %-10s %s  password %s%n", "Login", made.email(), made.password());
                });
    }

    private static void listAccounts(Arguments arguments, PrintStream out) {
        with(
                arguments,
                out,
                here ->
                        here.accounts
                                .list()
                                .forEach(each -> out.printf("%s  %s%n", each.uid(), each.name())));
    }

    private static void with(Arguments arguments, PrintStream out, Consumer<Administration> task) {
        var config = Config.read(System.getenv(), arguments.rest());
        if (config.databaseUrl() != null) {
            with(Endpoint.parse(config.databaseUrl()), out, task);
            return;
        }
        var running = EmbeddedPostgres.running(config.data());
        if (running.isPresent()) {
            with(running.get(), out, task);
            return;
        }
        if (Files.notExists(config.data())) throw nothingHere();
        try (var postgres = EmbeddedPostgres.start(config.data())) {
            with(postgres.endpoint(), out, task);
        }
    }

    private static void with(Endpoint endpoint, PrintStream out, Consumer<Administration> task) {
        try (var database = Database.open(endpoint)) {
            task.accept(new Administration(Application.jdbi(database.dataSource()), out));
        }
    }

    /** The user of an address, or the owner of the first account. */
    private Principal holder(@Nullable String email) {
        if (email == null) return accounts.firstOwner().orElseThrow(Administration::nothingHere);
        return users.find(email(email))
                .orElseThrow(() -> new Config.Invalid("There is no user " + email));
    }

    private long accountId(@Nullable String uid) {
        if (uid == null) return holder(null).account();
        return accounts.find(uid)
                .orElseThrow(() -> new Config.Invalid("There is no account " + uid));
    }

    private void show(ApiToken token) {
        String may =
                token.scopes().equals(allScopes())
                        ? "all"
                        : token.scopes().stream()
                                .map(Scope::wire)
                                .sorted()
                                .collect(Collectors.joining(","));
        row(
                out,
                Long.toString(token.id()),
                token.prefix() + "…",
                token.readOnly() ? may + ", read only" : may,
                token.lastUsedAt() == null
                        ? "never"
                        : token.lastUsedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                token.name());
    }

    private static void row(PrintStream out, String... cells) {
        out.printf("%-5s %-10s %-26s %-21s %s%n", cells[0], cells[1], cells[2], cells[3], cells[4]);
    }

    private static EmailAddress email(String text) {
        if (!EmailAddress.isValid(text)) {
            throw new Config.Invalid("“%s” is not an e-mail address".formatted(text));
        }
        return new EmailAddress(text);
    }

    private static Role role(String text) {
        for (var role : Role.values()) {
            if (role.wire().equals(text)) return role;
        }
        throw new Config.Invalid("A role is one of owner, admin, marketer, viewer and api");
    }

    private static Set<Scope> scopes(String text) {
        return Scope.of(text.split(",", -1));
    }

    private static Set<Scope> allScopes() {
        return EnumSet.allOf(Scope.class);
    }

    private static Config.Invalid nothingHere() {
        return new Config.Invalid("There is no account yet; ./dynosend serve makes the first");
    }

    private static Config.Invalid unknown(String command, String verb, String known) {
        return new Config.Invalid("%s knows no “%s”; it knows %s".formatted(command, verb, known));
    }
}
