package io.dynosend.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;

/** What a figure depends on beside the program. Reads {@code /proc}, so Linux only. */
final class Machine {

    private static final int BLOCK = 8192;
    private static final int SYNCS = 200;
    private static final long TICKS_A_SECOND = 100;

    private Machine() {}

    /** Prints cores, load, and what a durable write costs on the disk of the folder. */
    static void describe(Path folder) throws IOException {
        System.out.printf(
                "machine  %d cores, load average %s, fdatasync of %d bytes %.3f ms (median)%n",
                Runtime.getRuntime().availableProcessors(),
                Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0],
                BLOCK,
                syncMillis(folder));
    }

    /** A figure in kB that the kernel gives of a process. */
    static long kilobytes(long pid, String file, String name) throws IOException {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), file))) {
            var line = lines.filter(l -> l.startsWith(name + ":")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", ""));
        }
    }

    /** What a process and its children have used, with those children that have ended. */
    static Duration cpuOfFamily(long pid) throws IOException {
        long ticks = ticks(pid, true);
        for (var child : ProcessHandle.of(pid).orElseThrow().children().toList()) {
            ticks += ticks(child.pid(), false);
        }
        return Duration.ofMillis(ticks * 1_000 / TICKS_A_SECOND);
    }

    // proc_pid_stat(5): utime and stime are the fields 14 and 15, those of waited-for children 16
    // and 17. The name, field 2, may hold spaces.
    private static long ticks(long pid, boolean withEndedChildren) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long own = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return withEndedChildren
                ? own + Long.parseLong(fields[13]) + Long.parseLong(fields[14])
                : own;
    }

    // As pg_test_fsync: the same block over and over, so that only the data has to go to the disk.
    private static double syncMillis(Path folder) throws IOException {
        var file = Files.createTempFile(folder, "sync", "");
        var nanos = new long[SYNCS];
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < SYNCS; i++) {
                long begin = System.nanoTime();
                channel.write(ByteBuffer.allocate(BLOCK), 0);
                channel.force(false);
                nanos[i] = System.nanoTime() - begin;
            }
        } finally {
            Files.delete(file);
        }
        Arrays.sort(nanos);
        return nanos[SYNCS / 2] / 1e6;
    }
}
