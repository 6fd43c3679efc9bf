package io.dynosend.web;

import io.dynosend.common.AddressRange;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Addresses of the public internet: global unicast, without what the registries of special purpose
 * set apart (RFC 6890 §2.2) and without those that hold an IPv4 address within.
 */
public final class PublicAddresses {

    private static final List<AddressRange> SPECIAL_IPV4 =
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

    private static final AddressRange GLOBAL_IPV6 = range("2000::", 3);

    private static final List<AddressRange> SPECIAL_IPV6 =
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
        return address instanceof Inet6Address
                ? GLOBAL_IPV6.contains(address) && none(SPECIAL_IPV6, address)
                : none(SPECIAL_IPV4, address);
    }

    private static boolean none(List<AddressRange> ranges, InetAddress address) {
        return ranges.stream().noneMatch(range -> range.contains(address));
    }

    private static AddressRange range(String first, int bits) {
        return new AddressRange(InetAddress.ofLiteral(first), bits);
    }
}
