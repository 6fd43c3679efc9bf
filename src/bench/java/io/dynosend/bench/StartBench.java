package io.dynosend.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * How long {@code ./dynosend serve} takes, from the command to the first 200 of {@code GET
 * /health/ready}, and what memory it then has: first on an empty data folder, which includes
 * unpacking PostgreSQL and making its cluster, then on what that left. Reads {@code /proc}, so
 * Linux only.
 */
final class StartBench {

    private static final int STARTS = 5;
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(10);
    private static final Duration TO_SETTLE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * One start.
     *
     * @param ready milliseconds until it was
     * @param java resident memory of the Java process, in kB
     * @param postgres proportional memory of the PostgreSQL processes, in kB: what they share is
     *     counted once
     */
    private record Start(long ready, long java, long postgres) {}

    private StartBench() {}

    static void run() throws IOException, InterruptedException {
        var data = Files.createTempDirectory("dynosend-bench-");
        try {
            var first = start(data);
            System.out.printf("first start  ready after %,d ms%n", first.ready());
            var starts = new ArrayList<Start>();
            for (int i = 0; i < STARTS; i++) {
                starts.add(start(data));
            }
            report(starts);
        } finally {
            delete(data);
        }
    }

    private static Start start(Path data) throws IOException, InterruptedException {
        int port = freePort();
        long begin = System.nanoTime();
        var process =
                new ProcessBuilder(
                                "./dynosend",
                                "serve",
                                "--port=" + port,
                                "--data=" + data.resolve("data"))
                        .redirectErrorStream(true)
                        .redirectOutput(data.resolve("log").toFile())
                        .start();
        try {
            awaitReady(URI.create("http://127.0.0.1:%d/health/ready".formatted(port)), process);
            long ready = Duration.ofNanos(System.nanoTime() - begin).toMillis();
            Thread.sleep(TO_SETTLE);
            return new Start(
                    ready, Machine.kilobytes(process.pid(), "status", "VmRSS"), postgres(data));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static void awaitReady(URI uri, Process process)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!ready(uri)) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new IOException("It does not become ready; see what ./dynosend serve says");
            }
            Thread.sleep(BETWEEN_QUESTIONS);
        }
    }

    private static boolean ready(URI uri) {
        try {
            return ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    private static long postgres(Path data) throws IOException {
        var file = data.resolve("data/postgres/cluster/postmaster.pid");
        var server =
                ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst())).orElseThrow();
        long sum = 0;
        for (var process : Stream.concat(Stream.of(server), server.children()).toList()) {
            sum += Machine.kilobytes(process.pid(), "smaps_rollup", "Pss");
        }
        return sum;
    }

    private static void report(List<Start> starts) {
        long ready = show("ready", "ms", starts, Start::ready);
        long java = show("Java", "MB", starts, start -> start.java() / 1024);
        long postgres = show("PostgreSQL", "MB", starts, start -> start.postgres() / 1024);
        System.out.printf(
                "{\"bench\":\"start\",\"ready_ms\":%d,\"rss_mb\":%d,\"postgres_mb\":%d}%n",
                ready, java, postgres);
    }

    /** Shows one figure of all starts, and returns its median. */
    private static long show(
            String name, String unit, List<Start> starts, ToLongFunction<Start> figure) {
        var sorted = starts.stream().mapToLong(figure).sorted().toArray();
        long median = sorted[sorted.length / 2];
        System.out.printf(
                "%-12s min %,d, median %,d, max %,d %s%n",
                name, sorted[0], median, sorted[sorted.length - 1], unit);
        return median;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
