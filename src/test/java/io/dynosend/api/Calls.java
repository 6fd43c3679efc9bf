package io.dynosend.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One good call of every operation, for the tests that hold all of them to the same rules. A new
 * operation without its line here fails those tests.
 */
final class Calls {

    /**
     * The things of one account that calls are about.
     *
     * @param uids by the name of the parameter, such as {@code audience_uid}
     */
    record Things(Map<String, String> uids, String email, String tag) {

        String uid(String name) {
            String uid = uids.get(name);
            if (uid == null) throw new AssertionError("No " + name + " was made");
            return uid;
        }

        /** The same with uids that nobody has. */
        Things unknown() {
            var unknown = new TreeMap<>(uids);
            unknown.replaceAll((_, _) -> "0000000000000");
            return new Things(unknown, email, tag);
        }
    }

    /** The parameters of a good call. */
    interface Parameters extends Function<Things, Map<String, Object>> {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Parameters AUDIENCE = of("audience_uid");
    private static final Parameters CONTACT = of("audience_uid", "contact_uid");
    private static final Parameters CAMPAIGN = of("campaign_uid");
    private static final Parameters DOMAIN = of("domain_uid");
    private static final Parameters RELAY = of("relay_uid");
    private static final Parameters TEMPLATE = of("template_uid");
    private static final Parameters TRANSACTIONAL = of("transactional_uid");

    private static final Map<String, Parameters> GOOD =
            Map.ofEntries(
                    entry("GET /audiences", AUDIENCE),
                    entry(
                            "POST /audiences",
                            _ ->
                                    map(
                                            "name", "Readers",
                                            "from_email", "me@example.org",
                                            "from_name", "Me",
                                            "tracking", "aggregate",
                                            "contact_information", Map.of("city", "Bern"))),
                    entry(
                            "POST /audiences/add-field",
                            with(AUDIENCE, "type", "text", "label", "Colour", "tag", "COLOUR")),
                    entry("PATCH /audiences/update", with(AUDIENCE, "name", "Customers")),
                    entry("DELETE /audiences", as("idle_audience_uid", "audience_uid")),
                    entry("GET /contacts", CONTACT),
                    entry(
                            "POST /contacts",
                            with(
                                    AUDIENCE,
                                    "EMAIL",
                                    "new@example.org",
                                    "tag",
                                    "a,b",
                                    "CITY",
                                    "Rome")),
                    entry("GET /contacts/duplicate", things -> map("email", things.email())),
                    entry("PATCH /contacts/addtag", with(CONTACT, "tag", "y,z")),
                    entry("PATCH /contacts/removetag", with(CONTACT, "tag", "x")),
                    entry("PATCH /contacts/subscribe", CONTACT),
                    entry("DELETE /contacts", CONTACT),
                    entry("GET /contacts/timeline", CONTACT),
                    entry("GET /contacts/consent", CONTACT),
                    entry(
                            "POST /contacts/confirmation",
                            things ->
                                    map(
                                            "audience_uid",
                                            things.uid("idle_audience_uid"),
                                            "contact_uid",
                                            things.uid("unconfirmed_contact_uid"))),
                    entry(
                            "POST /contacts/batch",
                            with(
                                    AUDIENCE,
                                    "contacts",
                                    List.of(
                                            Map.of("EMAIL", "one@example.org"),
                                            Map.of("EMAIL", "two")))),
                    entry(
                            "POST /events",
                            with(
                                    CONTACT,
                                    "event_name",
                                    "trial_started",
                                    "properties",
                                    Map.of("plan", "gold"))),
                    entry("POST /blacklist", things -> map("email", things.email())),
                    entry("POST /blacklist/add", things -> map("email", things.email())),
                    entry("POST /blacklist/remove", things -> map("email", things.email())),
                    entry("GET /blacklist/list", _ -> map("page", 1)),
                    entry("PATCH /contacts/update", with(CONTACT, "tag", "c", "CITY", "Oslo")),
                    entry("PATCH /contacts/unsubscribe", CONTACT),
                    entry("GET /imports", of("import_uid")),
                    entry("POST /imports", AUDIENCE),
                    entry("GET /campaigns", CAMPAIGN),
                    entry(
                            "POST /campaigns",
                            with(
                                    AUDIENCE,
                                    "name",
                                    "News",
                                    "subject",
                                    "Hi",
                                    "html",
                                    "<p>Hi</p>",
                                    "utm",
                                    Map.of(
                                            "source", "news",
                                            "medium", "email",
                                            "campaign", "october"))),
                    entry("POST /campaigns/start", CAMPAIGN),
                    entry("POST /campaigns/pause", as("started_campaign_uid", "campaign_uid")),
                    entry("POST /campaigns/resume", as("paused_campaign_uid", "campaign_uid")),
                    entry("PATCH /campaigns/update", with(CAMPAIGN, "subject", "Other")),
                    entry("DELETE /campaigns", CAMPAIGN),
                    entry(
                            "POST /campaigns/schedule",
                            with(CAMPAIGN, "scheduled_at", "2030-01-01T00:00:00Z")),
                    entry("POST /campaigns/test", with(CAMPAIGN, "email", "me@example.org")),
                    entry("POST /campaigns/preview", of("campaign_uid", "contact_uid")),
                    entry("GET /campaigns/check", CAMPAIGN),
                    entry("GET /campaigns/recipients", CAMPAIGN),
                    entry("GET /campaigns/links", CAMPAIGN),
                    entry("GET /campaigns/content", CAMPAIGN),
                    entry(
                            "POST /transactional",
                            with(
                                    TRANSACTIONAL,
                                    "recipient",
                                    "new@example.org",
                                    "customTags",
                                    List.of(Map.of("Name", "CODE", "Value", "1234")),
                                    "customHeaders",
                                    List.of(Map.of("name", "X-Order", "value", "12")),
                                    "attachments",
                                    List.of(
                                            Map.of(
                                                    "Name", "a.txt",
                                                    "ContentType", "text/plain",
                                                    "Content", "aGVsbG8=")))),
                    entry("GET /transactional", TRANSACTIONAL),
                    entry("DELETE /transactional", TRANSACTIONAL),
                    entry(
                            "POST /transactional/create",
                            with(
                                    AUDIENCE,
                                    "name",
                                    "Receipt",
                                    "content",
                                    "internal",
                                    "subject",
                                    "Paid",
                                    "html",
                                    "<p>Paid</p>")),
                    entry("PATCH /transactional/update", with(TRANSACTIONAL, "name", "Other")),
                    entry("GET /transactional/messages", TRANSACTIONAL),
                    entry("GET /domains", DOMAIN),
                    entry("POST /domains", _ -> map("domain", "acme.example")),
                    entry("POST /domains/check", DOMAIN),
                    entry("POST /domains/warm-up", with(DOMAIN, "plan", "50, 100")),
                    entry("DELETE /domains", DOMAIN),
                    entry("GET /campaigns/sending", CAMPAIGN),
                    entry("POST /campaigns/cancel", as("started_campaign_uid", "campaign_uid")),
                    entry("POST /campaigns/rate", with(CAMPAIGN, "messages_per_hour", "100")),
                    entry("GET /campaigns/unknown", CAMPAIGN),
                    entry("POST /campaigns/unknown/resend", CAMPAIGN),
                    entry("POST /campaigns/unknown/count-as-sent", CAMPAIGN),
                    entry("GET /relays", RELAY),
                    entry("POST /relays", _ -> map("host", "smtp.acme.example", "port", "587")),
                    entry("PATCH /relays/update", with(RELAY, "weight", "2")),
                    entry("DELETE /relays", RELAY),
                    entry("GET /templates", TEMPLATE),
                    entry("GET /templates/versions", TEMPLATE),
                    entry(
                            "POST /templates",
                            _ -> map("name", "Letter", "subject", "News", "markdown", "# Hi")),
                    entry("PATCH /templates/update", with(TEMPLATE, "markdown", "# Hello")),
                    entry("DELETE /templates", TEMPLATE));

