package io.dynosend.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * People who read their mail. What each of them does depends on the seed and their address alone,
 * so that a run can be repeated.
 */
final class Readership {

    /** What they have done, as they counted it themselves. */
    record Deeds(long opens, long openers, long clicks, long clickers, long unsubscribes) {}

    private static final int PAGE = 1_000;
    private static final int AT_ONCE = 16;

    private static final double OPENS = 0.46;
    private static final double OPENS_AGAIN = 0.20;
    private static final double CLICKS = 0.28;
    private static final double CLICKS_AGAIN = 0.15;
    private static final double UNSUBSCRIBES = 0.012;

    private final Client client;
    private final long seed;
    private final LongAdder opens = new LongAdder();
    private final LongAdder openers = new LongAdder();
    private final LongAdder clicks = new LongAdder();
    private final LongAdder clickers = new LongAdder();
    private final LongAdder unsubscribes = new LongAdder();

    Readership(Client client, long seed) {
        this.client = client;
        this.seed = seed;
    }

    /**
     * Reads everything that arrived in the mailbox.
     *
     * @param after the id of the last message that is none of theirs; empty for none
     * @param progress is told how many messages have been looked at
     */
    Deeds read(String after, LongConsumer progress) {
        var turn = new Semaphore(AT_ONCE);
        var readers = new ArrayList<Future<?>>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            String last = after;
            long looked = 0;
            List<JsonNode> page = page(last);
            while (!page.isEmpty()) {
                for (var message : page) {
                    turn.acquireUninterruptibly();
                    readers.add(
                            executor.submit(() -> {
                                try {
                                    read(message);
                                } finally {
                                    turn.release();
                                }
                            }));
                }
                looked += page.size();
                progress.accept(looked);
                last = page.getLast().get("id").asText();
                page = page(last);
            }
        }
        readers.forEach(Readership::rethrow);
        return new Deeds(
                opens.sum(), openers.sum(), clicks.sum(), clickers.sum(), unsubscribes.sum());
    }

    private List<JsonNode> page(String after) {
        var messages = new ArrayList<JsonNode>();
        client.get("/mailbox/messages?limit=" + PAGE + "&after=" + after)
                .get("messages")
                .forEach(messages::add);
        return messages;
    }

    private void read(JsonNode summary) {
        var mood = new Random(seed ^ summary.get("to").toString().hashCode() * 0x9E3779B97F4A7C15L);
        boolean unsubscribes = mood.nextDouble() < UNSUBSCRIBES;
        if (mood.nextDouble() >= OPENS && !unsubscribes) return;

        var message = client.get("/mailbox/messages/" + summary.get("id").asText());
        open(message, mood);
        if (mood.nextDouble() < CLICKS) click(message, mood);
        if (unsubscribes) unsubscribe(message);
    }

    private void open(JsonNode message, Random mood) {
        int times = mood.nextDouble() < OPENS_AGAIN ? 2 : 1;
        for (int i = 0; i < times; i++) expect(200, client.follow(pixel(message)));
        opens.add(times);
        openers.increment();
    }

    private void click(JsonNode message, Random mood) {
        var links = trackedLinks(message);
        int times = mood.nextDouble() < CLICKS_AGAIN ? 2 : 1;
        for (int i = 0; i < times; i++) {
            expect(302, client.follow(links.get(mood.nextInt(links.size()))));
        }
        clicks.add(times);
        clickers.increment();
    }

    private void unsubscribe(JsonNode message) {
        expect(200, client.oneClick(header(message, "List-Unsubscribe").replaceAll("[<>]", "")));
        unsubscribes.increment();
    }

    private static String pixel(JsonNode message) {
        String html = message.get("html").asText();
        int at = html.indexOf("/o/");
        int start = html.lastIndexOf('"', at) + 1;
        return html.substring(start, html.indexOf('"', at));
    }

    private static List<String> trackedLinks(JsonNode message) {
        var links = new ArrayList<String>();
        message.get("links")
                .forEach(link -> {
                    String url = link.asText();
                    if (url.contains("/c/") || url.contains("/r/")) links.add(url);
                });
        return links;
    }

    private static String header(JsonNode message, String name) {
        for (var header : message.get("headers")) {
            if (header.get(0).asText().equalsIgnoreCase(name)) return header.get(1).asText();
        }
        throw new IllegalStateException("A message without " + name);
    }

    private static void expect(int status, int answered) {
        if (status != answered) {
            throw new IllegalStateException(
                    "A reader expected %d and got %d".formatted(status, answered));
        }
    }

    private static void rethrow(Future<?> reader) {
        try {
            reader.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A reader got stuck", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
