package io.dynosend.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The server that runs on a cluster, as PostgreSQL's {@code postmaster.pid} tells of it.
 *
 * @param port where it listens; 0 as long as it has not said so
 * @param ready whether it takes connections
 */
record Postmaster(int port, boolean ready) {

    private static final String FILE = "postmaster.pid";

    /** Its lines, counted from 0. PostgreSQL's {@code utils/pidfile.h} numbers them from 1. */
    private static final int PID = 0;

    private static final int PORT = 3;
    private static final int STATUS = 7;

    /**
     * Empty when no server runs on the cluster. A file that names a dead process, or one that after
     * a reboot got the pid of the server, does not make one.
     */
    static Optional<Postmaster> on(Path cluster) throws IOException {
        var lines = lines(cluster);
        var process = process(lines);
        if (process.isEmpty() || !serves(process.get(), cluster)) {
            return Optional.empty();
        }
        if (lines.size() <= STATUS) {
            return Optional.of(new Postmaster(0, false));
        }
        return Optional.of(
                new Postmaster(
                        Integer.parseInt(lines.get(PORT)),
                        lines.get(STATUS).strip().equals("ready")));
    }

    /**
     * Removes a file that names a living process that is not the server: PostgreSQL would take that
     * process for it and refuse to start. One that names a dead process it replaces by itself,
     * after it has made sure with the help of the file that no part of that server lives on.
     */
    static void forgetStranger(Path cluster) throws IOException {
        var process = process(lines(cluster));
        if (process.isPresent() && !serves(process.get(), cluster)) {
            Files.deleteIfExists(cluster.resolve(FILE));
        }
    }

    /**
     * What a server has on its command line to be told by: which folder it serves, in a way that
     * renaming the folder does not change and that a copy of it does not share.
     */
    static String mark(Path cluster) throws IOException {
        var attributes = Files.readAttributes(cluster, "unix:dev,ino");
        return "cluster_name=dynosend-%s-%s"
                .formatted(attributes.get("dev"), attributes.get("ino"));
    }

    private static List<String> lines(Path cluster) throws IOException {
        try {
            return Files.readAllLines(cluster.resolve(FILE));
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    private static Optional<ProcessHandle> process(List<String> lines) {
        return lines.stream()
                .limit(PID + 1)
                .filter(pid -> pid.matches("\\d{1,10}"))
                .findFirst()
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)));
    }

    private static boolean serves(ProcessHandle process, Path cluster) throws IOException {
        var arguments = process.info().arguments().orElse(new String[0]);
        return Arrays.asList(arguments).contains(mark(cluster));
    }
}
