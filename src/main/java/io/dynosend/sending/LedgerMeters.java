package io.dynosend.sending;

import io.dynosend.sending.LedgerEntry.Barrier;
import io.dynosend.sending.LedgerEntry.Result;
import io.dynosend.sending.LedgerEntry.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What this node has done since its start, counted as it is committed. */
public final class LedgerMeters {

    /** What a delivery ended in, or is put off by. */
    public enum Kind {
        SENT,
        DEFERRED,
        FAILED,
        UNKNOWN
    }

    /** The domain that stands for all that came too late for a count of their own. */
    public static final String OTHERS = "other";

    // Whoever scrapes keeps a series for each for ever.
    private static final int MOST_DOMAINS = 50;

    private final Map<String, Map<Kind, LongAdder>> byDomain = new ConcurrentHashMap<>();
    private final LongAdder barriers = new LongAdder();
    private final LongAdder barrierNanos = new LongAdder();
    private final LongAdder stopped = new LongAdder();
    private final LongAdder leasesLost = new LongAdder();

    LedgerMeters() {
        byDomain.put(OTHERS, adders());
    }

    void committed(List<Result> results, List<Barrier> asked, List<Verdict> verdicts) {
        for (var result : results) {
            var adders = ofDomain(result.delivery().address().domain());
            Objects.requireNonNull(adders.get(kind(result.outcome()))).increment();
        }
        long now = System.nanoTime();
        for (int i = 0; i < asked.size(); i++) {
            barriers.increment();
            barrierNanos.add(now - asked.get(i).askedAt());
            if (verdicts.get(i) == Verdict.STOP) stopped.increment();
        }
    }

    /** A chunk was claimed whose borrower had not kept it. */
    void leaseLost() {
        leasesLost.increment();
    }

    /** By the domain of the recipient: the first 50, and {@link #OTHERS}. */
    public Map<String, Map<Kind, LongAdder>> byDomain() {
        return Map.copyOf(byDomain);
    }

    /** Messages that have asked whether they may go out. */
    public long barriers() {
        return barriers.sum();
    }

    /** How long all of them together have waited for the answer. */
    public double barrierSeconds() {
        return barrierNanos.sum() / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Messages that were told to stop: their campaign is held, or their lease has run out. */
    public long stopped() {
        return stopped.sum();
    }

    /** Chunks that this node has taken over because their borrower did not keep them. */
    public long leasesLost() {
        return leasesLost.sum();
    }

    private Map<Kind, LongAdder> ofDomain(String domain) {
        var adders = byDomain.get(domain);
        if (adders != null) return adders;
        // A few more when many begin at once: that bound is not missed by much.
        String counted = byDomain.size() > MOST_DOMAINS ? OTHERS : domain;
        return byDomain.computeIfAbsent(counted, _ -> adders());
    }

    private static Map<Kind, LongAdder> adders() {
        var adders = new EnumMap<Kind, LongAdder>(Kind.class);
        for (var kind : Kind.values()) adders.put(kind, new LongAdder());
        return adders;
    }

    private static Kind kind(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Sent _ -> Kind.SENT;
            case Outcome.Deferred _ -> Kind.DEFERRED;
            case Outcome.Failed _ -> Kind.FAILED;
            case Outcome.Unknown _ -> Kind.UNKNOWN;
        };
    }
}
