package io.dynosend.relay;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.smtp.Relay;
import io.dynosend.smtp.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The relays that the operator has named; they take the mail of accounts without any of theirs. */
public final class OperatorRelays {

    private static final int LARGEST_PORT = 65_535;

    private OperatorRelays() {}

    /**
     * Reads one URL or several, with spaces between them. Each is as {@link Relay#parse} takes it,
     * and may have limits in its query: {@code weight}, {@code connections}, {@code
     * messages_per_second}, {@code messages_per_hour}, {@code messages_per_connection}; {@code
     * timeout} is the most seconds that an answer is waited for.
     *
     * @throws IllegalArgumentException with one line that says what would be right
     */
    public static List<ConfiguredRelay> parse(String urls, String helloName) {
        var relays = new ArrayList<ConfiguredRelay>();
        for (String url : urls.strip().split("\\s+", -1)) {
            String uid = relays.isEmpty() ? "server" : "server-" + (relays.size() + 1);
            relays.add(relay(uid, url, helloName));
        }
        return List.copyOf(relays);
    }

    private static ConfiguredRelay relay(String uid, String url, String helloName) {
        int question = url.indexOf('?');
        var query = new HashMap<String, String>();
        String address = question < 0 ? url : url.substring(0, question);
        if (question >= 0) query.putAll(query(url.substring(question + 1)));
        String options = query.remove("options");
        var relay =
                Relay.parse(options == null ? address : address + "?options=" + options, helloName);
        if (relay.port() > LARGEST_PORT) {
            throw new IllegalArgumentException("the port must be a number from 1 to 65535");
        }
        int weight = whole(query, "weight").orElse(1);
        var timeouts =
                whole(query, "timeout")
                        .map(seconds -> Timeouts.DEFAULT.atMost(Duration.ofSeconds(seconds)))
                        .orElse(Timeouts.DEFAULT);
        var limits = limits(query);
        if (!query.isEmpty()) {
            throw new IllegalArgumentException(
                    "has %s; there are options, weight, connections, messages_per_second,"
                                    .formatted(query.keySet().iterator().next())
                            + " messages_per_hour, messages_per_connection and timeout");
        }
        return new ConfiguredRelay(
                uid, relay.toString(), relay, null, weight, limits, timeouts, true, null);
    }

    private static RelayLimits limits(Map<String, String> query) {
        try {
            return new RelayLimits(
                    orNull(whole(query, "connections")),
                    orNull(number(query, "messages_per_second")),
                    orNull(whole(query, "messages_per_hour")),
                    orNull(whole(query, "messages_per_connection")));
        } catch (BadInput e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    private static Map<String, String> query(String text) {
        var query = new HashMap<String, String>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) throw new IllegalArgumentException("has a query without name=value");
            query.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return query;
    }

    private static Optional<Integer> whole(Map<String, String> query, String name) {
        String text = query.remove(name);
        if (text == null) return Optional.empty();
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException(name + " must be a whole number above 0");
        }
        return Optional.of(Integer.valueOf(text));
    }

    private static Optional<Double> number(Map<String, String> query, String name) {
        String text = query.remove(name);
        if (text == null) return Optional.empty();
        if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,6})?")) {
            throw new IllegalArgumentException(name + " must be a number above 0");
        }
        return Optional.of(Double.valueOf(text));
    }

    private static <T> @Nullable T orNull(Optional<T> value) {
        return value.orElse(null);
    }
}
