package io.dynosend;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.relay.RelayHealth;
import io.dynosend.sending.Backlog;
import io.dynosend.sending.Couriers;
import io.dynosend.sending.LedgerMeters;
import io.dynosend.sending.LedgerMeters.Kind;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.jdbi.v3.core.Jdbi;

/**
 * What Prometheus scrapes, of those who show the token. Counters are this node's; what waits is the
 * same on all nodes.
 */
final class Metrics {

    private static final Backlog NONE = new Backlog(0, 0, 0, 0, 0);

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Jdbi jdbi;
    private final Couriers couriers;
    private final byte[] authorization;
    private final Set<String> domains = new HashSet<>();
    private final Set<String> relays = new HashSet<>();
    private volatile Backlog backlog = NONE;

    /**
     * @param token of those who may see it
     */
    Metrics(Jdbi jdbi, Couriers couriers, String token) {
        this.jdbi = jdbi;
        this.couriers = couriers;
        this.authorization = ("Bearer " + token).getBytes(UTF_8);
        new JvmMemoryMetrics().bindTo(registry);
        waiting("bulk", Backlog::bulk, Backlog::bulkSeconds);
        waiting("single", Backlog::singles, Backlog::singlesSeconds);
        Gauge.builder("dynosend.unknown", () -> backlog.unknown()).register(registry);
        var meters = couriers.meters();
        counter("dynosend.barriers", meters, LedgerMeters::barriers);
        counter("dynosend.barrier.wait.seconds", meters, LedgerMeters::barrierSeconds);
        counter("dynosend.barrier.stopped", meters, LedgerMeters::stopped);
        counter("dynosend.leases.lost", meters, LedgerMeters::leasesLost);
    }

    void routes(RoutesConfig routes) {
        routes.get("/metrics", this::show);
    }

    private void show(Context http) {
        String shown = http.header("Authorization");
        if (shown == null || !MessageDigest.isEqual(shown.getBytes(UTF_8), authorization)) {
            http.status(401).header("WWW-Authenticate", "Bearer").result("");
            return;
        }
        http.contentType("text/plain; version=0.0.4; charset=utf-8").result(scrape());
    }

    // Several who scrape at once take turns: each costs a query.
    private synchronized String scrape() {
        backlog = Backlog.read(jdbi);
        couriers.meters().byDomain().forEach(this::outcomes);
        couriers.relayHealth().keySet().forEach(this::relay);
        return registry.scrape();
    }

    private void outcomes(String domain, Map<Kind, LongAdder> counts) {
        if (!domains.add(domain)) return;
        counts.forEach((kind, count) ->
                FunctionCounter.builder("dynosend.messages", count, LongAdder::doubleValue)
                        .tag("domain", domain)
                        .tag("outcome", kind.name().toLowerCase(Locale.ROOT))
                        .register(registry));
    }

    private void relay(String uid) {
        if (!relays.add(uid)) return;
        relay(uid, "accepted", RelayHealth::accepted);
        relay(uid, "deferred", RelayHealth::deferred);
        relay(uid, "refused", RelayHealth::refused);
        Gauge.builder("dynosend.relay.connections", () -> health(uid).connections())
                .tag("relay", uid)
                .register(registry);
        Gauge.builder("dynosend.relay.failing", () -> health(uid).failing() == null ? 0 : 1)
                .tag("relay", uid)
                .register(registry);
    }

    private void relay(String uid, String outcome, ToDoubleFunction<RelayHealth> count) {
        FunctionCounter.builder(
                        "dynosend.relay.messages", couriers, _ -> count.applyAsDouble(health(uid)))
                .tag("relay", uid)
                .tag("outcome", outcome)
                .register(registry);
    }

    private RelayHealth health(String uid) {
        return couriers.relayHealth().getOrDefault(uid, RelayHealth.UNTRIED);
    }

    private void waiting(
            String kind, ToDoubleFunction<Backlog> depth, ToDoubleFunction<Backlog> age) {
        Gauge.builder("dynosend.queue.depth", () -> depth.applyAsDouble(backlog))
                .tag("kind", kind)
                .register(registry);
        Gauge.builder("dynosend.queue.age.seconds", () -> age.applyAsDouble(backlog))
                .tag("kind", kind)
                .register(registry);
    }

    private void counter(String name, LedgerMeters meters, ToDoubleFunction<LedgerMeters> value) {
        FunctionCounter.builder(name, meters, value).register(registry);
    }
}
