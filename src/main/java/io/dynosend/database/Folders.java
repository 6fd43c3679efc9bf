package io.dynosend.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;

/** Folders: private, unfinished, handed over, deleted. */
final class Folders {

    /** How the name of a folder begins that is being filled, and is renamed once it is whole. */
    static final String UNFINISHED = "unfinished-";

    private Folders() {}

    /** Makes a folder that only its owner can enter; one that exists stays as it is. */
    static void createPrivate(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Deletes what a crash left behind half filled. */
    static void deleteUnfinished(Path folder) throws IOException {
        try (var entries = Files.newDirectoryStream(folder, UNFINISHED + "*")) {
            for (var entry : entries) {
                for (var path : deepestFirst(entry)) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Gives a folder and all in it to another user. The folder itself comes last. */
    static void handOver(Path folder, UserPrincipal user) throws IOException {
        for (var path : deepestFirst(folder)) {
            Files.getFileAttributeView(
                            path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setOwner(user);
        }
    }

    private static List<Path> deepestFirst(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
