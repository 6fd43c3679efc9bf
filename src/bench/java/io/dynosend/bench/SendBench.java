package io.dynosend.bench;

import io.dynosend.bench.SinkProcess.Count;
import io.dynosend.bench.SmtpLoad.Manner;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A campaign to many contacts, from its start to its last outcome, through a sink that takes all:
 * how many messages a second, what they cost whom, and how many the same client hands to the same
 * sink when there is no ledger and nothing to render.
 */
final class SendBench {

    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(20);
    private static final Duration BARE_WARM_UP = Duration.ofSeconds(3);
    private static final Duration BARE_TIME = Duration.ofSeconds(5);
    private static final int FIRST_CONTACTS = 100_000;

    /** What is asked for on the command line. */
    private record Order(int contacts, String dkim, int nodes, int connections, boolean chunking) {

        static Order of(List<String> flags) {
            int contacts = 100_000;
            String dkim = "none";
            int nodes = 1;
            int connections = 64;
            boolean chunking = true;
            for (int i = 0; i < flags.size(); i++) {
                switch (flags.get(i)) {
                    case "--contacts" -> contacts = Integer.parseInt(flags.get(++i));
                    case "--dkim" -> dkim = flags.get(++i);
                    case "--nodes" -> nodes = Integer.parseInt(flags.get(++i));
                    case "--connections" -> connections = Integer.parseInt(flags.get(++i));
                    case "--no-chunking" -> chunking = false;
                    default ->
                            throw new IllegalArgumentException(
                                    "bench send takes --contacts N, --dkim none, ed25519 or rsa,"
                                            + " --nodes N, --connections N and --no-chunking");
                }
            }
            return new Order(contacts, dkim, nodes, connections, chunking);
        }
    }

    /** What has been used up to a moment. */
    private record Usage(Duration server, Duration database, Duration sink, long rowsWritten) {

        Usage since(Usage start) {
            return new Usage(
                    server.minus(start.server),
                    database.minus(start.database),
                    sink.minus(start.sink),
                    rowsWritten - start.rowsWritten);
        }
    }

    /** From the start of the campaign to its last outcome. */
    private record Sending(long mailing, double seconds, Usage usage, long peakMegabytes) {}

    private SendBench() {}

    static void run(List<String> flags) throws Exception {
        var order = Order.of(flags);
        try (var sink =
                        order.chunking()
                                ? SinkProcess.start()
                                : SinkProcess.start("--no-chunking");
                var server = BenchServer.start(flags(order, sink));
                var db = server.connect()) {
            Machine.describe(server.folder());
            System.out.printf(
                    "order    %,d contacts, DKIM %s, %d nodes, %d connections%n",
                    order.contacts(), order.dkim(), order.nodes(), order.connections());
            if (!order.dkim().equals("none")) SendSetting.sign(server, db, order.dkim());
            String first = SendSetting.make(server, db, FIRST_CONTACTS);
            String campaign = SendSetting.make(server, db, order.contacts());
            var others = new ArrayList<BenchServer>();
            try {
                for (int i = 1; i < order.nodes(); i++) others.add(another(server, order, sink));
                var cold = send(server, others, db, sink, first);
                sink.reset();
                System.out.printf(
                        "first    %,d a second: %,d messages by a server that was just started and"
                                + " has compiled nothing%n",
                        Math.round(FIRST_CONTACTS / cold.seconds()), FIRST_CONTACTS);
                execute(db, "CHECKPOINT");
                var sending = send(server, others, db, sink, campaign);
                var arrived = sink.count();
                double bare = bare(sink, order);
                report(order, db, sending, arrived, bare);
            } finally {
                for (var other : others) other.close();
            }
        }
    }

    private static String[] flags(Order order, SinkProcess sink) {
        return new String[] {
            "--smtp-url=smtp://127.0.0.1:" + sink.port(),
            "--smtp-connections=" + order.connections() / order.nodes()
        };
    }

    private static BenchServer another(BenchServer first, Order order, SinkProcess sink)
            throws IOException, InterruptedException {
        var endpoint = first.endpoint();
        var flags = new ArrayList<>(List.of(flags(order, sink)));
        flags.add(
                endpoint.jdbcUrl()
                        .replace(
                                "jdbc:postgresql://",
                                "--database-url=postgresql://%s:%s@"
                                        .formatted(endpoint.user(), endpoint.password())));
        return BenchServer.start(flags.toArray(String[]::new));
    }

