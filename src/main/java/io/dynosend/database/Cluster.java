package io.dynosend.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A cluster, which is PostgreSQL's word for the files of one server, and the password to it.
 *
 * @param folder holds the cluster in {@code cluster} and the password in {@code password}
 */
record Cluster(Path folder) {

    static final String NAME = "cluster";
    static final String USER = "dynosend";

    private static final String PASSWORD = "password";
    private static final int PASSWORD_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The files themselves. */
    Path data() {
        return folder.resolve(NAME);
    }

    String password() throws IOException {
        return Files.readString(folder.resolve(PASSWORD)).strip();
    }

    /** Makes the cluster when there is none: under its own name only when it is whole. */
    void make(Programs programs) throws IOException {
        if (Files.exists(data())) {
            return;
        }
        makePassword();
        var unfinished = Folders.UNFINISHED + randomHex(Long.BYTES);
        programs.run(
                "initdb",
                "--pgdata=" + unfinished,
                "--username=" + USER,
                "--pwfile=" + PASSWORD,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions");
        Files.move(folder.resolve(unfinished), data());
    }

    /**
     * Refuses a cluster that these binaries cannot read.
     *
     * @throws DatabaseUnavailable when its major version is another
     */
    void checkVersion() throws IOException {
        var made = Files.readString(data().resolve("PG_VERSION")).strip();
        var ours = PostgresBinaries.VERSION.replaceFirst("\\..*", "");
        if (!made.equals(ours)) {
            throw new DatabaseUnavailable(
                    "%s was made by PostgreSQL %s and this Dynosend has %s; move the data by pg_dump, or run the Dynosend that made it"
                            .formatted(data(), made, ours));
        }
    }

    /** Writes the server's settings, in place: the file stays its owner's. */
    void configure(int port) throws IOException {
        try (var settings = Cluster.class.getResourceAsStream("/database/postgresql.conf")) {
            var text = new String(Objects.requireNonNull(settings).readAllBytes(), UTF_8);
            Files.writeString(
                    data().resolve("postgresql.conf"), text + "\nport = %d\n".formatted(port));
        }
    }

    private void makePassword() throws IOException {
        if (Files.exists(folder.resolve(PASSWORD))) {
            return;
        }
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var unfinished = Files.createTempFile(folder, Folders.UNFINISHED, "", ownerOnly);
        Files.writeString(unfinished, randomHex(PASSWORD_BYTES));
        // PostgreSQL reads it too, and runs as the owner of the folder when we are root.
        Files.setOwner(unfinished, Files.getOwner(folder));
        Files.move(unfinished, folder.resolve(PASSWORD));
    }

    private static String randomHex(int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
