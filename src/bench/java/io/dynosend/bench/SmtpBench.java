package io.dynosend.bench;

import io.dynosend.bench.SmtpLoad.Manner;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * How many messages of 10 kB our SMTP client hands over in a second to a sink in another process,
 * and what each costs the two.
 */
final class SmtpBench {

    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private record Result(double perSecond, double clientMicros, double sinkMicros) {}

    private SmtpBench() {}

    static void run(List<String> flags) throws Exception {
        int connections = flag(flags, "--connections", 32);
        var time = Duration.ofSeconds(flag(flags, "--seconds", 5));
        byte[] message =
                Newsletter.compiled(Newsletter.html(), Newsletter.text())
                        .copies(Newsletter.LIST_HEADERS)
                        .compose(new Newsletter().addressee(0));
        System.out.printf(
                "machine  %d cores, Java %s; a message of %,d bytes, %d connections%n",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                message.length,
                connections);
        var results = new EnumMap<Manner, Result>(Manner.class);
        var numbers = new AtomicLong();
        try (var sink = SinkProcess.start()) {
            for (var manner : Manner.values()) {
                var load = new SmtpLoad(sink.port(), manner, message, numbers);
                load.run(connections, WARM_UP);
                results.put(manner, measure(load, connections, time, sink));
                print(manner, results.get(manner));
            }
        }
        System.out.println(json(results));
    }

    private static Result measure(SmtpLoad load, int connections, Duration time, SinkProcess sink)
            throws IOException, InterruptedException {
        sink.reset();
        long sinkBefore = sink.count().cpuMillis();
        long clientBefore = cpuMillis();
        double perSecond = load.run(connections, time);
        long client = cpuMillis() - clientBefore;
        var count = sink.count();
        if (count.accepted() != load.sent() || count.duplicates() != 0) {
            throw new IllegalStateException("Sent " + load.sent() + ", but the sink has " + count);
        }
        return new Result(
                perSecond,
                1e3 * client / load.sent(),
                1e3 * (count.cpuMillis() - sinkBefore) / load.sent());
    }

    private static void print(Manner manner, Result result) {
        System.out.printf(
                Locale.ROOT,
                "%-14s %,9.0f messages/s   client %5.1f µs, sink %5.1f µs of CPU each%n",
                name(manner),
                result.perSecond(),
                result.clientMicros(),
                result.sinkMicros());
    }

    private static String json(Map<Manner, Result> results) {
        return results.entrySet().stream()
                .map(e ->
                        String.format(
                                Locale.ROOT,
                                "\"%1$s_per_s\":%2$.0f,\"%1$s_client_us\":%3$.1f,"
                                        + "\"%1$s_sink_us\":%4$.1f",
                                name(e.getKey()),
                                e.getValue().perSecond(),
                                e.getValue().clientMicros(),
                                e.getValue().sinkMicros()))
                .collect(Collectors.joining(",", "{\"bench\":\"smtp\",", "}"));
    }

    private static String name(Manner manner) {
        return manner.name().toLowerCase(Locale.ROOT);
    }

    private static long cpuMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
    }

    private static int flag(List<String> flags, String name, int otherwise) {
        int at = flags.indexOf(name);
        return at < 0 ? otherwise : Integer.parseInt(flags.get(at + 1));
    }
}
