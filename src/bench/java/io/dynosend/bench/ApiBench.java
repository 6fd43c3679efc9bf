package io.dynosend.bench;

import io.dynosend.account.Principal;
import io.dynosend.account.RateLimit;
import io.dynosend.account.Role;
import io.dynosend.bench.ApiSetting.Things;
import io.dynosend.bench.Load.Worker;
import io.dynosend.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/**
 * What the API does in a second, with 1, 8 and 64 clients who each wait for their answer, beside
 * the same SQL without the API. Server, PostgreSQL and clients share the machine.
 */
final class ApiBench {

    private static final int[] MORE_CLIENTS = {64, 8};

    private static final int MANY = 64;
    private static final int MOST_WARM_UPS = 5;

    // Each asks five times a second at most, where ten are let in.
    private static final int USERS = 4_000;

    /** One operation, and the same SQL alone. */
    private record Operation(String name, Request request, int status, Worker bareSql) {}

    private final List<String> wanted;
    private final BenchServer server;
    private final Connection db;
    private final Things things;
    private final AtomicLong numbers = new AtomicLong();
    private final List<String> json = new ArrayList<>();
    private final List<Double> ratios = new ArrayList<>();

    private ApiBench(BenchServer server, Connection db, List<String> wanted) throws Exception {
        this.wanted = wanted;
        this.server = server;
        this.db = db;
        this.things = ApiSetting.make(server, db, Request.EXISTING);
    }

    /**
     * @param operations the names of those to measure; none: all
     */
    static void run(List<String> operations) throws Exception {
        try (var server = BenchServer.start();
                var db = server.connect()) {
            Machine.describe(server.folder());
            new ApiBench(server, db, operations).measure();
        }
    }

    private void measure() throws Exception {
        checkDurability();
        var sql = new BareSql(db, things, numbers);
        measure(
                new Operation(
                        "create_contact",
                        request(
                                "POST",
                                "/contacts",
                                "\"EMAIL\":\"c############@example.org\",\"FIRST_NAME\":\"Ada\",\"tag\":\"a\""),
                        200,
                        sql.createContact()));
        checkContacts();
        measure(
                new Operation(
                        "get_contact",
                        Request.of(
                                "GET",
                                "/contacts?audience_uid=%s&contact_uid=s%%%%%%%%%%%%%%%%%%%%%%%%"
                                        .formatted(things.audienceUid()),
                                things.token(),
                                ""),
                        200,
                        sql.getContact()));
        measure(
                new Operation(
                        "add_tag",
                        request(
                                "PATCH",
                                "/contacts/addtag",
                                "\"contact_uid\":\"s%%%%%%%%%%%%\",\"tag\":\"t############\""),
                        200,
                        sql.addTag()));
        measure(
                new Operation(
                        "event",
                        request(
                                "POST",
                                "/events",
                                "\"contact_uid\":\"s%%%%%%%%%%%%\",\"event_name\":\"trial_started\",\"properties\":{\"plan\":\"gold\"}"),
                        204,
                        sql.event()));
        // For later: to be queued is measured, not to be sent.
        var message =
                request(
                        "POST",
                        "/transactional",
                        "\"transactional_uid\":\"%s\",\"recipient\":\"s%%%%%%%%%%%%%%%%%%%%%%%%@example.org\",\"customTags\":[{\"Name\":\"ORDER\",\"Value\":\"############\"}],\"scheduled_at\":\"%s\""
                                .formatted(
                                        things.transactionalUid(),
                                        Instant.now()
                                                .plus(Duration.ofHours(12))
                                                .truncatedTo(ChronoUnit.SECONDS)));
        measure(new Operation("transactional", message, 200, sql.transactional(content(message))));
        measure(
                new Operation(
                        "blacklist_check",
                        request("POST", "/blacklist", "\"email\":\"s%%%%%%%%%%%%@example.org\""),
                        200,
                        sql.blacklistCheck()));
        measureRateLimit();
        double ratio = geometricMean(ratios);
        System.out.printf(Locale.ROOT, "%nRatio to bare SQL, over all: %.2f%n", ratio);
        System.out.printf(
                Locale.ROOT,
                "{\"bench\":\"api\",\"ratio_to_bare_sql\":%.3f,%s}%n",
                ratio,
                String.join(",", json));
    }

    private Request request(String verb, String path, String parameters) {
        return Request.of(
                verb,
                path,
                things.token(),
                "{\"audience_uid\":\"%s\",".formatted(things.audienceUid()) + parameters + "}");
    }

