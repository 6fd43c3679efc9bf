package io.dynosend.sending;

import io.dynosend.account.SigningKey;
import io.dynosend.account.Vault;
import io.dynosend.relay.OperatorRelays;
import io.dynosend.relay.RelayAddresses;
import io.dynosend.relay.Relays;
import java.time.InstantSource;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** The relays of an operator who has named some. */
final class TestRelays {

    private TestRelays() {}

    /**
     * @param urls with spaces between them
     * @param allowed that accounts may name too
     */
    static Relays of(Jdbi jdbi, String urls, String... allowed) {
        return new Relays(
                jdbi,
                InstantSource.system(),
                new Vault(SigningKey.load(jdbi, null), "relay passwords"),
                new RelayAddresses(Set.of(allowed)),
                OperatorRelays.parse(urls, "test"),
                true,
                "test");
    }
}
