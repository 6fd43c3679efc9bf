package io.dynosend;

import ch.qos.logback.classic.Level;
import io.dynosend.account.Accounts.Credentials;
import io.dynosend.common.Problem;
import io.dynosend.database.DatabaseUnavailable;
import io.dynosend.demo.Demo;
import io.dynosend.demo.History;
import io.dynosend.mailbox.MailboxServer;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command line: {@code serve}, {@code demo}, {@code mailbox}, and what {@link Administration}
 * does.
 */
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
        } catch (Config.Invalid | DatabaseUnavailable | Problem e) {
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
        var arguments = new Arguments(args.isEmpty() ? args : args.subList(1, args.size()));
        return switch (command) {
            case "serve" -> serve(arguments);
            case "demo" -> demo(arguments);
            case "account" -> administer(Administration::account, arguments);
            case "user" -> administer(Administration::user, arguments);
            case "token" -> administer(Administration::token, arguments);
            case "quota" -> administer(Administration::quota, arguments);
            case "resume" -> administer(Administration::resume, arguments);
            case "mailbox" -> mailbox(arguments);
            default -> {
                System.err.println("dynosend: unknown command; see ./dynosend help");
                yield 2;
            }
        };
    }

    private static int serve(Arguments arguments) throws InterruptedException {
        var server = Server.start(config(arguments));
        server.application().firstCredentials().ifPresent(Main::printOnce);
        server.application().setupLink().ifPresent(Main::printSetupLink);
        System.out.println("Dynosend serves " + server.application().baseUrl());
        server.serveUntilTold();
        return 0;
    }

    private static int demo(Arguments arguments) throws InterruptedException {
        boolean exit = arguments.flag("--exit");
        int contacts = arguments.number("--contacts", DEMO_CONTACTS, MOST_DEMO_CONTACTS);
        var config = config(arguments).forDemo();
        showOnlyWarnings();
        System.out.println("\n  Dynosend: the main job, end to end\n");
        var server = Server.start(config);
        var application = server.application();
        String token =
                server.application()
                        .firstCredentials()
                        .map(Credentials::apiToken)
                        .orElseGet(application::newToken);
        String local = "http://localhost:" + application.port();
        var demo = new Demo(local, token, System.out);
        var history = new History(local, token, server.jdbi(), System.out);
        // Once: a second demo in the same folder would live the same year again.
        boolean first = application.firstCredentials().isPresent();
        boolean addsUp = demo.run(contacts, first ? history::write : _ -> {});
        if (first) history.happen(demo.audience());
        if (exit) {
            server.close();
            return addsUp ? 0 : 1;
        }
        System.out.printf(
                "%n  %-13s %s/app%n  %-13s %s/mailbox%n  %-13s %s%n",
                "Dashboard",
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

    private static int mailbox(Arguments arguments) throws InterruptedException {
        int smtpPort = arguments.number("--smtp-port", MAILBOX_SMTP_PORT, MOST_PORTS);
        var config = config(arguments);
        try {
            MailboxServer.run(config.data(), smtpPort, config.port());
        } catch (UncheckedIOException e) {
            throw new Config.Invalid(e.getMessage() + "; is it taken?");
        }
        return 0;
    }

    private static int administer(BiConsumer<Arguments, PrintStream> command, Arguments arguments) {
        showOnlyWarnings();
        command.accept(arguments, System.out);
        return 0;
    }

    private static Config config(Arguments arguments) {
        return Config.read(System.getenv(), arguments.rest());
    }

    private static void printOnce(Credentials credentials) {
        System.out.println(
                "The first account is made. These are shown once; only hashes are kept:");
        System.out.printf("  %-13s %s%n", "API token", credentials.apiToken());
        printLogin(credentials);
    }

    private static void printSetupLink(String link) {
        System.out.printf("  %-13s %s%n", "Set it up at", link);
    }

    private static void printLogin(Credentials credentials) {
        System.out.printf(
                "  %-13s %s  password %s%n", "Login", credentials.email(), credentials.password());
    }
}
