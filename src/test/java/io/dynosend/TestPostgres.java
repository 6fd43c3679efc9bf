package io.dynosend;

import io.dynosend.database.Database;
import io.dynosend.database.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One real PostgreSQL for all tests of a run, migrated; stopped and removed at its end. */
public final class TestPostgres {

    public static final Path FOLDER = folder();
    public static final EmbeddedPostgres SERVER = EmbeddedPostgres.start(FOLDER);
    public static final Database DATABASE = Database.open(SERVER.endpoint());

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(TestPostgres::end));
    }

    private TestPostgres() {}

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
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
