package io.dynosend.faults;

import io.dynosend.Await;
import io.dynosend.Http;
import io.dynosend.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One server of a process of its own, which may be started again and again. */
final class Node {

    static final String TOKEN = "a-token-for-the-faults-of-the-suite";

    private final Path folder;
    private final String database;
    private final String relay;
    private final int port = freePort();
    private final Http http = new Http(port, TOKEN);
    private @Nullable Process process;

    /**
     * @param database empty: the embedded one
     */
    Node(Path folder, String database, String relay) {
        this.folder = folder;
        this.database = database;
        this.relay = relay;
    }

    /** Returns when it answers. */
    Node start() throws IOException {
        var builder =
                ServerProcess.serve()
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        new File(folder.toFile(), "node-" + port + ".log")));
        builder.environment()
                .putAll(
                        Map.of(
                                "DYNOSEND_PORT",
                                Integer.toString(port),
                                "DYNOSEND_DATA",
                                data().toString(),
                                "DYNOSEND_SMTP_URL",
                                relay,
                                "DYNOSEND_BENCH",
                                "true",
                                "DYNOSEND_API_TOKEN",
                                TOKEN));
        if (!database.isEmpty()) builder.environment().put("DYNOSEND_DATABASE_URL", database);
        process = builder.start();
        Await.until("the server is ready", Duration.ofSeconds(90), this::isReady);
        return this;
    }

    Path data() {
        return folder.resolve("node-" + port);
    }

    Http http() {
        return http;
    }

    /** Without a warning: SIGKILL. */
    void kill() throws InterruptedException {
        if (process != null) process.destroyForcibly().waitFor();
    }

    /** Does not wait for its end; of the threads that a script runs on. */
    void killAtOnce() {
        if (process != null) process.destroyForcibly();
    }

    /** Tells it to end, and waits for it: SIGTERM. */
    void terminate() throws InterruptedException {
        if (process == null) return;
        process.destroy();
        process.waitFor();
    }

    /** As if its machine stood still: SIGSTOP; SIGCONT goes on. */
    void signal(String name) throws IOException, InterruptedException {
        if (process == null) return;
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    boolean runs() {
        return process != null && process.isAlive();
    }

    boolean isReady() {
        try {
            return http.get("/health/ready").status() == 200;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
