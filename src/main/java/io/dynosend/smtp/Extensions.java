package io.dynosend.smtp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a server offers in its answer to EHLO (RFC 5321 §4.1.1.1), less what we shall not use. */
final class Extensions {

    static final Extensions NONE = new Extensions(Map.of(), Set.of());

    private final Map<String, Set<String>> offered;
    private final boolean pipelining;
    private final boolean chunking;
    private final boolean eightBit;
    private final boolean utf8;
    private final long size;

    private Extensions(Map<String, Set<String>> offered, Set<Option> options) {
        this.offered = offered;
        this.pipelining =
                offered.containsKey("PIPELINING") && !options.contains(Option.NO_PIPELINING);
        this.chunking = offered.containsKey("CHUNKING") && !options.contains(Option.NO_CHUNKING);
        this.eightBit = offered.containsKey("8BITMIME");
        this.utf8 = offered.containsKey("SMTPUTF8");
        this.size = limit(offered.getOrDefault("SIZE", Set.of()));
    }

    /**
     * @param text of the answer: the first line greets, each other one offers
     */
    static Extensions parse(String text, Set<Option> options) {
        var offered = new HashMap<String, Set<String>>();
        text.lines()
                .skip(1)
                .map(line -> line.toUpperCase(Locale.ROOT).strip().split("[ =]+"))
                .forEach(words ->
                        offered.merge(
                                words[0],
                                Arrays.stream(words).skip(1).collect(Collectors.toSet()),
                                Extensions::both));
        return new Extensions(offered, options);
    }

    boolean startTls() {
        return offered.containsKey("STARTTLS");
    }

    /** A mechanism of AUTH (RFC 4954 §3). */
    boolean auth(String mechanism) {
        return offered.getOrDefault("AUTH", Set.of()).contains(mechanism);
    }

    boolean pipelining() {
        return pipelining;
    }

    boolean chunking() {
        return chunking;
    }

    boolean eightBit() {
        return eightBit;
    }

    boolean utf8() {
        return utf8;
    }

    /** Whether MAIL takes a SIZE (RFC 1870). */
    boolean size() {
        return offered.containsKey("SIZE");
    }

    /** Whether a message of so many octets is worth the attempt. */
    boolean takes(int octets) {
        return size == 0 || octets <= size;
    }

    private static long limit(Set<String> words) {
        return words.stream()
                .filter(word -> word.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private static Set<String> both(Set<String> some, Set<String> more) {
        some.addAll(more);
        return some;
    }
}
