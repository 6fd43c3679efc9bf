package io.dynosend.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How fast one thread does a piece of work: by the processor time of the whole process, so that
 * neighbours on the machine do not count.
 */
final class Pace {

    /** One message, or a part of the work on one. */
    interface Work {

        /** How long what it made is, so that nothing can be left out. */
        int make(int number) throws Exception;
    }

    private static final long WARM_UP = 2_500_000_000L;
    private static final long ROUND = 400_000_000L;
    private static final int ROUNDS = 9;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final String name;
    private final Work work;
    private final double[] rounds = new double[ROUNDS];
    private int number;
    private long made;
    private long allocated;

    Pace(String name, Work work) {
        this.name = name;
        this.work = work;
    }

    /** Measures them in turns, so that what a busy machine does to one it does to all. */
    static void measure(List<Pace> paces) throws Exception {
        for (var pace : paces) pace.work(WARM_UP);
        for (int round = 0; round < ROUNDS; round++) {
            for (var pace : paces) pace.round(round);
        }
        for (var pace : paces) pace.print();
    }

    /** A median, in microseconds. */
    double micros() {
        var sorted = rounds.clone();
        Arrays.sort(sorted);
        return sorted[ROUNDS / 2];
    }

    double perSecond() {
        return 1e6 / micros();
    }

    private void round(int round) throws Exception {
        long cpu = PROCESS.getProcessCpuTime();
        int before = number;
        work(ROUND);
        rounds[round] = (PROCESS.getProcessCpuTime() - cpu) / 1e3 / (number - before);
    }

    private void work(long nanos) throws Exception {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long end = System.nanoTime() + nanos;
        do {
            made += work.make(number++);
        } while (System.nanoTime() < end);
        allocated += THREADS.getCurrentThreadAllocatedBytes() - bytes;
    }

    private void print() {
        if (made == 0) throw new IllegalStateException(name + " made nothing");
        System.out.printf(
                Locale.ROOT,
                "%-18s%,9.0f/s a core   %6.1f µs   %,7d bytes allocated each%n",
                name,
                perSecond(),
                micros(),
                allocated / number);
    }
}
