package io.dynosend.domain;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks DNS for TXT records. */
public final class TextRecords {

    /** DNS does not answer, or says that it cannot. */
    static final class Unreachable extends IOException {

        private static final long serialVersionUID = 1L;

        Unreachable(String message) {
            super(message);
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int RETRIES = 2;

    private final Resolver resolver;

    /**
     * @param server whom to ask; null: whom the machine asks
     */
    public TextRecords(@Nullable InetSocketAddress server) {
        this.resolver = resolver(server);
        resolver.setTimeout(PATIENCE);
    }

    /**
     * The TXT records of a name, the strings of each put together; none if there are none.
     *
     * @throws Unreachable if DNS does not tell
     */
    List<String> of(String name) throws Unreachable {
        var lookup = lookup(name);
        var records = lookup.run();
        return switch (lookup.getResult()) {
            case Lookup.SUCCESSFUL -> {
                var texts = new ArrayList<String>();
                for (var record : records) {
                    if (record instanceof TXTRecord text) {
                        texts.add(String.join("", text.getStrings()));
                    }
                }
                yield texts;
            }
            case Lookup.HOST_NOT_FOUND, Lookup.TYPE_NOT_FOUND -> List.of();
            default -> throw new Unreachable(lookup.getErrorString());
        };
    }

    private Lookup lookup(String name) throws Unreachable {
        try {
            // With a dot at its end it is looked up as it is, in no search domain.
            var lookup = new Lookup(name + ".", Type.TXT);
            lookup.setResolver(resolver);
            // What was changed a minute ago is to be seen.
            lookup.setCache(null);
            return lookup;
        } catch (TextParseException e) {
            throw new Unreachable(name + " is no name of DNS");
        }
    }

    private static Resolver resolver(@Nullable InetSocketAddress server) {
        return server == null ? ofTheMachine() : new SimpleResolver(server);
    }

    private static Resolver ofTheMachine() {
        var resolver = new ExtendedResolver();
        resolver.setRetries(RETRIES);
        return resolver;
    }
}
