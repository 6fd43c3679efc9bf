package io.dynosend.relay;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.web.PublicAddresses;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which hosts and ports an account may name as its relay: the public internet and the ports of mail
 * (RFC 5321, RFC 6409, RFC 8314), and what the operator allows besides.
 */
public final class RelayAddresses {

    private static final Set<Integer> MAIL_PORTS =
            new TreeSet<>(List.of(25, 465, 587, 2465, 2525, 2587));

    private final Set<String> allowed;

    /**
     * @param allowed {@code host:port} as an account names it, wherever it leads
     */
    public RelayAddresses(Set<String> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    /** Asked about each address before it is dialled. */
    public static Predicate<InetAddress> dialled(boolean trusted) {
        return trusted ? _ -> true : PublicAddresses::contains;
    }

    boolean isTrusted(String host, int port) {
        return allowed.contains(host.toLowerCase(Locale.ROOT) + ":" + port);
    }

    /**
     * @throws BadInput naming what is not allowed
     */
    void check(String host, int port) {
        if (isTrusted(host, port)) return;
        if (!MAIL_PORTS.contains(port)) {
            throw new BadInput(
                    "port must be one of " + MAIL_PORTS.toString().replaceAll("[\\[\\]]", ""));
        }
        if (!isPublicIfLiteral(host)) {
            throw new BadInput("host must be an address of the public internet");
        }
    }

    private static boolean isPublicIfLiteral(String host) {
        try {
            return PublicAddresses.contains(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return true;
        }
    }
}
