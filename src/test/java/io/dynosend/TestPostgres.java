package io.dynosend;

import io.dynosend.common.Uid;
import io.dynosend.database.Database;
import io.dynosend.database.EmbeddedPostgres;
import io.dynosend.database.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** One real PostgreSQL for all tests of a run, migrated; stopped and removed at its end. */
public final class TestPostgres {

    public static final Path FOLDER = folder();
    public static final EmbeddedPostgres SERVER = EmbeddedPostgres.start(FOLDER);
    public static final Database DATABASE = Database.open(SERVER.endpoint());

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(TestPostgres::end));
    }

    private TestPostgres() {}

    /**
     * An empty database of its own on the same server, for those whom the program's loops would
     * disturb.
     */
    public static Endpoint newDatabase() {
        String name = "test_" + Uid.random();
        Application.jdbi(DATABASE.dataSource())
                .useHandle(db -> db.execute("CREATE DATABASE " + name));
        var main = SERVER.endpoint();
        return new Endpoint(
                main.jdbcUrl().replaceFirst("/[^/?]+(?=$|\\?)", "/" + name),
                main.user(),
                main.password());
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("dynosend-test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end() {
        DATABASE.close();
        SERVER.close();
        try (var files = Files.walk(FOLDER)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
