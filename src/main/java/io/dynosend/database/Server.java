package io.dynosend.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The server of a cluster: started and stopped by pg_ctl, which gives it a session of its own. */
final class Server {

    private static final String LOG = "server.log";
    private static final long LONGEST_LOG = 1 << 20;

    private static final int PORTS_TO_TRY = 5;
    private static final String PORT_TAKEN = "could not create any TCP/IP sockets";

    /**
     * After a crash it first replays its log, which at its longest can take a slow disk minutes.
     */
    private static final Duration TO_START = Duration.ofMinutes(5);

    private static final Duration TO_STOP = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    private final Cluster cluster;
    private final Programs programs;

    Server(Cluster cluster, Programs programs) {
        this.cluster = cluster;
        this.programs = programs;
    }

    /**
     * Starts it on a free port of 127.0.0.1 and waits until it takes connections. Nobody else may
     * be starting it: the caller holds the {@link FolderLock}.
     *
     * <p>A server that still runs, because its Dynosend was killed, is stopped and not taken over:
     * so it always runs with the binaries and the settings of this version, and there is only one
     * way to start.
     *
     * @return the port
     */
    int start() throws IOException {
        stop();
        Postmaster.forgetStranger(cluster.data());
        turnLog();
        for (int tries = 1; ; tries++) {
            int port = freePort();
            cluster.configure(port);
            long logged = logLength();
            if (starts()) {
                return port;
            }
            var failure = failureSince(logged);
            if (!failure.contains(PORT_TAKEN) || tries == PORTS_TO_TRY) {
                throw new DatabaseUnavailable(
                        "The embedded PostgreSQL does not start: %s; more is in %s"
                                .formatted(failure, log()));
            }
        }
    }

    /**
     * Starts it once more after it has ended without being told to, where it was.
     *
     * @throws DatabaseUnavailable if it does not start; it may later
     */
    void startAgain() throws IOException {
        Postmaster.forgetStranger(cluster.data());
        long logged = logLength();
        if (!starts()) {
            throw new DatabaseUnavailable(
                    "The embedded PostgreSQL does not start: %s; more is in %s"
                            .formatted(failureSince(logged), log()));
        }
    }

    /** Whether no server runs on the cluster. */
    boolean gone() throws IOException {
        return Postmaster.on(cluster.data()).isEmpty();
    }

    /** Stops it if it runs, open transactions or not, and waits until it is gone. */
    void stop() throws IOException {
        if (gone()) {
            return;
        }
        pgCtlStop("fast");
        if (!goneWithin(TO_STOP)) {
            pgCtlStop("immediate");
            if (!goneWithin(TO_STOP)) {
                throw new DatabaseUnavailable(
                        "The embedded PostgreSQL in %s does not stop; end its process, the first line of %s"
                                .formatted(
                                        cluster.folder(),
                                        cluster.data().resolve("postmaster.pid")));
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** False when it ended before it was ready. */
    private boolean starts() throws IOException {
        var starting =
                programs.begin(
                        "pg_ctl",
                        "start",
                        "--pgdata=" + Cluster.NAME,
                        "--log=" + LOG,
                        "--options=-c " + Postmaster.mark(cluster.data()),
                        "--timeout=" + TO_START.toSeconds(),
                        "--wait",
                        "--silent");
        // pg_ctl looks ten times a second; looking ourselves saves half of that on average.
        while (starting.isAlive()) {
            if (ready()) {
                return true;
            }
            pause();
        }
        return ready();
    }

    private boolean ready() throws IOException {
        return Postmaster.on(cluster.data()).filter(Postmaster::ready).isPresent();
    }

    private void pgCtlStop(String mode) throws IOException {
        programs.begin(
                        "pg_ctl",
                        "stop",
                        "--pgdata=" + Cluster.NAME,
                        "--mode=" + mode,
                        "--no-wait",
                        "--silent")
                .onExit()
                .join();
    }

    private boolean goneWithin(Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (!gone()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() {
        LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }

    private Path log() {
        return cluster.folder().resolve(LOG);
    }

    private long logLength() throws IOException {
        return Files.exists(log()) ? Files.size(log()) : 0;
    }

    /** Keeps the log and the one before it; a start is often enough for the little that it says. */
    private void turnLog() throws IOException {
        if (logLength() > LONGEST_LOG) {
            Files.move(log(), log().resolveSibling(LOG + ".1"), REPLACE_EXISTING);
        }
    }

    private String failureSince(long logged) throws IOException {
        if (Files.notExists(log())) {
            return "it said nothing";
        }
        try (var said = Files.newInputStream(log())) {
            said.skipNBytes(logged);
            var lines = new String(said.readAllBytes(), UTF_8).strip().lines().toList();
            return lines.stream()
                    .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
                    .reduce((_, later) -> later)
                    .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast())
                    .replaceFirst("^.*(FATAL|PANIC): *", "");
        }
    }
}
