package io.dynosend.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/** Opens connections to relays. Used by many threads. */
public final class Dialer {

    private final Timeouts timeouts;
    private final Predicate<InetAddress> allowed;
    private final SSLContext trust;

    /**
     * Trusts the certificate authorities that Java trusts.
     *
     * @param allowed asked about each address before it is dialled: a relay's name may lead
     *     anywhere
     */
    public Dialer(Timeouts timeouts, Predicate<InetAddress> allowed) {
        this(timeouts, allowed, defaultTrust());
    }

    Dialer(Timeouts timeouts, Predicate<InetAddress> allowed, SSLContext trust) {
        this.timeouts = timeouts;
        this.allowed = allowed;
        this.trust = trust;
    }

    /**
     * Dials, greets, encrypts and signs in.
     *
     * @throws RelayUnavailable if any of it fails
     */
    public SmtpConnection open(Relay relay) {
        var channel = dial(relay);
        var wire = new Wire(new PlainTransport(channel), timeouts);
        try {
            boolean here = channel.socket().getInetAddress().isLoopbackAddress();
            var extensions =
                    new Opening(wire, relay, timeouts, new Encryption(trust, relay, here)).run();
            return new SmtpConnection(wire, extensions, timeouts);
        } catch (RuntimeException e) {
            wire.hangUp();
            throw e;
        }
    }

    private SocketChannel dial(Relay relay) {
        var failure = new RelayUnavailable(Phase.CONNECT, "its address is not allowed");
        for (var address : addresses(relay)) {
            if (!allowed.test(address)) continue;
            try {
                return dial(new InetSocketAddress(address, relay.port()));
            } catch (IOException e) {
                failure = new RelayUnavailable(Phase.CONNECT, Wire.cause(e));
            }
        }
        throw failure;
    }

    private static InetAddress[] addresses(Relay relay) {
        try {
            return InetAddress.getAllByName(relay.host());
        } catch (UnknownHostException e) {
            throw new RelayUnavailable(Phase.CONNECT, "its name leads nowhere");
        }
    }

    private SocketChannel dial(InetSocketAddress address) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(address, (int) timeouts.connect().toMillis());
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static SSLContext defaultTrust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