    /** Those that no uid leads to: they make, list or look up by address. */
    static final Set<String> WITHOUT_UID =
            Set.of(
                    "POST /audiences",
                    "POST /domains",
                    "POST /relays",
                    "POST /templates",
                    "GET /contacts/duplicate",
                    "POST /blacklist",
                    "POST /blacklist/add",
                    "POST /blacklist/remove",
                    "GET /blacklist/list");

    /** POSTs that change nothing. */
    static final Set<String> READING = Set.of("POST /blacklist", "POST /campaigns/preview");

    /** Those that need a file, so that only multipart serves. */
    static final Set<String> WITH_FILE = Set.of("POST /imports");

    private Calls() {}

    /** Every operation of the routes, as {@code POST /contacts}. */
    static List<String> all(Map<String, Set<String>> routes) {
        return routes.entrySet().stream()
                .flatMap(route ->
                        route.getValue().stream().sorted().map(verb -> verb + " " + route.getKey()))
                .toList();
    }

    static Map<String, Object> parameters(String operation, Things things) {
        var parameters = GOOD.get(operation);
        if (parameters == null) {
            throw new AssertionError(operation + " is new: give a good call of it in Calls");
        }
        return parameters.apply(things);
    }

    static Set<String> known() {
        return GOOD.keySet();
    }

    static String json(Map<String, Object> parameters) {
        try {
            return JSON.writeValueAsString(parameters);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code a=1&b[0][c]=2}. */
    static String urlencoded(Map<String, Object> parameters) {
        return flat(parameters).entrySet().stream()
                .map(each ->
                        URLEncoder.encode(each.getKey(), UTF_8)
                                + "="
                                + URLEncoder.encode(each.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    static String multipart(Map<String, Object> parameters) {
        var fields = new ArrayList<String>();
        flat(parameters).forEach((name, value) -> fields.addAll(List.of(name, value)));
        return ApiTest.multipart(fields.toArray(String[]::new));
    }

    /** Names and values in turn. */
    static Map<String, Object> map(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) map.put(pairs[i].toString(), pairs[i + 1]);
        return map;
    }

    private static Parameters of(String... uids) {
        return things -> {
            var parameters = new LinkedHashMap<String, Object>();
            for (String uid : uids) parameters.put(uid, things.uid(uid));
            return parameters;
        };
    }

    private static Parameters as(String thing, String parameter) {
        return things -> map(parameter, things.uid(thing));
    }

    private static Parameters with(Parameters first, Object... pairs) {
        return things -> {
            var all = new LinkedHashMap<>(first.apply(things));
            all.putAll(map(pairs));
            return all;
        };
    }

    private static Map<String, String> flat(Map<String, Object> parameters) {
        var flat = new LinkedHashMap<String, String>();
        parameters.forEach((name, value) -> flatten(name, value, flat));
        return flat;
    }

    private static void flatten(String name, Object value, Map<String, String> into) {
        switch (value) {
            case Map<?, ?> map ->
                    map.forEach((key, child) -> flatten(name + "[" + key + "]", child, into));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    flatten(name + "[" + i + "]", list.get(i), into);
                }
            }
            default -> into.put(name, value.toString());
        }
    }
}
