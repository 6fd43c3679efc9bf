package io.dynosend.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Addresses of the public internet: global unicast, without what the registries of special purpose
 * set apart (RFC 6890 §2.2) and without those that hold an IPv4 address within.
 */
public final class PublicAddresses {

    private record Range(InetAddress begin, int bits) {

        boolean contains(byte[] address) {
            byte[] first = begin.getAddress();
            if (address.length != first.length) return false;
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if (((address[bit / 8] ^ first[bit / 8]) & mask) != 0) return false;
            }
            return true;
        }
    }

    private static final List<Range> SPECIAL_IPV4 =
            List.of(
                    range("0.0.0.0", 8),
                    range("10.0.0.0", 8),
                    // Between a provider and its customers (RFC 6598).
                    range("100.64.0.0", 10),
                    range("127.0.0.0", 8),
                    // Here clouds tell a machine its secrets.
                    range("169.254.0.0", 16),
                    range("172.16.0.0", 12),
                    range("192.0.0.0", 24),
                    range("192.0.2.0", 24),
                    range("192.88.99.0", 24),
                    range("192.168.0.0", 16),
                    range("198.18.0.0", 15),
                    range("198.51.100.0", 24),
                    range("203.0.113.0", 24),
                    // In a public range, but it is where Azure and Alibaba answer their machines.
                    range("168.63.129.16", 32),
                    range("100.100.100.200", 32),
                    range("224.0.0.0", 4),
                    range("240.0.0.0", 4));

    private static final Range GLOBAL_IPV6 = range("2000::", 3);

    private static final List<Range> SPECIAL_IPV6 =
            List.of(
                    // Teredo, ORCHID and others (RFC 4380, RFC 7343).
                    range("2001::", 23),
                    range("2001:db8::", 32),
                    // 6to4 (RFC 3056).
                    range("2002::", 16),
                    range("3fff::", 20));

    private PublicAddresses() {}

    public static boolean contains(InetAddress address) {
        // An IPv4-mapped address is an Inet4Address here already.
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                ? GLOBAL_IPV6.contains(bytes) && none(SPECIAL_IPV6, bytes)
                : none(SPECIAL_IPV4, bytes);
    }

    private static boolean none(List<Range> ranges, byte[] address) {
        return ranges.stream().noneMatch(range -> range.contains(address));
    }

    private static Range range(String first, int bits) {
        return new Range(InetAddress.ofLiteral(first), bits);
    }
}
