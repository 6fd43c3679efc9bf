package io.dynosend;

import io.dynosend.common.AddressRange;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Who asks, where a proxy stands before this server. What a header says is believed only from the
 * proxies that the operator has named: everybody else could write it.
 */
final class TrustedProxies {

    private final List<AddressRange> ranges;

    TrustedProxies(List<AddressRange> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /**
     * The address of the client: behind a trusted proxy the last of X-Forwarded-For that is none,
     * for all before it are the client's own words; else, or if that is no address, the socket's.
     */
    String ip(Context ctx) {
        String socket = ctx.req().getRemoteAddr();
        if (!isTrusted(socket)) return socket;
        String client = socket;
        for (String hop : forwardedFor(ctx).reversed()) {
            var address = AddressRange.address(hop);
            if (address.isEmpty()) return socket;
            // Written as the socket's are: IPv6 in full.
            client = address.get().getHostAddress();
            if (!isTrusted(address.get())) return client;
        }
        return client;
    }

    /** The scheme that the client has used: behind a trusted proxy that of X-Forwarded-Proto. */
    String scheme(Context ctx) {
        var said = ctx.header("X-Forwarded-Proto");
        boolean believed = said != null && isTrusted(ctx.req().getRemoteAddr());
        return believed && said.matches("https?") ? said : ctx.req().getScheme();
    }

    private static List<String> forwardedFor(Context ctx) {
        var lines = Collections.list(ctx.req().getHeaders("X-Forwarded-For"));
        if (lines.isEmpty()) return List.of();
        return Arrays.stream(String.join(",", lines).split(",", -1)).map(String::strip).toList();
    }

    private boolean isTrusted(String socket) {
        return AddressRange.address(socket.replaceAll("[\\[\\]]", ""))
                .filter(this::isTrusted)
                .isPresent();
    }

    private boolean isTrusted(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }
}
