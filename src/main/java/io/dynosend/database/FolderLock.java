package io.dynosend.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a data folder to one process: a lock of the operating system on the file {@code lock} in
 * it, which ends with the process however that ends. The file says who holds it.
 */
final class FolderLock implements AutoCloseable {

    private static final int LONGEST_PID = 20;

    // A second channel of this process on the file would, once closed, drop the lock of the first
    // (POSIX), so what this process holds is looked up before the file is opened.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the folder for this process.
     *
     * @param dataFolder one that exists
     * @throws DatabaseUnavailable when another process, or this one, has it already
     */
    static FolderLock take(Path dataFolder) throws IOException {
        var folder = dataFolder.toRealPath();
        if (!HELD.add(folder)) {
            throw taken(dataFolder, Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return new FolderLock(folder, locked(dataFolder));
        } catch (IOException | RuntimeException e) {
            HELD.remove(folder);
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD.remove(folder);
        }
    }

    private static FileChannel locked(Path dataFolder) throws IOException {
        var channel = FileChannel.open(dataFolder.resolve("lock"), CREATE, READ, WRITE);
        try {
            if (channel.tryLock() == null) {
                throw taken(dataFolder, holder(channel));
            }
            channel.truncate(0).write(UTF_8.encode(Long.toString(ProcessHandle.current().pid())));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        var content = ByteBuffer.allocate(LONGEST_PID);
        channel.read(content, 0);
        return UTF_8.decode(content.flip()).toString().strip();
    }

    private static DatabaseUnavailable taken(Path dataFolder, String pid) {
        return new DatabaseUnavailable(
                "Another Dynosend (process %s) is running on %s; stop it or set DYNOSEND_DATA to another folder"
                        .formatted(pid, dataFolder));
    }
}
