package io.dynosend.mailbox;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.subethamail.smtp.TooMuchDataException;

/** Every message in the folder, one {@code .eml} file each. The folder belongs to one process. */
final class Messages {

    /** Octets of one message, as announced by SIZE (RFC 1870). */
    static final int LARGEST = 25 * 1024 * 1024;

    private static final String UNFINISHED = ".unfinished";
    private static final int BUFFER = 32 * 1024;

    private final Path folder;
    private final InstantSource clock;
    private final MessageIndex index;
    private final AtomicLong unfinished = new AtomicLong();
    private final Object arrival = new Object();
    private long newest; // survives a clearing: an id is never given twice

    private Messages(Path folder, InstantSource clock, MessageIndex index) {
        this.folder = folder;
        this.clock = clock;
        this.index = index;
        this.newest = index.last();
    }

    /** Makes the folder when there is none. What an earlier process left unfinished is removed. */
    static Messages open(Path folder, InstantSource clock) throws IOException {
        Files.createDirectories(folder);
        try (var left = Files.newDirectoryStream(folder, "*" + UNFINISHED)) {
            for (var file : left) Files.delete(file);
        }
        try (var files = Files.list(folder)) {
            long[] ids =
                    files.map(file -> MessageId.ofFile(file.getFileName().toString()))
                            .flatMap(Optional::stream)
                            .mapToLong(MessageId::micros)
                            .sorted()
                            .toArray();
            return new Messages(folder, clock, new MessageIndex(ids));
        }
    }

    /**
     * Keeps the content byte for byte behind the envelope's trace lines.
     *
     * @throws TooMuchDataException if the content is longer than {@link #LARGEST}; the rest of it
     *     is not read
     */
    MessageId store(Envelope envelope, InputStream content) throws IOException {
        var file = folder.resolve(unfinished.incrementAndGet() + UNFINISHED);
        try {
            write(file, envelope.trace(clock.instant()), content);
            return arrive(file);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Empty when there is no such message, or it was removed meanwhile. */
    Optional<StoredMessage> find(MessageId id) throws IOException {
        try {
            return Optional.of(StoredMessage.read(id, folder.resolve(id.fileName())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The same by an id as a stranger wrote it. */
    Optional<StoredMessage> find(String id) throws IOException {
        var parsed = MessageId.parse(id);
        return parsed.isEmpty() ? Optional.empty() : find(parsed.get());
    }

    /** Oldest first. */
    List<MessageId> after(MessageId id, int limit) {
        return index.after(id.micros(), limit);
    }

    /** Newest first. */
    List<MessageId> before(MessageId id, int limit) {
        return index.before(id.micros(), limit);
    }

    int count() {
        return index.count();
    }

    int countAfter(MessageId id) {
        return index.countAfter(id.micros());
    }

    /** Removes what is stored by now; answers how many messages that were. */
    int clear() throws IOException {
        long[] ids = index.drain();
        for (long id : ids) Files.deleteIfExists(folder.resolve(new MessageId(id).fileName()));
        return ids.length;
    }

    private static void write(Path file, byte[] trace, InputStream content) throws IOException {
        try (var out = new BufferedOutputStream(create(file), BUFFER)) {
            out.write(trace);
            copy(content, out);
        }
    }

    private static OutputStream create(Path file) throws IOException {
        return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static void copy(InputStream content, OutputStream out) throws IOException {
        var block = new byte[8 * 1024];
        long size = 0;
        for (int n; (n = content.read(block)) >= 0; out.write(block, 0, n)) {
            size += n;
            if (size > LARGEST) throw new TooMuchDataException();
        }
    }

    // Under one lock, so that whoever reads “all after X” never sees a later name before an
    // earlier.
    private MessageId arrive(Path file) throws IOException {
        synchronized (arrival) {
            long now = MessageId.at(clock.instant()).micros();
            var id = new MessageId(Math.max(now, newest + 1));
            Files.move(file, folder.resolve(id.fileName()), StandardCopyOption.ATOMIC_MOVE);
            newest = id.micros();
            index.append(newest);
            return id;
        }
    }
}
