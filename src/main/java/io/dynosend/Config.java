package io.dynosend;

import io.dynosend.account.NewPassword;
import io.dynosend.common.AddressRange;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.database.DatabaseUnavailable;
import io.dynosend.database.Endpoint;
import io.dynosend.relay.ConfiguredRelay;
import io.dynosend.relay.OperatorRelays;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that an operator can set: environment variables, each also a flag of the command line ({@code
 * DYNOSEND_SMTP_URL} is {@code --smtp-url}), which wins. Read once and checked at the start.
 *
 * @param port of the HTTP server; 0 takes any free one
 * @param baseUrl of this server as readers reach it, without a slash at its end; empty: localhost
 *     and the port
 * @param trustedProxies whose word counts for the address of a client and its scheme
 * @param data the folder for everything that is kept
 * @param databaseUrl of a PostgreSQL; null: the embedded one
 * @param relays where mail of accounts without relays of their own goes; none: the built-in mailbox
 * @param smtpConnections to it at the same time, for bulk mail
 * @param relayHosts {@code host:port} that accounts may name as their relay, wherever they lead
 * @param retriedFor how long a message is tried again after a receiver has deferred it first
 * @param inboundDomain where mail to {@code u-TOKEN} reaches who ends that subscription; messages
 *     offer it beside the link
 * @param secret the key of signed links; null: made once and kept in the database
 * @param dnsServer who is asked about sending domains; null: whom the machine asks
 * @param metricsToken of those who may read {@code /metrics}; null: nobody may
 * @param bench lifts the rate limit of the API; for benchmarks and tests alone
 */
