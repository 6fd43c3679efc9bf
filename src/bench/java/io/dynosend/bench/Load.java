package io.dynosend.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** Does the same again and again, for a while, and notes how long each took. */
final class Load {

    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final Duration MEASURED = Duration.ofSeconds(3);
    private static final int SLICES = 4;
    private static final Duration SLICE = Duration.ofSeconds(1);

    /** One of those who work at the same time; does its thing once. */
    interface Worker extends AutoCloseable {
        void once() throws Exception;

        @Override
        default void close() throws IOException {}
    }

    private Load() {}

    /** Clients on connections of their own; every answer must have the status. */
    static Figures http(int clients, int port, Request request, int status, AtomicLong numbers)
            throws Exception {
        var workers = new ArrayList<Worker>();
        for (int i = 0; i < clients; i++) workers.add(client(port, request, status, numbers));
        return all(workers);
    }

    /** Workers of the caller's, who are done then. */
    static Figures all(List<Worker> workers) throws Exception {
        together(workers, WARM_UP);
        var figures = Figures.of(together(workers, MEASURED), seconds(MEASURED));
        for (var worker : workers) worker.close();
        return figures;
    }

    /** One worker, by the thread that asks. */
    static Figures alone(Worker worker) throws Exception {
        work(worker, WARM_UP);
        return Figures.of(work(worker, MEASURED), seconds(MEASURED));
    }

    /**
     * Two by turns, one at a time: a disk is not the same from one second to the next, and both are
     * to see the same of it.
     */
    static List<Figures> byTurns(Worker one, Worker other) throws Exception {
        work(one, WARM_UP);
        work(other, WARM_UP);
        var ones = LongStream.builder();
        var others = LongStream.builder();
        for (int i = 0; i < SLICES; i++) {
            Arrays.stream(work(one, SLICE)).forEach(ones);
            Arrays.stream(work(other, SLICE)).forEach(others);
        }
        double seconds = SLICES * seconds(SLICE);
        return List.of(
                Figures.of(ones.build().toArray(), seconds),
                Figures.of(others.build().toArray(), seconds));
    }

    /** A client on a connection of its own. */
    static Worker client(int port, Request request, int status, AtomicLong numbers)
            throws IOException {
        var connection = new KeepAlive(port);
        var filled = request.filled();
        return new Worker() {
            @Override
            public void once() throws IOException {
                int answer = connection.exchange(filled.with(numbers.incrementAndGet()));
                if (answer != status) {
                    throw new IOException(
                            "Status %d instead of %d:\n%s\nto\n%s"
                                    .formatted(answer, status, connection.body(), request.text()));
                }
            }

            @Override
            public void close() throws IOException {
                connection.close();
            }
        };
    }

    private static long[] together(List<Worker> workers, Duration time)
            throws InterruptedException, ExecutionException {
        try (var threads = Executors.newCachedThreadPool()) {
            var running = new ArrayList<Future<long[]>>();
            for (var worker : workers) {
                Callable<long[]> work = () -> work(worker, time);
                running.add(threads.submit(work));
            }
            var all = LongStream.builder();
            for (var each : running) Arrays.stream(each.get()).forEach(all);
            return all.build().toArray();
        }
    }

    private static long[] work(Worker worker, Duration time) throws Exception {
        var nanos = new long[1024];
        int count = 0;
        long begin = System.nanoTime();
        for (long now = begin; now - begin < time.toNanos(); ) {
            worker.once();
            long end = System.nanoTime();
            if (count == nanos.length) nanos = Arrays.copyOf(nanos, 2 * count);
            nanos[count++] = end - now;
            now = end;
        }
        return Arrays.copyOf(nanos, count);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
