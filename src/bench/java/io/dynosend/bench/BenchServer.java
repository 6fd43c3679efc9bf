package io.dynosend.bench;

import io.dynosend.database.EmbeddedPostgres;
import io.dynosend.database.Endpoint;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code ./dynosend serve} as a process of its own, with the launcher's flags, on an empty data
 * folder that goes with it. The rate limit is lifted.
 */
final class BenchServer implements AutoCloseable {

    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String TOKEN = "bench-".repeat(8);

    private final Path folder;
    private final Process process;
    private final int port;

    private BenchServer(Path folder, Process process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /**
     * @param flags of {@code serve} besides the port and the data
     */
    static BenchServer start(String... flags) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("dynosend-bench-");
        int port = freePort();
        var words =
                new ArrayList<>(
                        List.of(
                                "./dynosend",
                                "serve",
                                "--port=" + port,
                                "--data=" + folder.resolve("data")));
        words.addAll(List.of(flags));
        var command =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
        command.environment().put("DYNOSEND_BENCH", "true");
        command.environment().put("DYNOSEND_API_TOKEN", TOKEN);
        // For the server's JVM alone, such as -XX:StartFlightRecording=filename=server.jfr
        var options = System.getenv("SERVER_JAVA_OPTIONS");
        if (options != null) command.environment().put("JDK_JAVA_OPTIONS", options);
        var server = new BenchServer(folder, command.start(), port);
        try {
            server.awaitReady();
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    int port() {
        return port;
    }

    /** Of the first account's owner. */
    String token() {
        return TOKEN;
    }

    Path folder() {
        return folder;
    }

    /** Of the embedded PostgreSQL. */
    Endpoint endpoint() {
        return EmbeddedPostgres.running(folder.resolve("data")).orElseThrow();
    }

    Connection connect() throws SQLException {
        var endpoint = endpoint();
        return DriverManager.getConnection(
                endpoint.jdbcUrl(), endpoint.user(), endpoint.password());
    }

    /** What the Java process has used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** What PostgreSQL's processes have used so far, those that have ended too. */
    Duration databaseCpu() throws IOException {
        var file = folder.resolve("data/postgres/cluster/postmaster.pid");
        long postmaster = Long.parseLong(Files.readAllLines(file).getFirst().strip());
        return Machine.cpuOfFamily(postmaster);
    }

    /** The most memory that the Java process has had, in MB. */
    long peakMegabytes() throws IOException {
        return Machine.kilobytes(process.pid(), "status", "VmHWM") / 1024;
    }

    /** Stops the server and deletes all that it kept. */
    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        var health = URI.create("http://127.0.0.1:%d/health/ready".formatted(port));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady(health)) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new IOException(
                        "The server does not become ready:\n"
                                + Files.readString(folder.resolve("log")));
            }
            Thread.sleep(BETWEEN_QUESTIONS);
        }
    }

    private static boolean isReady(URI health) {
        try {
            return ((HttpURLConnection) health.toURL().openConnection()).getResponseCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