record Config(
        int port,
        Optional<String> baseUrl,
        List<AddressRange> trustedProxies,
        Path data,
        @Nullable String databaseUrl,
        List<ConfiguredRelay> relays,
        int smtpConnections,
        Set<String> relayHosts,
        Duration retriedFor,
        Optional<String> inboundDomain,
        @Nullable String secret,
        @Nullable InetSocketAddress dnsServer,
        FirstLogin firstLogin,
        @Nullable String metricsToken,
        boolean bench) {

    /** Of the first account; what is not given is made and printed once. */
    record FirstLogin(EmailAddress email, @Nullable String password, @Nullable String apiToken) {}

    /** A setting that cannot be used, in one line that names it. */
    static final class Invalid extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message);
        }
    }

    private static final String PREFIX = "DYNOSEND_";
    private static final int DNS_PORT = 53;
    private static final int SMTP_CONNECTIONS = 20;
    private static final int MOST_SMTP_CONNECTIONS = 1_000;
    private static final Duration RETRIED_FOR = Duration.ofHours(24);
    private static final int MOST_RETRY_HOURS = 168;
    private static final int LARGEST_PORT = 65_535;
    private static final int SHORTEST_SECRET = 32;

    private static final List<String> NAMES =
            List.of(
                    "PORT",
                    "BASE_URL",
                    "TRUSTED_PROXIES",
                    "DATA",
                    "DATABASE_URL",
                    "SMTP_URL",
                    "SMTP_CONNECTIONS",
                    "RELAY_HOSTS",
                    "RETRY_HOURS",
                    "INBOUND_DOMAIN",
                    "ADMIN_EMAIL",
                    "ADMIN_PASSWORD",
                    "API_TOKEN",
                    "SECRET",
                    "DNS_SERVER",
                    "METRICS_TOKEN",
                    "BENCH");

    /**
     * Reads the settings.
     *
     * @param environment of the process
     * @param flags {@code --name value} or {@code --name=value}
     * @throws Invalid naming the setting that cannot be used, or the flag that is unknown
     */
    static Config read(Map<String, String> environment, List<String> flags) {
        var settings = new Settings(environment, flags);
        return new Config(
                settings.port(),
                settings.find("BASE_URL").map(Config::baseUrl),
                settings.find("TRUSTED_PROXIES").map(Config::trustedProxies).orElse(List.of()),
                Path.of(settings.find("DATA").orElse("data")),
                settings.find("DATABASE_URL").map(Config::databaseUrl).orElse(null),
                settings.find("SMTP_URL")
                        .map(urls -> relays(urls, helloName(settings)))
                        .orElse(List.of()),
                settings.find("SMTP_CONNECTIONS")
                        .map(Config::smtpConnections)
                        .orElse(SMTP_CONNECTIONS),
                settings.find("RELAY_HOSTS").map(Config::relayHosts).orElse(Set.of()),
                settings.find("RETRY_HOURS").map(Config::retryHours).orElse(RETRIED_FOR),
                settings.find("INBOUND_DOMAIN").map(Config::inboundDomain),
                settings.find("SECRET").map(Config::secret).orElse(null),
                settings.find("DNS_SERVER").map(Config::dnsServer).orElse(null),
                firstLogin(settings),
                settings.find("METRICS_TOKEN").map(Config::metricsToken).orElse(null),
                settings.find("BENCH").map(Config::bench).orElse(false));
    }

    /** What EHLO says of us: the host that readers know (RFC 5321 §4.1.1.1). */
    String helloName() {
        return baseUrl.map(Config::host).orElse("localhost");
    }

    /** The same on data of its own and with the built-in mailbox, so that a demo mails nobody. */
    Config forDemo() {
        return new Config(
                port,
                Optional.empty(),
                trustedProxies,
                data.resolve("demo"),
                null,
                List.of(),
                smtpConnections,
                relayHosts,
                retriedFor,
                Optional.empty(),
                secret,
                dnsServer,
                firstLogin,
                metricsToken,
                false);
    }

    private static InetSocketAddress dnsServer(String text) {
        var server = text.matches("[0-9.]+(:[0-9]{1,5})?") ? text.split(":", 2) : new String[0];
        int port = server.length == 2 ? Integer.parseInt(server[1]) : DNS_PORT;
        if (server.length == 0 || port < 1 || port > LARGEST_PORT) {
            throw new Invalid("DYNOSEND_DNS_SERVER must be like 192.0.2.53 or 192.0.2.53:53");
        }
        return new InetSocketAddress(server[0], port);
    }

    private static boolean bench(String text) {
        if (!text.equals("true")) throw new Invalid("DYNOSEND_BENCH can only be true");
        return true;
    }

    private static String flag(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String baseUrl(String text) {
        try {
            var url = new URI(text);
            boolean usable =
                    ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                            && url.getHost() != null
                            && url.getRawQuery() == null
                            && url.getRawFragment() == null
                            && url.getUserInfo() == null;
            if (usable) return text.replaceAll("/+$", "");
        } catch (URISyntaxException e) {
            throw invalidBaseUrl();
        }
        throw invalidBaseUrl();
    }

    private static Invalid invalidBaseUrl() {
        return new Invalid(
                "DYNOSEND_BASE_URL must be the address that readers reach this server at, such as"
                        + " https://mail.example.com");
    }

    private static String databaseUrl(String text) {
        try {
            Endpoint.parse(text);
            return text;
        } catch (DatabaseUnavailable e) {
            throw new Invalid(String.valueOf(e.getMessage()));
        }
    }

    private static List<ConfiguredRelay> relays(String urls, String helloName) {
        try {
            return OperatorRelays.parse(urls, helloName);
        } catch (IllegalArgumentException e) {
            throw new Invalid("DYNOSEND_SMTP_URL: " + e.getMessage());
        }
    }

    private static String helloName(Settings settings) {
        return settings.find("BASE_URL").map(Config::baseUrl).map(Config::host).orElse("localhost");
    }

    private static String host(String baseUrl) {
        return Objects.requireNonNullElse(URI.create(baseUrl).getHost(), "localhost");
    }

    private static List<AddressRange> trustedProxies(String text) {
        return Arrays.stream(text.split("[\\s,]+", -1))
                .map(each ->
                        AddressRange.parse(each)
                                .orElseThrow(() ->
                                        new Invalid(
                                                "DYNOSEND_TRUSTED_PROXIES: “%s” is no address and no network; there are such as 192.0.2.1, 10.0.0.0/8 and 2001:db8::/32, with commas between them"
                                                        .formatted(each))))
                .toList();
    }

    private static Set<String> relayHosts(String text) {
        var hosts = Set.of(text.toLowerCase(Locale.ROOT).split("[\\s,]+", -1));
        for (String host : hosts) {
            if (!host.matches("\\S+:[0-9]{1,5}")) {
                throw new Invalid(
                        "DYNOSEND_RELAY_HOSTS must be host:port, or several with commas between"
                                + " them, such as mail.internal:25");
            }
        }
        return hosts;
    }

    private static Duration retryHours(String text) {
        int hours = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        if (hours < 1 || hours > MOST_RETRY_HOURS) {
            throw new Invalid(
                    "DYNOSEND_RETRY_HOURS must be a number from 1 to " + MOST_RETRY_HOURS);
        }
        return Duration.ofHours(hours);
    }

    private static int smtpConnections(String text) {
        int connections = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (connections < 1 || connections > MOST_SMTP_CONNECTIONS) {
            throw new Invalid(
                    "DYNOSEND_SMTP_CONNECTIONS must be a number from 1 to "
                            + MOST_SMTP_CONNECTIONS);
        }
        return connections;
    }

    private static String inboundDomain(String text) {
        try {
            String address = new EmailAddress("u@" + text).written();
            return address.substring(address.indexOf('@') + 1);
        } catch (BadInput e) {
            throw new Invalid(
                    "DYNOSEND_INBOUND_DOMAIN must be a domain that takes mail, such as"
                            + " in.example.com");
        }
    }

    private static FirstLogin firstLogin(Settings settings) {
        var email = email(settings.find("ADMIN_EMAIL").orElse("admin@dynosend.localhost"));
        return new FirstLogin(
                email,
                settings.find("ADMIN_PASSWORD").map(text -> password(text, email)).orElse(null),
                settings.find("API_TOKEN").map(Config::apiToken).orElse(null));
    }

    private static String password(String text, EmailAddress email) {
        try {
            return NewPassword.checked(text, email);
        } catch (BadInput e) {
            throw new Invalid("DYNOSEND_ADMIN_PASSWORD: " + e.getMessage());
        }
    }

    private static String secret(String text) {
        if (text.length() < SHORTEST_SECRET) {
            throw new Invalid("DYNOSEND_SECRET must have 32 characters or more");
        }
        return text;
    }

    private static String apiToken(String text) {
        return token("API_TOKEN", text);
    }

    private static String metricsToken(String text) {
        return token("METRICS_TOKEN", text);
    }

    private static String token(String name, String text) {
        if (!text.matches("[!-~]{32,255}")) {
            throw new Invalid(
                    "DYNOSEND_%s must be 32 to 255 printable ASCII characters without spaces"
                            .formatted(name));
        }
        return text;
    }

    private static EmailAddress email(String text) {
        try {
            return new EmailAddress(text);
        } catch (BadInput e) {
            throw new Invalid("DYNOSEND_ADMIN_EMAIL: " + e.getMessage());
        }
    }

    /** Names and values as they were given; a blank one counts as not given. */
    private static final class Settings {

        private final Map<String, String> values = new HashMap<>();

        Settings(Map<String, String> environment, List<String> flags) {
            for (String name : NAMES) {
                String value = environment.get(PREFIX + name);
                if (value != null) values.put(name, value);
            }
            readFlags(flags);
        }

        Optional<String> find(String name) {
            return Optional.ofNullable(values.get(name))
                    .map(String::strip)
                    .filter(value -> !value.isEmpty());
        }

        int port() {
            String text = find("PORT").orElse("8080");
            if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= LARGEST_PORT) {
                return Integer.parseInt(text);
            }
            throw new Invalid("DYNOSEND_PORT must be a number from 0 to 65535");
        }

        private void readFlags(List<String> flags) {
            var known = new TreeMap<String, String>();
            NAMES.forEach(name -> known.put("--" + flag(name), name));
            var rest = flags.iterator();
            while (rest.hasNext()) {
                String given = rest.next();
                int equals = given.indexOf('=');
                String flag = equals < 0 ? given : given.substring(0, equals);
                String name = known.get(flag);
                if (name == null) {
                    throw new Invalid(
                            "Unknown flag %s; known are %s"
                                    .formatted(flag, String.join(", ", known.keySet())));
                }
                if (equals < 0 && !rest.hasNext()) throw new Invalid(flag + " needs a value");
                values.put(name, equals < 0 ? rest.next() : given.substring(equals + 1));
            }
        }
    }
}
