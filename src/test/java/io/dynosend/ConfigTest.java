package io.dynosend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private static final Map<String, String> ALL =
            Map.of(
                    "DYNOSEND_PORT", "8081",
                    "DYNOSEND_BASE_URL", "https://mail.example.org",
                    "DYNOSEND_DATA", "/var/lib/dynosend",
                    "DYNOSEND_DATABASE_URL", "postgresql://u:p@db.example.org/dynosend",
                    "DYNOSEND_SMTP_URL", "smtps://u:p@relay.example.org",
                    "DYNOSEND_INBOUND_DOMAIN", "in.bücher.example",
                    "DYNOSEND_ADMIN_EMAIL", "Me@example.org",
                    "DYNOSEND_ADMIN_PASSWORD", "a long password",
                    "DYNOSEND_API_TOKEN", "t" + SECRET,
                    "DYNOSEND_SECRET", SECRET);

    @Test
    void metricsAreClosedUnlessTheirTokenIsSet() {
        assertThat(Config.read(Map.of(), List.of()).metricsToken()).isNull();
        assertThat(Config.read(Map.of("DYNOSEND_METRICS_TOKEN", SECRET), List.of()).metricsToken())
                .isEqualTo(SECRET);
        assertThatThrownBy(() -> Config.read(Map.of(), List.of("--metrics-token", "short")))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageStartingWith("DYNOSEND_METRICS_TOKEN must be 32 to 255");
    }

    @Test
    void trustedProxiesAreAddressesAndNetworks() throws Exception {
        var config =
                Config.read(
                        Map.of("DYNOSEND_TRUSTED_PROXIES", "127.0.0.1, 10.1.2.3/9,2001:db8::/33"),
                        List.of());

        assertThat(trusts(config, "127.0.0.1", "10.0.0.1", "10.127.255.255", "2001:db8:7fff::1"))
                .isTrue();
        for (String other :
                List.of("127.0.0.2", "10.128.0.0", "2001:db8:8000::", "::1", "::7f00:1")) {
            assertThat(trusts(config, other)).as(other).isFalse();
        }
        assertThat(Config.read(Map.of(), List.of()).trustedProxies()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example",
                "10.0.0.0/33",
                "10.0.0.0/",
                "0.0.0.0/0",
                "::/129",
                "10.1/8"
            })
    void whatIsNoProxyIsNamed(String text) {
        assertThatThrownBy(() -> Config.read(Map.of(), List.of("--trusted-proxies", "::1," + text)))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageStartingWith("DYNOSEND_TRUSTED_PROXIES: “%s” is no".formatted(text));
    }

    private static boolean trusts(Config config, String... addresses) throws Exception {
        for (String address : addresses) {
            var one = InetAddress.getByName(address);
            if (config.trustedProxies().stream().noneMatch(range -> range.contains(one))) {
                return false;
            }
        }
        return true;
    }

    @Test
    void withoutAnySettingTheProgramRunsByItself() {
        var config = Config.read(Map.of(), List.of());

        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.baseUrl()).isEmpty();
        assertThat(config.data()).isEqualTo(Path.of("data"));
        assertThat(config.databaseUrl()).isNull();
        assertThat(config.relays()).isEmpty();
        assertThat(config.inboundDomain()).isEmpty();
        assertThat(config.secret()).isNull();
        assertThat(config.firstLogin().email().value()).isEqualTo("admin@dynosend.localhost");
        assertThat(config.firstLogin().password()).isNull();
        assertThat(config.firstLogin().apiToken()).isNull();
    }

    @Test
    void everySettingIsReadFromTheEnvironment() {
        expectAll(Config.read(ALL, List.of()));
    }

    @Test
    void everySettingIsAFlagTooWithASpaceOrAnEqualsSign() {
        var spaced =
                new TreeMap<>(ALL)
                        .entrySet().stream()
                                .flatMap(each ->
                                        List.of(flag(each.getKey()), each.getValue()).stream())
                                .toList();
        var joined =
                ALL.entrySet().stream()
                        .map(each -> flag(each.getKey()) + "=" + each.getValue())
                        .toList();

        expectAll(Config.read(Map.of(), spaced));
        expectAll(Config.read(Map.of(), joined));
    }

    @Test
    void aFlagBeatsTheEnvironmentAndTheLastFlagTheOthers() {
        var config = Config.read(Map.of("DYNOSEND_PORT", "1"), List.of("--port", "2", "--port=3"));

        assertThat(config.port()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void aBlankSettingIsNotGiven(String blank) {
        var environment = new TreeMap<String, String>();
        ALL.keySet().forEach(name -> environment.put(name, blank));

        assertThat(Config.read(environment, List.of())).isEqualTo(Config.read(Map.of(), List.of()));
    }

    @Test
    void otherVariablesAreNoneOfOurBusiness() {
        assertThat(Config.read(Map.of("PORT", "x", "DYNOSEND_FUTURE", "x"), List.of()))
                .isEqualTo(Config.read(Map.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "PORT, x",
        "PORT, -1",
        "PORT, 65536",
        "PORT, 8080.5",
        "PORT, 999999999999",
        "BASE_URL, mail.example.org",
        "BASE_URL, ftp://mail.example.org",
        "BASE_URL, https://",
        "BASE_URL, https://mail.example.org/?a=1",
        "BASE_URL, https://mail.example.org/#a",
        "BASE_URL, https://u:p@mail.example.org",
        "BASE_URL, https://mail example.org",
        "DATABASE_URL, mysql://localhost/x",
        "DATABASE_URL, nonsense",
        "DATABASE_URL, 'postgresql://'",
        "SMTP_URL, relay.example.org",
        "SMTP_URL, http://relay.example.org",
        "SMTP_URL, 'smtp://'",
        "SMTP_URL, smtp://user@relay.example.org",
        "SMTP_URL, smtp://relay.example.org:99999",
        "SMTP_URL, smtp://a:%zz@relay.example.org",
        "SMTP_URL, smtp://relay.example.org smtp://",
        "SMTP_URL, smtp://relay.example.org?weight=0",
        "SMTP_URL, smtp://relay.example.org?speed=9",
        "SMTP_URL, smtp://relay.example.org?messages_per_second=-1",
        "RELAY_HOSTS, mail.internal",
        "RETRY_HOURS, 0",
        "RETRY_HOURS, 169",
        "SMTP_CONNECTIONS, 0",
        "SMTP_CONNECTIONS, 1001",
        "SMTP_CONNECTIONS, many",
        "ADMIN_EMAIL, me",
        "ADMIN_EMAIL, me@localhost",
        "ADMIN_PASSWORD, short",
        "ADMIN_PASSWORD, Password1",
        "ADMIN_PASSWORD, admin@dynosend.localhost",
        "API_TOKEN, short",
        "API_TOKEN, 0123456789 0123456789 0123456789 01",
        "SECRET, short"
    })
    void aSettingThatCannotBeUsedIsNamedInOneLine(String name, String value) {
        assertThatThrownBy(() -> Config.read(Map.of("DYNOSEND_" + name, value), List.of()))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContaining("DYNOSEND_" + name)
                .message()
                .hasLineCount(1)
                .doesNotContain("Exception", "java.");
    }

    @ParameterizedTest
    @CsvSource({
        "API_TOKEN, 'not a token, but maybe a secret: hunter2'",
        "SECRET, hunter2",
        "ADMIN_PASSWORD, hunter2",
        "SMTP_URL, 'smtp://me:hunter2@relay example'",
        "SMTP_URL, 'http://me:hunter2@relay.example'",
        "DATABASE_URL, 'mysql://me:hunter2@db.example/x'"
    })
    void aComplaintNeverRepeatsASecret(String name, String value) {
        assertThatThrownBy(() -> Config.read(Map.of("DYNOSEND_" + name, value), List.of()))
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void anUnknownFlagIsNamedWithThoseThatAreKnown() {
        assertThatThrownBy(() -> Config.read(Map.of(), List.of("--prot", "1")))
                .isInstanceOf(Config.Invalid.class)
                .message()
                .hasLineCount(1)
                .contains("--prot")
                .contains(ALL.keySet().stream().map(ConfigTest::flag).toList());
    }

    @Test
    void aFlagWithoutItsValueIsNamed() {
        assertThatThrownBy(() -> Config.read(Map.of(), List.of("--port")))
                .isInstanceOf(Config.Invalid.class)
                .hasMessage("--port needs a value");
    }

    @Test
    void aBaseUrlMayHaveAPathAndLosesItsLastSlashes() {
        var config =
                Config.read(Map.of("DYNOSEND_BASE_URL", "https://example.org/mail//"), List.of());

        assertThat(config.baseUrl()).contains("https://example.org/mail");
    }

    @Test
    void aDemoMailsNobodyWhateverIsConfigured() {
        var demo = Config.read(ALL, List.of()).forDemo();

        assertThat(demo.relays()).isEmpty();
        assertThat(demo.databaseUrl()).isNull();
        assertThat(demo.data()).isEqualTo(Path.of("/var/lib/dynosend/demo"));
    }

    private static void expectAll(Config config) {
        assertThat(config.port()).isEqualTo(8081);
        assertThat(config.baseUrl()).contains("https://mail.example.org");
        assertThat(config.data()).isEqualTo(Path.of("/var/lib/dynosend"));
        assertThat(config.databaseUrl()).isEqualTo("postgresql://u:p@db.example.org/dynosend");
        assertThat(config.relays().getFirst().relay()).hasToString("relay.example.org:465");
        assertThat(config.inboundDomain()).contains("in.xn--bcher-kva.example");
        assertThat(config.secret()).isEqualTo(SECRET);
        assertThat(config.firstLogin().email().value()).isEqualTo("me@example.org");
        assertThat(config.firstLogin().password()).isEqualTo("a long password");
        assertThat(config.firstLogin().apiToken()).isEqualTo("t" + SECRET);
    }

    private static String flag(String variable) {
        return "--"
                + variable.substring("DYNOSEND_".length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
    }
}