    private void measure(Operation operation) throws Exception {
        if (!wanted.isEmpty() && !wanted.contains(operation.name())) return;
        System.out.printf("%n%s%n", operation.name());
        // The most first: at the beginning nothing is compiled yet.
        var byClients = new TreeMap<Integer, Figures>();
        warmUp(operation);
        for (int clients : MORE_CLIENTS) byClients.put(clients, http(operation, clients));
        try (var client =
                Load.client(server.port(), operation.request(), operation.status(), numbers)) {
            var both = Load.byTurns(client, operation.bareSql());
            byClients.put(1, both.getFirst());
            report(operation, byClients, both.getLast());
        }
    }

    // As long as a request takes less and less, the compiler is still at work.
    private void warmUp(Operation operation) throws Exception {
        double now = Double.MAX_VALUE;
        double before;
        int rounds = 0;
        do {
            before = now;
            var used = server.cpu();
            long from = numbers.get();
            Load.http(MANY, server.port(), operation.request(), operation.status(), numbers);
            now = server.cpu().minus(used).toNanos() / 1e6 / (numbers.get() - from);
            System.out.printf(Locale.ROOT, "  warming up: %.3f ms of CPU each in Java%n", now);
        } while (now < 0.8 * before && ++rounds < MOST_WARM_UPS);
    }

    private Figures http(Operation operation, int clients) throws Exception {
        var figures =
                Load.http(clients, server.port(), operation.request(), operation.status(), numbers);
        System.out.printf("  %2d clients %s%n", clients, figures);
        return figures;
    }

    private void report(Operation operation, Map<Integer, Figures> byClients, Figures bareSql) {
        var single = Objects.requireNonNull(byClients.get(1));
        double ratio = single.perSecond() / bareSql.perSecond();
        ratios.add(ratio);
        System.out.printf("   1 client  %s%n  bare SQL   %s%n", single, bareSql);
        System.out.printf(Locale.ROOT, "  ratio      %9.2f%n", ratio);
        String figures =
                byClients.entrySet().stream()
                        .map(each -> "\"%d\":%s".formatted(each.getKey(), each.getValue().json()))
                        .collect(Collectors.joining(","));
        json.add(
                String.format(
                        Locale.ROOT,
                        "\"%s\":{%s,\"ratio_to_bare_sql\":%.3f}",
                        operation.name(),
                        figures,
                        ratio));
    }

    private static double geometricMean(List<Double> ratios) {
        return Math.exp(ratios.stream().mapToDouble(Math::log).average().orElse(Double.NaN));
    }

    private void checkDurability() throws SQLException {
        for (String setting : List.of("fsync", "synchronous_commit")) {
            try (var statement = db.createStatement();
                    var rows = statement.executeQuery("SHOW " + setting)) {
                rows.next();
                System.out.printf("%s = %s%n", setting, rows.getString(1));
                if (!rows.getString(1).equals("on")) {
                    throw new IllegalStateException("What is answered would not be durable");
                }
            }
        }
    }

    // Every number so far was a contact, by HTTP or by SQL alone.
    private void checkContacts() throws SQLException {
        long made = ApiSetting.number(db, "SELECT count(*) FROM contact") - Request.EXISTING;
        if (made != numbers.get()) {
            throw new IllegalStateException(
                    "%,d contacts for %,d answers that they are made"
                            .formatted(made, numbers.get()));
        }
        System.out.printf("  %,d contacts for as many answers%n", made);
    }

    /** The bytes of a message that the program queued. */
    private byte[] content(Request request) throws Exception {
        try (var client = new KeepAlive(server.port());
                var statement = db.createStatement()) {
            if (client.exchange(request.filled().with(1)) != 200) {
                throw new IllegalStateException(client.body());
            }
            try (var rows = statement.executeQuery("SELECT content FROM mailing_message LIMIT 1")) {
                rows.next();
                return rows.getBytes(1);
            }
        }
    }

    private void measureRateLimit() throws Exception {
        System.out.printf("%nrate_limit_check, one after the other%n");
        try (var database = Database.open(server.endpoint())) {
            var jdbi =
                    Jdbi.create(database.dataSource())
                            .registerArrayType(Long.class, "int8")
                            .registerArrayType(Integer.class, "int4");
            var limit = new RateLimit(jdbi, false);
            var figures =
                    Load.alone(() ->
                            limit.take(
                                    new Principal(
                                            things.account(),
                                            1_000_000 + numbers.incrementAndGet() % USERS,
                                            Role.API)));
            System.out.printf("             %s%n", figures);
            json.add(
                    String.format(
                            Locale.ROOT,
                            "\"rate_limit_check\":{\"p50_ms\":%.3f,\"p99_ms\":%.3f}",
                            figures.p50(),
                            figures.p99()));
        }
    }
}
