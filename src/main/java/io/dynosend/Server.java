package io.dynosend;

import io.dynosend.database.Database;
import io.dynosend.database.EmbeddedPostgres;
import io.dynosend.database.Endpoint;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The whole program on its database: the embedded one, or the one that is configured. */
final class Server implements AutoCloseable {

    private final @Nullable EmbeddedPostgres postgres;
    private final Database database;
    private final Application application;
    private boolean closed;

    private Server(
            @Nullable EmbeddedPostgres postgres, Database database, Application application) {
        this.postgres = postgres;
        this.database = database;
        this.application = application;
    }

    /**
     * Starts database and application, and on the very first start makes the first account. When
     * the process is told to end, even while it starts, all of it ends cleanly.
     *
     * @throws io.dynosend.database.DatabaseUnavailable if there is no database to work on
     */
    static Server start(Config config) {
        var starting = new CompletableFuture<Server>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> closeWhenStarted(starting)));
        try {
            starting.complete(startNow(config));
        } finally {
            starting.cancel(false);
        }
        return starting.join();
    }

    private static void closeWhenStarted(CompletableFuture<Server> starting) {
        try {
            starting.join().close();
        } catch (CancellationException e) {
            return; // it has not started, and has cleared up by itself
        }
    }

    private static Server startNow(Config config) {
        String url = config.databaseUrl();
        if (url != null) return start(config, null, Endpoint.parse(url));

        var postgres = EmbeddedPostgres.start(config.data());
        try {
            var server = start(config, postgres, postgres.endpoint());
            postgres.keepRunning();
            return server;
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    private static Server start(
            Config config, @Nullable EmbeddedPostgres postgres, Endpoint endpoint) {
        var database = Database.open(endpoint);
        try {
            var application =
                    new Application(config, database.dataSource(), InstantSource.system());
            return new Server(postgres, database, application);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    Application application() {
        return application;
    }

    /** Its database, for what no verb does. */
    Jdbi jdbi() {
        return Application.jdbi(database.dataSource());
    }

    /** Serves until the process is told to end. */
    void serveUntilTold() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Whoever comes second waits for the first, and finds it done. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        application.close();
        database.close();
        if (postgres != null) postgres.close();
    }
}
