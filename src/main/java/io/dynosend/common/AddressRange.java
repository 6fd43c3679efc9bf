package io.dynosend.common;

import java.net.InetAddress;
import java.util.Optional;

/**
 * An address, or all addresses of a network (CIDR, RFC 4632 and RFC 4291 §2.3).
 *
 * @param address any in it
 * @param prefix how many of its bits all have in common
 */
public record AddressRange(InetAddress address, int prefix) {

    private static final int BITS_OF_BYTE = 8;

    /**
     * Reads {@code 192.0.2.1}, {@code 192.0.2.0/24}, {@code 2001:db8::1} or {@code 2001:db8::/32}.
     *
     * @return empty if it is none of these, or has everybody in it
     */
    public static Optional<AddressRange> parse(String text) {
        String[] parts = text.split("/", 2);
        return address(parts[0])
                .flatMap(address -> {
                    int bits = address.getAddress().length * BITS_OF_BYTE;
                    if (parts.length == 1) return Optional.of(new AddressRange(address, bits));
                    int prefix = parts[1].matches("[0-9]{1,3}") ? Integer.parseInt(parts[1]) : 0;
                    return prefix >= 1 && prefix <= bits
                            ? Optional.of(new AddressRange(address, prefix))
                            : Optional.empty();
                });
    }

    /** An address of IPv4 or IPv6 as it is usually written; no name is looked up. */
    public static Optional<InetAddress> address(String text) {
        boolean usual = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");
        if (!usual) return Optional.empty();
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) return false;
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 1 << (BITS_OF_BYTE - 1 - bit % BITS_OF_BYTE);
            int i = bit / BITS_OF_BYTE;
            if ((ours[i] & mask) != (theirs[i] & mask)) return false;
        }
        return true;
    }
}
