package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Application;
import io.dynosend.Http;
import io.dynosend.Http.Reply;
import io.dynosend.account.Principal;
import io.dynosend.account.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Section "Rate limit" of the API document. Time passes by moving what the database remembers. */
class RateLimitTest extends ApiTest {

    private static final Application node = anotherNode();
    private static final Application otherNode = anotherNode();

    private final String token = http.token();
    private final Http client = new Http(port(node), token);

    @AfterAll
    static void stop() {
        node.close();
        otherNode.close();
    }

    @Test
    void tenRequestsPassAndTheEleventhIsRefused() {
        for (int i = 1; i <= 10; i++) {
            var reply = list(client);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("X-RateLimit-Limit")).isEqualTo("10");
            assertThat(reply.header("X-RateLimit-Remaining")).isEqualTo(Integer.toString(10 - i));
        }
        var eleventh = list(client);

        refused(eleventh, 429, "rate_limited");
        assertThat(eleventh.header("Retry-After")).isEqualTo("1");
        assertThat(eleventh.header("X-RateLimit-Remaining")).isEqualTo("0");
    }

    @Test
    void whoSendsTenInEverySecondIsNeverRefused() {
        for (int second = 0; second < 5; second++) {
            for (int i = 0; i < 10; i++) assertThat(list(client).status()).isEqualTo(200);
            passes("1 second");
        }
    }

    @Test
    void whatCountsIsAnySecondAndNotTheOneOfTheClock() {
        send(client, 5);
        passes("600 milliseconds");
        send(client, 5);

        assertThat(list(client).status()).isEqualTo(429);

        passes("400 milliseconds");
        assertThat(statuses(client, 6)).containsExactly(200, 200, 200, 200, 200, 429);
    }

    @Test
    void whoIsALittleEarlyIsHeldUntilItIsTime() {
        send(client, 10);
        passes("940 milliseconds");

        assertThat(list(client).status()).isEqualTo(200);

        assertThat(
                        single(
                                Boolean.class,
                                """
                                SELECT admitted[10] >= admitted[9] + interval '30 milliseconds'
                                FROM user_rate WHERE account_id = ? AND user_id = ?
                                """,
                                user().account(),
                                user().user()))
                .isTrue();
    }

    @Test
    void aRefusedRequestCountsButOneBeyondTheRateDoesNot() {
        for (int i = 0; i < 10; i++) {
            assertThat(client.get("/api/v2/contacts").status()).isEqualTo(400);
        }
        for (int i = 0; i < 5; i++) assertThat(list(client).status()).isEqualTo(429);

        passes("1 second");
        assertThat(list(client).status()).isEqualTo(200);
    }

    @Test
    void allTokensOfAUserAndAllNodesShareTheTen() {
        var other = new Http(port(otherNode), narrowed(token, user().scopes(), true));

        send(client, 6);
        send(other, 4);

        assertThat(list(client).status()).isEqualTo(429);
        assertThat(list(other).status()).isEqualTo(429);
    }

    @Test
    void anotherUserOfTheAccountHasTenOfTheirOwn() {
        var other = new Http(port(node), newUser(token, Role.VIEWER));
        send(client, 10);

        assertThat(list(other).status()).isEqualTo(200);
    }

    @Test
    void ofFortyAtOnceOverTwoNodesExactlyTenPass() throws Exception {
        var clients = List.of(client, new Http(port(otherNode), token));
        var calls =
                IntStream.range(0, 40)
                        .<Callable<Integer>>mapToObj(i -> () -> list(clients.get(i % 2)).status())
                        .toList();

        var statuses = atOnce(calls);

        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(10);
        assertThat(statuses.stream().filter(status -> status == 429)).hasSize(30);
    }

    @Test
    void guessingTokensIsLimitedByAddressAndLocksNobodyOut() {
        var guesser = client.as("a wrong token");

        assertThat(statuses(guesser, 12)).contains(401, 429).startsWith(401);

        assertThat(list(client).status()).isEqualTo(200);
    }

    private static Reply list(Http client) {
        return client.get("/api/v2/audiences");
    }

    private static void send(Http client, int requests) {
        assertThat(statuses(client, requests)).containsOnly(200);
    }

    private static List<Integer> statuses(Http client, int requests) {
        return IntStream.range(0, requests).mapToObj(_ -> list(client).status()).toList();
    }

    private static List<Integer> atOnce(List<Callable<Integer>> calls)
            throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = new ArrayList<Integer>();
            for (var each : threads.invokeAll(calls)) statuses.add(each.get());
            return statuses;
        }
    }

    private void passes(String time) {
        execute(
                """
                UPDATE user_rate
                SET admitted = ARRAY(SELECT t - cast(? AS interval)
                                     FROM unnest(admitted) WITH ORDINALITY AS a (t, i) ORDER BY i)
                WHERE account_id = ? AND user_id = ?
                """,
                time,
                user().account(),
                user().user());
    }

    private Principal user() {
        return holder(token);
    }
}
