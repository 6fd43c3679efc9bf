package io.dynosend.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL of our own, whose binaries the jar carries and whose files lie in the data
 * folder: {@code postgres/cluster} is what to keep, all else there can be made again.
 *
 * <p>It listens on a free port of 127.0.0.1 and lets nobody in without the password that lies
 * beside the cluster, readable by its owner alone.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final String FOLDER = "postgres";

    /** What PostgreSQL's programs cannot have in a path, since they quote it for a shell by "…". */
    private static final Pattern NOT_IN_A_PATH = Pattern.compile("[\"$`\\\\\\p{Cntrl}]");

    private final FolderLock lock;
    private final Server server;
    private final Endpoint endpoint;
    private final CountDownLatch closed = new CountDownLatch(1);

    private EmbeddedPostgres(FolderLock lock, Server server, Endpoint endpoint) {
        this.lock = lock;
        this.server = server;
        this.endpoint = endpoint;
    }

    /**
     * Starts the server of a data folder, which is made when there is none, and keeps the folder to
     * this process until {@link #close} or the end of the process. A server that a killed process
     * left running on it is stopped first.
     *
     * @throws DatabaseUnavailable when another process has the folder, or the server cannot start
     */
    public static EmbeddedPostgres start(Path dataFolder) {
        try {
            checkName(dataFolder);
            Folders.createPrivate(dataFolder);
            var lock = FolderLock.take(dataFolder);
            try {
                return start(dataFolder.toRealPath().resolve(FOLDER), lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException | UncheckedIOException e) {
            throw unusable(dataFolder, e);
        }
    }

    /**
     * Where the server answers that another process runs on a data folder; empty when none does.
     * Starts and stops nothing.
     *
     * @throws DatabaseUnavailable when the folder cannot be read
     */
    public static Optional<Endpoint> running(Path dataFolder) {
        var cluster = new Cluster(dataFolder.resolve(FOLDER));
        try {
            var ready = Postmaster.on(cluster.data()).filter(Postmaster::ready);
            return ready.isEmpty()
                    ? Optional.empty()
                    : Optional.of(endpoint(ready.get().port(), cluster));
        } catch (IOException e) {
            throw unusable(dataFolder, e);
        }
    }

    /** Where it answers, and as whom to ask: its superuser. */
    public Endpoint endpoint() {
        return endpoint;
    }

    public String jdbcUrl() {
        return endpoint.jdbcUrl();
    }

    public String user() {
        return endpoint.user();
    }

    public String password() {
        return endpoint.password();
    }

    /**
     * Starts the server again, on the same port, whenever it ends without being told to: when the
     * system is out of memory, it is PostgreSQL that it kills. What was committed is there.
     */
    public void keepRunning() {
        Thread.ofVirtual().name("embedded-postgres").start(this::watch);
    }

    private void watch() {
        try {
            while (!closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) startIfGone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void startIfGone() {
        try {
            if (closed.getCount() == 0 || !server.gone()) return;
            log.error("The embedded PostgreSQL has ended; it is started again");
            server.startAgain();
            log.warn("The embedded PostgreSQL runs again; what was committed is there");
        } catch (IOException | DatabaseUnavailable e) {
            log.error("Next try in a second: {}", e.getMessage());
        }
    }

    /** Stops the server, which ends what is connected to it, and gives the data folder free. */
    @Override
    public synchronized void close() {
        closed.countDown();
        try (lock) {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkName(Path dataFolder) {
        if (NOT_IN_A_PATH.matcher(dataFolder.toAbsolutePath().toString()).find()) {
            throw new DatabaseUnavailable(
                    "The path of the data folder %s must not hold any of \" $ ` \\; set DYNOSEND_DATA to another folder"
                            .formatted(dataFolder));
        }
    }

    private static EmbeddedPostgres start(Path folder, FolderLock lock) throws IOException {
        Folders.createPrivate(folder);
        Folders.deleteUnfinished(folder);
        var programs = Programs.of(folder, PostgresBinaries.unpack(folder));
        var cluster = new Cluster(folder);
        cluster.make(programs);
        cluster.checkVersion();
        var server = new Server(cluster, programs);
        return new EmbeddedPostgres(lock, server, endpoint(server.start(), cluster));
    }

    private static Endpoint endpoint(int port, Cluster cluster) throws IOException {
        // Not localhost, which may resolve to ::1 first, where it does not listen.
        return new Endpoint(
                "jdbc:postgresql://127.0.0.1:%d/postgres?sslmode=disable".formatted(port),
                Cluster.USER,
                cluster.password());
    }

    private static DatabaseUnavailable unusable(Path dataFolder, Exception e) {
        return new DatabaseUnavailable(
                "Cannot use the data folder %s (%s); make it writable for this user or set DYNOSEND_DATA to another folder"
                        .formatted(dataFolder, reason(e)),
                e);
    }

    private static String reason(Throwable e) {
        return switch (e) {
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileSystemException file when file.getReason() == null ->
                    file.getClass().getSimpleName() + " " + file.getFile();
            default -> String.valueOf(e.getMessage());
        };
    }
}
