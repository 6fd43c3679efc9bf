package io.dynosend.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the programs of PostgreSQL in its folder, as a user that they accept. They refuse root, so
 * that root runs them in a user namespace where it is nobody and, where the system forbids such
 * namespaces, as another user.
 */
final class Programs {

    private static final String ROOT = "root";

    /** Whom root hands the folder to when it cannot run PostgreSQL itself. */
    private static final String UNPRIVILEGED = "nobody";

    private final Path folder;
    private final Path home;
    private final List<String> runner;

    private Programs(Path folder, Path home, List<String> runner) {
        this.folder = folder;
        this.home = home;
        this.runner = runner;
    }

    /**
     * Finds out as whom to run them.
     *
     * @param folder where they run: paths that they are given are relative to it, which spares them
     *     the names that a shell would read as more than a name
     * @param home holds {@code bin}
     */
    static Programs of(Path folder, Path home) throws IOException {
        return new Programs(folder, home, runner(folder));
    }

    /** Starts a program; its output and errors come as one. */
    Process begin(String program, String... arguments) throws IOException {
        var command = new ArrayList<>(runner);
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return process(command).directory(folder.toFile()).start();
    }

    /**
     * Runs a program to its end.
     *
     * @throws DatabaseUnavailable when it fails, with the last line it said
     */
    void run(String program, String... arguments) throws IOException {
        var process = begin(program, arguments);
        var said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        if (process.onExit().join().exitValue() != 0) {
            throw new DatabaseUnavailable(
                    "The embedded PostgreSQL's %s failed in %s: %s"
                            .formatted(
                                    program, folder, said.substring(said.lastIndexOf('\n') + 1)));
        }
    }

    /** Whether a command is here and ends well. */
    static boolean works(String... command) {
        try {
            return process(List.of(command)).start().onExit().join().exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static List<String> runner(Path folder) throws IOException {
        if (!ROOT.equals(System.getProperty("user.name"))) {
            return List.of();
        }
        var owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
        if (!ROOT.equals(owner.getName())) {
            return as(owner);
        }
        if (works("unshare", "--user", "true")) {
            return List.of("unshare", "--user");
        }
        return as(handedOver(folder));
    }

    private static List<String> as(UserPrincipal user) {
        if (!works("runuser", "--version")) {
            throw new DatabaseUnavailable(
                    "PostgreSQL refuses to run as root, and runuser (util-linux) is not here to run it as %s; start Dynosend as another user"
                            .formatted(user.getName()));
        }
        return List.of("runuser", "-u", user.getName(), "--");
    }

    private static UserPrincipal handedOver(Path folder) throws IOException {
        var user =
                folder.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(UNPRIVILEGED);
        // The data folder is closed to others; to reach its own inside, PostgreSQL must pass.
        var dataFolder = folder.getParent();
        var permissions = Files.getPosixFilePermissions(dataFolder);
        permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        Files.setPosixFilePermissions(dataFolder, permissions);
        Folders.handOver(folder, user);
        return user;
    }

    private static ProcessBuilder process(List<String> command) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Nothing of ours: no password that we were given, no PG… variable that they would obey.
        builder.environment().clear();
        builder.environment()
                .putAll(
                        Map.of(
                                "PATH",
                                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                "LC_ALL",
                                "C"));
        return builder;
    }
}
