package io.dynosend.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The ledger compared with what the oracle has accepted.
 *
 * @param lost who has no outcome
 * @param duplicated who got it more than once
 * @param unexpected who got it and is no recipient
 * @param phantom who is sent in the ledger and has not got it
 * @param hidden who got it, and is neither sent nor unknown
 * @param unknown of whom nobody knows; recovered: those of them who got it
 */
record Findings(
        int recipients,
        int accepted,
        Set<String> lost,
        Set<String> duplicated,
        Set<String> unexpected,
        Set<String> phantom,
        Set<String> hidden,
        Set<String> unknown,
        Set<String> recovered) {

    private static final Set<String> OUTCOMES = Set.of("sent", "failed", "skipped", "unknown");

    static Findings of(int recipients, List<String> accepted, Map<String, Set<String>> ledger) {
        var expected =
                IntStream.range(0, recipients)
                        .mapToObj(Campaign::address)
                        .collect(Collectors.toSet());
        var settled = new HashSet<String>();
        ledger.forEach((status, who) -> {
            if (OUTCOMES.contains(status)) settled.addAll(who);
        });
        var got = new HashSet<String>();
        var duplicated = new TreeSet<String>();
        for (String who : accepted) if (!got.add(who)) duplicated.add(who);
        var sent = ledger.getOrDefault("sent", Set.of());
        var unknown = ledger.getOrDefault("unknown", Set.of());
        return new Findings(
                recipients,
                accepted.size(),
                without(expected, settled),
                duplicated,
                without(got, expected),
                without(sent, got),
                without(without(got, sent), unknown),
                unknown,
                without(unknown, without(unknown, got)));
    }

    /** Prints a line of the table and holds the promise to it. */
    void hold(String fault, int mostUnknown) {
        System.out.printf(
                "FAULT %-58s %6d recipients %6d accepted  lost %d  twice %d  unexpected %d "
                        + " phantom %d  unknown %d (%d had arrived)%n",
                fault,
                recipients,
                accepted,
                lost.size(),
                duplicated.size(),
                unexpected.size(),
                phantom.size(),
                unknown.size(),
                recovered.size());
        assertThat(lost).as("lost").isEmpty();
        assertThat(duplicated).as("mailed twice").isEmpty();
        assertThat(unexpected).as("unexpected").isEmpty();
        assertThat(phantom).as("sent, and never arrived").isEmpty();
        assertThat(hidden).as("arrived, and the ledger says otherwise").isEmpty();
        assertThat(unknown).as("unknown").hasSizeLessThanOrEqualTo(mostUnknown);
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        var rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
