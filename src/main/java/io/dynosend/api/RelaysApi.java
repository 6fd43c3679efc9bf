package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.relay.ConfiguredRelay;
import io.dynosend.relay.RelayHealth;
import io.dynosend.relay.RelayHealths;
import io.dynosend.relay.RelayLimits;
import io.dynosend.relay.RelaySettings;
import io.dynosend.relay.Relays;
import io.dynosend.smtp.Credentials;
import io.dynosend.smtp.Security;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Relays and how they are doing, which the API document does not have. */
public final class RelaysApi implements Section {

    private static final int MOST = 1_000_000_000;

    private final Relays relays;
    private final RelayHealths healths;

    public RelaysApi(Relays relays, RelayHealths healths) {
        this.relays = relays;
        this.healths = healths;
    }

    @Override
    public Scope scope() {
        return Scope.CAMPAIGNS;
    }

    @Override
    public boolean isAboutSending() {
        return true;
    }

    @Override
    public void operations(Operations operations) {
        operations.get("/relays", this::listOrGet);
        operations.post("/relays", this::create);
        operations.patch("/relays/update", this::update);
        operations.delete("/relays", this::delete);
    }

    private void listOrGet(Call call) {
        var uid = call.params().optional("relay_uid");
        if (uid.isPresent()) {
            answer(call, relays.get(call.account(), uid.get()));
            return;
        }
        var own = relays.list(call.account());
        var all = Stream.concat(own.stream(), relays.ofOperator().stream()).toList();
        var health = healths.of(all.stream().map(ConfiguredRelay::uid).toList());
        var answer = new ArrayList<Map<String, @Nullable Object>>();
        own.forEach(relay -> answer.add(own(relay, health)));
        relays.ofOperator().forEach(relay -> answer.add(ofServer(relay, health)));
        call.answer(answer);
    }

    private void create(Call call) {
        var params = call.params();
        String host = params.required("host");
        int port =
                params.positive("port")
                        .map(RelaysApi::bounded)
                        .orElseThrow(() -> BadInput.missing("port"));
        var credentials = credentials(params);
        var made =
                relays.create(
                        call.account(),
                        new RelaySettings(
                                params.line("name").orElse(host),
                                host,
                                port,
                                security(params)
                                        .orElse(
                                                RelaySettings.security(
                                                        port, credentials.isPresent())),
                                credentials.orElse(null),
                                domain(params).orElse(null),
                                weight(params).orElse(1),
                                new RelayLimits(
                                        whole(params, "connections"),
                                        decimal(params, "messages_per_second"),
                                        whole(params, "messages_per_hour"),
                                        whole(params, "messages_per_connection"))));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("status", "success");
        answer.put("message", "Relay created");
        answer.put("relay_uid", made.uid());
        answer.put("relay", own(made, Map.of()));
        call.answer(answer);
    }

    private void update(Call call) {
        var params = call.params();
        String uid = uid(call);
        var now = relays.get(call.account(), uid);
        String host = params.optional("host").orElse(now.relay().host());
        int port = params.positive("port").map(RelaysApi::bounded).orElse(now.relay().port());
        relays.update(
                call.account(),
                uid,
                new RelaySettings(
                        params.line("name").orElse(now.name()),
                        host,
                        port,
                        security(params).orElse(now.relay().security()),
                        changedCredentials(params, now, host, port),
                        params.has("domain") ? domain(params).orElse(null) : now.domain(),
                        weight(params).orElse(now.weight()),
                        changedLimits(params, now.limits())));
        answer(call, relays.get(call.account(), uid));
    }

    private void delete(Call call) {
        relays.delete(call.account(), uid(call));
        call.success("Relay deleted");
    }

    private static String uid(Call call) {
        return call.params().required("relay_uid");
    }

    private static Optional<Credentials> credentials(Params params) {
        if (!isGiven(params, "user") && !isGiven(params, "password")) return Optional.empty();
        return Optional.of(
                credentials(
                        params.required("user"),
                        params.exact("password").orElseThrow(() -> BadInput.missing("password"))));
    }

    private static boolean isGiven(Params params, String name) {
        return params.optional(name).isPresent();
    }

    private static Credentials credentials(String user, String password) {
        if ((user + password).chars().anyMatch(Character::isISOControl)) {
            throw new BadInput("user and password hold no control characters");
        }
        return new Credentials(user, password);
    }

