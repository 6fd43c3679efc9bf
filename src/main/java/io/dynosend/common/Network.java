package io.dynosend.common;

import java.util.Arrays;

/** Who counts as one where attempts are counted by address. */
public final class Network {

    private static final int GROUPS = 4;

    private Network() {}

    /**
     * The address itself, or of IPv6 the /64 that it is in: whoever has one address has all of it.
     *
     * @param address of IPv4 or IPv6, as it is written
     */
    public static String of(String address) {
        if (address.indexOf(':') < 0) return address;
        var groups = address.split(":", -1);
        return String.join(":", Arrays.copyOf(groups, Math.min(GROUPS, groups.length)));
    }
}
