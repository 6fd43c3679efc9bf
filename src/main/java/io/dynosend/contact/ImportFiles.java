package io.dynosend.contact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The files of imports, in the database so that any node can go on with them. */
final class ImportFiles {

    private static final int PIECE = 1 << 20;

    /** Bytes of {@link #withBeginning}. */
    static final int BEGINNING = PIECE;

    private static final String KEEP =
            """
            INSERT INTO contact_import_file (account_id, import_id, piece, content)
            VALUES (:account, :import, :piece, :content)
            """;

    private static final String READ =
            """
            SELECT content
            FROM contact_import_file
            WHERE account_id = :account AND import_id = :import AND piece = :piece
            """;

    private static final String FORGET =
            "DELETE FROM contact_import_file WHERE account_id = :account AND import_id = :import";

    private final Jdbi jdbi;

    ImportFiles(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    static void keep(Handle tx, long account, long importId, Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] piece = in.readNBytes(PIECE);
            for (int number = 0; piece.length > 0; number++) {
                tx.createUpdate(KEEP)
                        .bind("account", account)
                        .bind("import", importId)
                        .bind("piece", number)
                        .bind("content", piece)
                        .execute();
                piece = in.readNBytes(PIECE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void forget(Handle tx, long account, long importId) {
        tx.createUpdate(FORGET).bind("account", account).bind("import", importId).execute();
    }

    /** Lets somebody read the first megabyte, in a file that is gone after. */
    <T> T withBeginning(long account, long importId, Function<Path, T> reader) {
        return with(account, importId, 1, reader);
    }

    /** As above, of all of it. */
    <T> T withFile(long account, long importId, Function<Path, T> reader) {
        return with(account, importId, Integer.MAX_VALUE, reader);
    }

    private <T> T with(long account, long importId, int pieces, Function<Path, T> reader) {
        try {
            var file = Files.createTempFile("dynosend-import-", ".csv");
            try {
                write(account, importId, pieces, file);
                return reader.apply(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(long account, long importId, int pieces, Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            for (int number = 0; number < pieces; number++) {
                int wanted = number;
                var piece =
                        jdbi.withHandle(db ->
                                db.createQuery(READ)
                                        .bind("account", account)
                                        .bind("import", importId)
                                        .bind("piece", wanted)
                                        .mapTo(byte[].class)
                                        .findOne());
                if (piece.isEmpty()) return;
                out.write(piece.get());
            }
        }
    }
}
