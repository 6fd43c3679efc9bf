package io.dynosend.sending;

import io.dynosend.relay.ConfiguredRelay;
import io.dynosend.relay.RelayHealth;
import io.dynosend.relay.RelayHealths;
import io.dynosend.relay.Relays;
import io.dynosend.sending.Composer.Composition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** The pools of all relays that this node has used. */
final class RelayPools implements AutoCloseable {

    private final Relays relays;
    private final RelayHealths healths;
    private final UUID node;
    private final Nodes nodes;
    private final InstantSource clock;
    private final Map<String, RelayPool> pools = new ConcurrentHashMap<>();

    /**
     * @param node which tells others what it sees
     */
    RelayPools(Relays relays, RelayHealths healths, UUID node, Nodes nodes, InstantSource clock) {
        this.relays = relays;
        this.healths = healths;
        this.node = node;
        this.nodes = nodes;
        this.clock = clock;
    }

    /** The relays for this mail of an account. */
    List<ConfiguredRelay> choices(long account, Composition mail) {
        return mail.isToUser()
                ? relays.choicesToUsers(account, mail.sendingDomain())
                : relays.choices(account, mail.sendingDomain());
    }

    /**
     * Enters the pool of one of these relays: at random by their weights, of those that work and
     * have a connection left.
     *
     * @return empty if there is none now
     */
    Optional<RelayPool> enter(List<ConfiguredRelay> choices, boolean bulk) {
        return choices.stream()
                .map(relay -> Map.entry(relay, draw(relay.weight())))
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(drawn -> pool(drawn.getKey()))
                .filter(pool -> pool.enter(bulk))
                .findFirst();
    }

    /** Until one of these relays is tried again; zero if one works. */
    Duration untilNextTry(List<ConfiguredRelay> choices) {
        return choices.stream()
                .map(relay -> pool(relay).untilNextTry())
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Says goodbye on connections that nobody has needed for a while. */
    void closeStale() {
        pools.values().forEach(RelayPool::closeStale);
    }

    /** Tells how the relays are doing. */
    void report() {
        healths.report(node, health());
    }

    Map<String, RelayHealth> health() {
        var seen = new HashMap<String, RelayHealth>();
        pools.forEach((uid, pool) -> seen.put(uid, pool.health()));
        return seen;
    }

    @Override
    public void close() {
        pools.values().forEach(RelayPool::close);
    }

    // A relay that was changed is another one; whoever is inside finishes as he began.
    private RelayPool pool(ConfiguredRelay relay) {
        return pools.compute(
                relay.uid(),
                (_, known) -> {
                    if (known != null && known.relay().equals(relay)) return known;
                    if (known != null) known.close();
                    return new RelayPool(relay, nodes, clock);
                });
    }

    // Sorted by these, the first one is each with a chance in proportion to its weight (Efraimidis
    // and Spirakis, 2006).
    private static double draw(int weight) {
        return Math.pow(ThreadLocalRandom.current().nextDouble(), 1.0 / weight);
    }
}
