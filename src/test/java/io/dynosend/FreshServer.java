package io.dynosend;

import io.dynosend.database.Database;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server that starts for the first time, on an empty database. */
public final class FreshServer implements AutoCloseable {

    private final Database database = Database.open(TestPostgres.newDatabase());
    private final Application application;

    public FreshServer(String... flags) {
        var all = new ArrayList<>(List.of("--port", "0"));
        all.addAll(
                List.of(
                        "--data",
                        TestPostgres.FOLDER.resolve("fresh-" + System.nanoTime()).toString()));
        all.addAll(List.of(flags));
        application =
                new Application(
                        Config.read(Map.of(), all), database.dataSource(), InstantSource.system());
    }

    public int port() {
        return application.port();
    }

    /** As it is printed. */
    public String setUpLink() {
        return application.setupLink().orElseThrow();
    }

    @Override
    public void close() {
        application.close();
        database.close();
    }
}
