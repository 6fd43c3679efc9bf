package io.dynosend.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dynosend.account.SigningKey;
import io.dynosend.audience.TrackingMode;
import io.dynosend.content.LinkTarget;
import io.dynosend.tracking.MailingLinks;
import io.dynosend.tracking.TrackingTokens;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;

/**
 * How many clicks are redirected in a second, each counted and committed before its answer, with 1,
 * 8 and 64 readers at a time. Server, PostgreSQL and readers share the machine.
 */
final class ClickBench {

    private static final int[] READERS = {1, 8, 64};
    private static final int WARM_UPS = 3;
    private static final String TARGET = "https://shop.example/?a=1";

    private static final String MAILING =
            """
            INSERT INTO mailing (
                account_id, audience_id, state, until_contact, started_at, recipients_written_at,
                done_at)
            SELECT account_id, id, 'done', 0, now(), now(), now()
            FROM audience
            RETURNING id
            """;

    private static final String DELIVERIES =
            """
            INSERT INTO delivery (account_id, mailing_id, number, contact_id, address, state)
            SELECT account_id, :mailing, row_number() OVER (ORDER BY id), id, email, 'sent'
            FROM contact
            """;

    private static final String LINK =
            """
            INSERT INTO link (account_id, mailing_id, number, url)
            SELECT account_id, id, 0, ':target' FROM mailing
            """;

    private ClickBench() {}

    static void run() throws Exception {
        try (var server = BenchServer.start();
                var db = server.connect()) {
            Machine.describe(server.folder());
            var things = ApiSetting.make(server, db, Request.EXISTING);
            long mailing = ApiSetting.number(db, MAILING);
            execute(db, DELIVERIES.replace(":mailing", String.valueOf(mailing)));
            execute(db, LINK.replace(":target", TARGET));
            execute(db, "VACUUM ANALYZE delivery");

            var tokens = new TrackingTokens(SigningKey.load(Jdbi.create(db), null));
            double individual = 0;
            double aggregate = 0;
            for (var mode : List.of(TrackingMode.INDIVIDUAL, TrackingMode.AGGREGATE)) {
                var links =
                        new MailingLinks(
                                "",
                                tokens,
                                mode,
                                things.account(),
                                mailing,
                                List.of(new LinkTarget(TARGET, null)));
                double most = measure(server, mode, clicks(links));
                if (mode == TrackingMode.INDIVIDUAL) individual = most;
                else aggregate = most;
            }
            System.out.printf(
                    Locale.ROOT,
                    "{\"bench\":\"clicks\",\"individual_rps\":%.0f,\"aggregate_rps\":%.0f}%n",
                    individual,
                    aggregate);
        }
    }

    /** The most that were redirected in a second. */
    private static double measure(BenchServer server, TrackingMode mode, List<byte[]> clicks)
            throws Exception {
        var numbers = new AtomicLong();
        for (int i = 0; i < WARM_UPS; i++) redirects(server, 64, clicks, numbers);
        double most = 0;
        for (int readers : READERS) {
            var figures = redirects(server, readers, clicks, numbers);
            System.out.printf("%-10s %3d readers  %s%n", mode.wire(), readers, figures);
            most = Math.max(most, figures.perSecond());
        }
        return most;
    }

    private static Figures redirects(
            BenchServer server, int readers, List<byte[]> clicks, AtomicLong numbers)
            throws Exception {
        var workers = new ArrayList<Load.Worker>();
        for (int i = 0; i < readers; i++) workers.add(reader(server.port(), clicks, numbers));
        return Load.all(workers);
    }

    private static Load.Worker reader(int port, List<byte[]> clicks, AtomicLong numbers)
            throws IOException {
        var connection = new KeepAlive(port);
        return new Load.Worker() {
            @Override
            public void once() throws IOException {
                int number = (int) (numbers.incrementAndGet() % clicks.size());
                if (connection.exchange(clicks.get(number)) != 302) {
                    throw new IOException("No redirect: " + connection.body());
                }
            }

            @Override
            public void close() throws IOException {
                connection.close();
            }
        };
    }

    private static List<byte[]> clicks(MailingLinks links) {
        var clicks = new ArrayList<byte[]>();
        for (int i = 1; i <= Request.EXISTING; i++) {
            // One after the other would find the same page of the ledger every time.
            int recipient = (int) Request.existing(i) + 1;
            clicks.add(
                    "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0 (X11; Linux)\r\n\r\n"
                            .formatted(links.of(recipient, recipient, false).click(0))
                            .getBytes(US_ASCII));
        }
        return clicks;
    }

    private static void execute(Connection db, String sql) throws Exception {
        try (var statement = db.createStatement()) {
            statement.execute(sql);
        }
    }
}