    private static Sending send(
            BenchServer server,
            List<BenchServer> others,
            Connection db,
            SinkProcess sink,
            String campaign)
            throws Exception {
        var before = usage(server, others, db, sink);
        long begin = System.nanoTime();
        SendSetting.start(server, campaign);
        long mailing =
                ApiSetting.number(
                        db, "SELECT mailing_id FROM campaign WHERE uid = '%s'".formatted(campaign));
        long shown = begin;
        while (!isDone(db, mailing)) {
            if (System.nanoTime() - shown > 5e9) {
                shown = System.nanoTime();
                System.out.printf("         … %,d have their outcome%n", finished(db, mailing));
            }
            Thread.sleep(BETWEEN_QUESTIONS);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        // PostgreSQL tells its statistics late.
        Thread.sleep(Duration.ofSeconds(2));
        long peak = server.peakMegabytes();
        for (var other : others) peak = Math.max(peak, other.peakMegabytes());
        return new Sending(mailing, seconds, usage(server, others, db, sink).since(before), peak);
    }

    private static void execute(Connection db, String sql) throws SQLException {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean isDone(Connection db, long mailing) throws SQLException {
        return ApiSetting.number(
                        db, "SELECT count(*) FROM mailing WHERE state = 'done' AND id = " + mailing)
                == 1;
    }

    private static long finished(Connection db, long mailing) throws SQLException {
        return count(db, mailing, "state <> 'waiting'");
    }

    private static long count(Connection db, long mailing, String condition) throws SQLException {
        return ApiSetting.number(
                db,
                "SELECT count(*) FROM delivery WHERE mailing_id = %d AND %s"
                        .formatted(mailing, condition));
    }

    private static Usage usage(
            BenchServer server, List<BenchServer> others, Connection db, SinkProcess sink)
            throws IOException, SQLException {
        var java = server.cpu();
        for (var other : others) java = java.plus(other.cpu());
        return new Usage(
                java,
                server.databaseCpu(),
                Duration.ofMillis(sink.count().cpuMillis()),
                ApiSetting.number(
                        db,
                        """
                        SELECT tup_inserted + tup_updated + tup_deleted
                        FROM pg_stat_database
                        WHERE datname = current_database()
                        """));
    }

    /** Messages a second with nothing but client and sink. */
    private static double bare(SinkProcess sink, Order order) throws InterruptedException {
        var letter = new Newsletter();
        var copies =
                Newsletter.compiled(Newsletter.html(), Newsletter.text())
                        .copies(Newsletter.LIST_HEADERS);
        byte[] message = copies.compose(letter.addressee(0));
        var load =
                new SmtpLoad(
                        sink.port(),
                        order.chunking() ? Manner.CHUNKS_MERGED : Manner.MERGED,
                        message,
                        new AtomicLong());
        load.run(order.connections(), BARE_WARM_UP);
        return load.run(order.connections(), BARE_TIME);
    }

    private static void report(
            Order order, Connection db, Sending sending, Count arrived, double bare)
            throws SQLException {
        double rate = order.contacts() / sending.seconds();
        double p50 = millis(db, sending.mailing(), 0.5);
        double p99 = millis(db, sending.mailing(), 0.99);
        long unknown = count(db, sending.mailing(), "state = 'unknown'");
        long sent = count(db, sending.mailing(), "state = 'sent'");
        long lost = order.contacts() - arrived.distinct();
        System.out.printf(
                "sent     %,d of %,d in %.2f s: %,.0f a second; p50 %.0f ms, p99 %.0f ms%n",
                sent, order.contacts(), sending.seconds(), rate, p50, p99);
        System.out.printf("bare     %,.0f a second; ratio %.2f%n", bare, rate / bare);
        double thousands = order.contacts() / 1_000.0;
        var usage = sending.usage();
        System.out.printf(
                "cpu      for 1,000 messages: server %.3f s, PostgreSQL %.3f s, sink %.3f s%n",
                usage.server().toMillis() / 1e3 / thousands,
                usage.database().toMillis() / 1e3 / thousands,
                usage.sink().toMillis() / 1e3 / thousands);
        System.out.printf(
                "rows     %.2f written for each message%n",
                (double) usage.rowsWritten() / order.contacts());
        System.out.printf("memory   at most %d MB%n", sending.peakMegabytes());
        System.out.printf(
                Locale.ROOT,
                "{\"bench\":\"send\",\"messages_per_s\":%.0f,\"ratio_to_bare_smtp\":%.2f,"
                        + "\"p50_ms\":%.1f,\"p99_ms\":%.1f,\"peak_rss_mb\":%d,\"lost\":%d,"
                        + "\"duplicated\":%d,\"unknown\":%d}%n",
                rate,
                rate / bare,
                p50,
                p99,
                sending.peakMegabytes(),
                lost,
                arrived.duplicates(),
                unknown);
    }

    /** From claim to outcome. */
    private static double millis(Connection db, long mailing, double quantile) throws SQLException {
        return ApiSetting.number(
                        db,
                        """
                        SELECT (1000 * extract(epoch FROM percentile_cont(%s) WITHIN GROUP (
                            ORDER BY d.finished_at - k.started_at)) * 10)::bigint
                        FROM delivery d
                        JOIN mailing_chunk k ON k.account_id = d.account_id
                            AND k.mailing_id = d.mailing_id
                            AND d.number BETWEEN k.first_number AND k.last_number
                        WHERE d.mailing_id = %d
                        """
                                .formatted(Double.toString(quantile), mailing))
                / 10.0;
    }
}
