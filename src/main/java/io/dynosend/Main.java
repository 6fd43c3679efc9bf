package io.dynosend;

import ch.qos.logback.classic.Level;
import io.dynosend.account.Accounts;
import io.dynosend.account.Accounts.Credentials;
import io.dynosend.account.ApiTokens;
import io.dynosend.account.Users;
import io.dynosend.database.Database;
import io.dynosend.database.DatabaseUnavailable;
import io.dynosend.database.EmbeddedPostgres;
import io.dynosend.database.Endpoint;
import io.dynosend.demo.Demo;
import io.dynosend.mailbox.MailboxServer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command line: {@code serve}, {@code demo}, {@code token}, {@code mailbox}. */
public final class Main {

    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private static final int MAILBOX_SMTP_PORT = 1025;
    private static final int DEMO_CONTACTS = 2_000;
    private static final int MOST_PORTS = 65_535;
    private static final int MOST_DEMO_CONTACTS = 5_000_000;

    private Main() {}

    public static void main(String[] args) throws Exception {
        try {
            System.exit(run(List.of(args)));
        } catch (Config.Invalid | DatabaseUnavailable e) {
            System.err.println("dynosend: " + e.getMessage());
            System.exit(1);
        } catch (RuntimeException e) {
            // Threads that serve would keep a program alive that has failed.
            log.error("Dynosend ends: it has met a bug", e);
            System.exit(1);
        }
    }

    private static int run(List<String> args) throws InterruptedException {
        String command = args.isEmpty() ? "" : args.getFirst();
        var flags = new ArrayList<>(args.isEmpty() ? args : args.subList(1, args.size()));
        return switch (command) {
            case "serve" -> serve(flags);
            case "demo" -> demo(flags);
            case "token" -> token(flags);
            case "mailbox" -> mailbox(flags);
            default -> {
                System.err.println("dynosend: unknown command; see ./dynosend help");
                yield 2;
            }
        };
    }

    private static int serve(List<String> flags) throws InterruptedException {
        var server = Server.start(config(flags));
        server.application().firstCredentials().ifPresent(Main::printOnce);
        System.out.println("Dynosend serves " + server.application().baseUrl());
        server.serveUntilTold();
        return 0;
    }

    private static int demo(List<String> flags) throws InterruptedException {
        boolean exit = flags.remove("--exit");
        int contacts = number(flags, "--contacts", DEMO_CONTACTS, MOST_DEMO_CONTACTS);
        var config = config(flags).forDemo();
        showOnlyWarnings();
        System.out.println("\n  Dynosend: the main job, end to end\n");
        var server = Server.start(config);
        var application = server.application();
        String token =
                server.application()
                        .firstCredentials()
                        .map(Credentials::apiToken)
                        .orElseGet(application::newToken);
        boolean addsUp =
                new Demo("http://localhost:" + application.port(), token, System.out).run(contacts);
        if (exit) {
            server.close();
            return addsUp ? 0 : 1;
        }
        System.out.printf(
                "  %-13s %s%n  %-13s %s/mailbox%n  %-13s %s%n",
                "Server",
                application.baseUrl(),
                "Mailbox",
                application.baseUrl(),
                "API token",
                token);
        server.application().firstCredentials().ifPresent(Main::printLogin);
        System.out.printf("%n  Ctrl-C ends it; what it made stays in %s%n", config.data());
        server.serveUntilTold();
        return 0;
    }

    // The demo tells its story itself.
    private static void showOnlyWarnings() {
        var root = LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        if (root instanceof ch.qos.logback.classic.Logger logback) logback.setLevel(Level.WARN);
    }

    /** A new API token of the first account's owner, whether the server is running or not. */
    private static int token(List<String> flags) {
        var config = config(flags);
        var running =
                config.databaseUrl() == null
                        ? EmbeddedPostgres.running(config.data())
                        : Optional.of(Endpoint.parse(config.databaseUrl()));
        if (running.isPresent()) return printNewToken(running.get());
        try (var postgres = EmbeddedPostgres.start(config.data())) {
            return printNewToken(postgres.endpoint());
        }
    }

    private static int printNewToken(Endpoint endpoint) {
        try (var database = Database.open(endpoint)) {
            var jdbi = Application.jdbi(database.dataSource());
            var tokens = new ApiTokens(jdbi, InstantSource.system());
            var users = new Users(jdbi, InstantSource.system());
            var owner = new Accounts(jdbi, InstantSource.system(), users, tokens).firstOwner();
            if (owner.isEmpty()) {
                System.err.println(
                        "dynosend: there is no account yet; ./dynosend serve makes the first");
                return 1;
            }
            System.out.println(tokens.issue(owner.get(), "command line"));
            System.err.println("This token is shown once; only its hash is kept.");
            return 0;
        }
    }

    private static int mailbox(List<String> flags) throws InterruptedException {
        int smtpPort = number(flags, "--smtp-port", MAILBOX_SMTP_PORT, MOST_PORTS);
        var config = config(flags);
        MailboxServer.run(config.data(), smtpPort, config.port());
        return 0;
    }

    private static Config config(List<String> flags) {
        return Config.read(System.getenv(), flags);
    }

    /** Takes a flag of one command out of the flags that are left for the configuration. */
    private static int number(List<String> flags, String name, int otherwise, int most) {
        for (int i = 0; i < flags.size(); i++) {
            String flag = flags.get(i);
            if (flag.equals(name) && i + 1 < flags.size()) {
                flags.remove(i);
                return number(name, flags.remove(i), most);
            }
            if (flag.startsWith(name + "=")) {
                return number(name, flags.remove(i).substring(name.length() + 1), most);
            }
        }
        return otherwise;
    }

    private static int number(String name, String text, int most) {
        if (text.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) return number;
        }
        throw new Config.Invalid("%s must be a whole number from 1 to %d".formatted(name, most));
    }

    private static void printOnce(Credentials credentials) {
        System.out.println(
                "The first account is made. These are shown once; only hashes are kept:");
        System.out.printf("  %-13s %s%n", "API token", credentials.apiToken());
        printLogin(credentials);
    }

    private static void printLogin(Credentials credentials) {
        System.out.printf(
                "  %-13s %s  password %s%n", "Login", credentials.email(), credentials.password());
    }
}
