package io.dynosend.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DialerTest {

    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Timeouts TIMEOUTS = new Timeouts(SHORT, SHORT, SHORT, SHORT, SHORT);

    @Test
    void anAddressThatIsNotAllowedIsNotDialled() throws Exception {
        try (var server = new ScriptedServer()) {
            var relay = Relay.parse("smtp://localhost:" + server.port(), "test");

            assertUnavailable(new Dialer(TIMEOUTS, address -> !address.isLoopbackAddress()), relay);
            assertThat(server.commands()).isEmpty();
            assertThat(new Dialer(TIMEOUTS, InetAddress::isLoopbackAddress).open(relay).usable())
                    .isTrue();
        }
    }

    @Test
    void whereNobodyListensTheRelayIsUnavailable() throws Exception {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        assertUnavailable(
                new Dialer(TIMEOUTS, _ -> true), Relay.parse("smtp://127.0.0.1:" + port, "test"));
    }

    private static void assertUnavailable(Dialer dialer, Relay relay) {
        assertThatThrownBy(() -> dialer.open(relay))
                .isInstanceOfSatisfying(
                        RelayUnavailable.class,
                        e -> assertThat(e.phase()).isEqualTo(Phase.CONNECT));
    }
}
