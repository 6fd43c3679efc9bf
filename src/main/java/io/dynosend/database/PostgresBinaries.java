package io.dynosend.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL that the jar carries for this kind of machine, unpacked once for each version. */
final class PostgresBinaries {

    /** Of the binaries in the jar; a test holds it against them. */
    static final String VERSION = "18.6";

    private static final int BUFFER = 1 << 16;

    private PostgresBinaries() {}

    /**
     * Unpacks this version unless it is there.
     *
     * @param folder where the versions lie side by side
     * @return this version's folder, which holds {@code bin}
     */
    static Path unpack(Path folder) throws IOException {
        var home = folder.resolve(VERSION);
        if (Files.notExists(home)) {
            // Under its own name only when whole: a crash leaves nothing that looks like one.
            var unpacking = Files.createTempDirectory(folder, Folders.UNFINISHED);
            try (var packed = open()) {
                unpack(packed, unpacking);
            }
            openFolders(unpacking);
            // On the disk before it has its name, so that a power cut leaves no empty programs. A
            // thousand files one by one take a second; where there is no such sync, it is without.
            boolean _ = Programs.works("sync", "-f", unpacking.toString());
            Files.move(unpacking, home);
        }
        return home;
    }

    private static TarArchiveInputStream open() throws IOException {
        var name = "/postgres-%s-%s.txz".formatted(system(), machine());
        var packed = PostgresBinaries.class.getResourceAsStream(name);
        if (packed == null) {
            throw new DatabaseUnavailable(
                    "This build carries no PostgreSQL for %s on %s; set DYNOSEND_DATABASE_URL to one of yours"
                            .formatted(
                                    System.getProperty("os.name"), System.getProperty("os.arch")));
        }
        return new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(packed, BUFFER)));
    }

    private static String system() {
        var name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name;
    }

    private static String machine() {
        return switch (System.getProperty("os.arch")) {
            case "aarch64" -> "arm_64";
            case "amd64", "x86_64" -> "x86_64";
            case String other -> other;
        };
    }

    private static void unpack(TarArchiveInputStream packed, Path to) throws IOException {
        for (var entry = packed.getNextEntry(); entry != null; entry = packed.getNextEntry()) {
            var path = to.resolve(entry.getName()).normalize();
            if (!path.startsWith(to)) {
                throw new IOException("An entry outside of its archive: " + entry.getName());
            }
            write(entry, packed, path);
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path path)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.resolve("..").normalize());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, path);
            setPermissions(path, (entry.getMode() & 0100) != 0);
        }
    }

    /** Readable for all: when root starts us, another user runs them. */
    private static void openFolders(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.filter(Files::isDirectory).toList()) {
                setPermissions(path, true);
            }
        }
    }

    private static void setPermissions(Path path, boolean executable) throws IOException {
        Files.setPosixFilePermissions(
                path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