    // Whoever could lead a password that is kept to another host could read it there.
    private static @Nullable Credentials changedCredentials(
            Params params, ConfiguredRelay now, String host, int port) {
        var known = now.relay().credentials();
        if (params.has("user") && !isGiven(params, "user")) return null;
        if (isGiven(params, "password")) {
            String user =
                    params.optional("user")
                            .or(() -> Optional.ofNullable(known).map(Credentials::user))
                            .orElseThrow(() -> BadInput.missing("user"));
            return credentials(user, params.exact("password").orElseThrow());
        }
        boolean elsewhere = !host.equals(now.relay().host()) || port != now.relay().port();
        if (known != null && elsewhere) {
            throw new BadInput("password must be given again when host or port change");
        }
        if (known == null && isGiven(params, "user")) throw BadInput.missing("password");
        return known == null
                ? null
                : new Credentials(params.optional("user").orElse(known.user()), known.password());
    }

    private static RelayLimits changedLimits(Params params, RelayLimits now) {
        return new RelayLimits(
                params.has("connections") ? whole(params, "connections") : now.connections(),
                params.has("messages_per_second")
                        ? decimal(params, "messages_per_second")
                        : now.perSecond(),
                params.has("messages_per_hour")
                        ? whole(params, "messages_per_hour")
                        : now.perHour(),
                params.has("messages_per_connection")
                        ? whole(params, "messages_per_connection")
                        : now.perConnection());
    }

    private static Optional<Security> security(Params params) {
        return params.optional("security")
                .map(text ->
                        switch (text) {
                            case "tls" -> Security.TLS;
                            case "starttls" -> Security.STARTTLS;
                            case "starttls_if_offered" -> Security.STARTTLS_IF_OFFERED;
                            default ->
                                    throw new BadInput(
                                            "security must be tls, starttls or starttls_if_offered");
                        });
    }

    private static Optional<String> domain(Params params) {
        return params.optional("domain")
                .map(text -> {
                    String domain = text.toLowerCase(Locale.ROOT);
                    if (!domain.matches("([a-z0-9-]{1,63}\\.)+[a-z0-9-]{1,63}")) {
                        throw new BadInput(
                                "domain must be the name of a domain, such as example.com");
                    }
                    return domain;
                });
    }

    private static Optional<Integer> weight(Params params) {
        return params.positive("weight").map(RelaysApi::bounded);
    }

    private static @Nullable Integer whole(Params params, String name) {
        return params.positive(name).map(RelaysApi::bounded).orElse(null);
    }

    private static @Nullable Double decimal(Params params, String name) {
        return params.optional(name)
                .map(text -> {
                    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,6})?")) {
                        throw new BadInput(name + " must be a number above 0");
                    }
                    return Double.valueOf(text);
                })
                .orElse(null);
    }

    private static int bounded(long number) {
        return (int) Math.min(number, MOST + 1L);
    }

    private void answer(Call call, ConfiguredRelay relay) {
        call.answer(Map.of("relay", own(relay, healths.of(List.of(relay.uid())))));
    }

    private static Map<String, @Nullable Object> own(
            ConfiguredRelay relay, Map<String, RelayHealth> healths) {
        var endpoint = relay.relay();
        var credentials = endpoint.credentials();
        var limits = relay.limits();
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("uid", relay.uid());
        answer.put("name", relay.name());
        answer.put("shared", false);
        answer.put("host", endpoint.host());
        answer.put("port", endpoint.port());
        answer.put("security", endpoint.security().name().toLowerCase(Locale.ROOT));
        answer.put("user", credentials == null ? null : credentials.user());
        answer.put("domain", relay.domain());
        answer.put("weight", relay.weight());
        answer.put("connections", limits.connections());
        answer.put("messages_per_second", limits.perSecond());
        answer.put("messages_per_hour", limits.perHour());
        answer.put("messages_per_connection", limits.perConnection());
        answer.put("created_at", time(relay.createdAt()));
        answer.put("health", health(healths.getOrDefault(relay.uid(), RelayHealth.UNTRIED), true));
        return answer;
    }

    // Where the operator's mail goes, and what is answered there, is no account's business.
    private static Map<String, @Nullable Object> ofServer(
            ConfiguredRelay relay, Map<String, RelayHealth> healths) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("uid", relay.uid());
        answer.put("name", "A relay of the server");
        answer.put("shared", true);
        answer.put("health", health(healths.getOrDefault(relay.uid(), RelayHealth.UNTRIED), false));
        return answer;
    }

    private static Map<String, @Nullable Object> health(RelayHealth health, boolean own) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("state", health.state());
        if (own) {
            answer.put("connections", health.connections());
            answer.put("accepted", health.accepted());
            answer.put("deferred", health.deferred());
            answer.put("refused", health.refused());
            answer.put("failing", health.failing());
        }
        answer.put("failing_since", time(health.failingSince()));
        answer.put("next_try_at", time(health.nextTryAt()));
        return answer;
    }
}
