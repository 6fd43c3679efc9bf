package io.dynosend.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/** Opens connections to relays. Used by many threads. */
public final class Dialer {

    private final Timeouts timeouts;
    private final Predicate<InetAddress> allowed;
    private final SSLContext trust;
    private final Observer observer;

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
        this(timeouts, allowed, trust, Observer.NONE);
    }

    private Dialer(
            Timeouts timeouts,
            Predicate<InetAddress> allowed,
            SSLContext trust,
            Observer observer) {
        this.timeouts = timeouts;
        this.allowed = allowed;
        this.trust = trust;
        this.observer = observer;
    }

    /** The same, trusting somebody else's authorities. */
    public Dialer trusting(SSLContext authorities) {
        return new Dialer(timeouts, allowed, authorities, observer);
    }

    /** The same, watched: the connections that it opens, too. */
    public Dialer watchedBy(Observer watcher) {
        return new Dialer(timeouts, allowed, trust, watcher);
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
                    new Opening(wire, relay, timeouts, new Encryption(trust, relay, here), observer)
                            .run();
            return new SmtpConnection(wire, extensions, timeouts, observer);
        } catch (RuntimeException e) {
            wire.hangUp();
            throw e;
        }
    }

    private SocketChannel dial(Relay relay) {
        observer.begins(Phase.CONNECT);
        var failure = new RelayUnavailable(Phase.CONNECT, "its address is not allowed");
        var all = List.of(addresses(relay));
        var some = all.stream().filter(allowed).toList();
        observer.found(some, all.size() - some.size());
        for (var address : some) {
            try {
                var channel = dial(new InetSocketAddress(address, relay.port()));
                observer.connected(address);
                return channel;
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
