package io.dynosend.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.demo.Readership.Deeds;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** From an empty audience to insights that can be trusted, in front of one's eyes. */
public final class Demo {

    private static final long SEED = 2026;

    private static final List<Map<String, String>> FIELDS =
            List.of(
                    field("text", "First name", "FIRST_NAME"),
                    field("text", "Last name", "LAST_NAME"),
                    field("text", "City", "CITY"),
                    field("text", "Plan", "PLAN"),
                    field("date", "Signed up", "SIGNED_UP"));

    private final Client client;
    private final PrintStream out;
    private String audience = "";

    /**
     * @param baseUrl of a running server whose relay is the built-in mailbox, open to us
     * @param token of the API
     */
    public Demo(String baseUrl, String token, PrintStream out) {
        this.client = new Client(baseUrl, token);
        this.out = out;
    }

    /**
     * Does the whole job and prints the summary.
     *
     * @param contacts how many
     * @param before is given the audience before there is a campaign
     * @return whether the numbers of the server add up, and are those that the readers counted
     */
    public boolean run(int contacts, Consumer<String> before) {
        try (client) {
            String lastBefore = lastMessage();
            audience = makeAudience();
            importContacts(contacts);
            before.accept(audience);
            String campaign = makeCampaign();
            var took = send(campaign, contacts);
            var deeds = read(lastBefore);
            return summary(campaign, took, deeds);
        }
    }

    /** The one that it wrote to. */
    public String audience() {
        return audience;
    }

    private String makeAudience() {
        String made =
                client.post(
                                "/api/v2/audiences",
                                Map.of(
                                        "name", "Fernweh Trails",
                                        "from_email", "letters@fernweh.example",
                                        "from_name", "Käthe from Fernweh",
                                        "default_subject", "The paths are empty in October",
                                        "contact_information",
                                                Map.of(
                                                        "company", "Fernweh Trails GmbH",
                                                        "address_1", "Wanderweg 12",
                                                        "zip", "89073",
                                                        "city", "Ulm",
                                                        "country", "Germany")))
                        .get("audience_uid")
                        .asText();
        for (var field : FIELDS) {
            var body = new HashMap<>(field);
            body.put("audience_uid", made);
            client.post("/api/v2/audiences/add-field", body);
        }
        line("Audience", "“Fernweh Trails” with %d custom fields".formatted(FIELDS.size()));
        return made;
    }

    private void importContacts(int contacts) {
        var start = Instant.now();
        var result = client.upload("/api/v2/imports", audience, DemoContacts.csv(contacts));
        double seconds = seconds(Duration.between(start, Instant.now()));
        line(
                "Contacts",
                "%,d imported from a CSV file, %,d rejected, in %.1f s"
                        .formatted(
                                result.get("created").asInt(),
                                result.get("rejected").asInt(),
                                seconds));
    }

    private String makeCampaign() {
        String campaign =
                client.post(
                                "/api/v2/campaigns",
                                Map.of(
                                        "name",
                                        "October letter",
                                        "audience_uid",
                                        audience,
                                        "subject",
                                        "{{ FIRST_NAME | default: 'Hello' }}, the paths are"
                                                + " empty in October",
                                        "html",
                                        DemoContacts.resource("/demo/newsletter.html")))
                        .get("campaign_uid")
                        .asText();
        line("Campaign", "“October letter”, a newsletter with Liquid tags");
        return campaign;
    }

    private Duration send(String campaign, int contacts) {
        var start = Instant.now();
        client.post("/api/v2/campaigns/start", Map.of("campaign_uid", campaign));
        String status;
        do {
            pause();
            var counts = counts(campaign);
            status = campaign(campaign).at("/campaign/status").asText();
            long settled = counts.get("recipients").asLong() - counts.get("waiting").asLong();
            progress("Sending", settled, contacts);
        } while (!status.equals("done"));
        out.println();
        return Duration.between(start, Instant.now());
    }

    private Deeds read(String after) {
        var deeds =
                new Readership(client, SEED).read(after, looked -> progress("Reading", looked, 0));
        out.println();
        return deeds;
    }

    private boolean summary(String campaign, Duration took, Deeds deeds) {
        var insights = campaign(campaign).get("insights");
        var counts = counts(campaign);
        out.println();
        figure("Recipients", counts, "recipients");
        figure("Delivered", counts, "sent");
        figure("Bounced", counts, "bounced");
        line(
                "Failed",
                "%,d for other reasons"
                        .formatted(counts.get("failed").asLong() - counts.get("bounced").asLong()));
        figure("Skipped", counts, "skipped");
        figure("Unknown", counts, "unknown");
        line("Opens", pair(insights, "open_count", "unique_open_count"));
        line("Clicks", pair(insights, "click_count", "unique_click_count"));
        figure("Unsubscribes", insights, "unsubscribed_count");
        line(
                "Speed",
                "%,.0f messages a second".formatted(counts.get("sent").asLong() / seconds(took)));
        boolean adds = addsUp(counts, insights, deeds);
        line(
                "Adds up",
                adds
                        ? "yes: every recipient has one outcome, and the readers counted the same"
                        : "NO: the readers counted " + deeds);
        out.println();
        return adds;
    }

    private static boolean addsUp(JsonNode counts, JsonNode insights, Deeds deeds) {
        long outcomes =
                counts.get("sent").asLong()
                        + counts.get("failed").asLong()
                        + counts.get("skipped").asLong()
                        + counts.get("unknown").asLong()
                        + counts.get("waiting").asLong();
        return counts.get("recipients").asLong() == outcomes
                && counts.get("waiting").asLong() == 0
                && insights.get("recipients").asLong() == outcomes
                && insights.get("bounce_count").asLong() == counts.get("bounced").asLong()
                && insights.get("open_count").asLong() == deeds.opens()
                && insights.get("unique_open_count").asLong() == deeds.openers()
                && insights.get("click_count").asLong() == deeds.clicks()
                && insights.get("unique_click_count").asLong() == deeds.clickers()
                && insights.get("unsubscribed_count").asLong() == deeds.unsubscribes();
    }

    private JsonNode campaign(String uid) {
        return client.get("/api/v2/campaigns?campaign_uid=" + uid);
    }

    private JsonNode counts(String campaign) {
        return client.get("/api/v2/campaigns/recipients?per_page=1&campaign_uid=" + campaign)
                .get("counts");
    }

    private String lastMessage() {
        String last = "";
        JsonNode page = client.get("/mailbox/messages?limit=1000&after=").get("messages");
        while (!page.isEmpty()) {
            last = page.get(page.size() - 1).get("id").asText();
            page = client.get("/mailbox/messages?limit=1000&after=" + last).get("messages");
        }
        return last;
    }

    private void figure(String name, JsonNode from, String key) {
        line(name, "%,d".formatted(from.get(key).asLong()));
    }

    private void line(String name, String text) {
        out.printf(Locale.ROOT, "  %-13s %s%n", name, text);
    }

    private void progress(String name, long count, long of) {
        String text = of == 0 ? "%,d messages".formatted(count) : "%,d of %,d".formatted(count, of);
        out.printf(Locale.ROOT, "\r  %-13s %s", name, text);
        out.flush();
    }

    private static String pair(JsonNode insights, String total, String unique) {
        return "%,d by %,d readers"
                .formatted(insights.get(total).asLong(), insights.get(unique).asLong());
    }

    private static Map<String, String> field(String type, String label, String tag) {
        return Map.of("type", type, "label", label, "tag", tag);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(200));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
