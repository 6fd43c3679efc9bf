package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Application;
import io.dynosend.Http;
import io.dynosend.Http.Reply;
import io.dynosend.account.Role;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Section "Rate limit" of the API document, as a client sees it. */
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
    void everyAnswerSaysHowManyAreLeft() {
        var reply = list(client);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("X-RateLimit-Limit")).isEqualTo("10");
        assertThat(reply.header("X-RateLimit-Remaining")).isEqualTo("9");
    }

    @Test
    void whoHasUsedUpTheirTenIsToldWhenToComeBack() {
        useUp(token);

        var reply = list(client);

        refused(reply, 429, "rate_limited");
        assertThat(reply.header("Retry-After")).isEqualTo("86401");
        assertThat(reply.header("X-RateLimit-Limit")).isEqualTo("10");
        assertThat(reply.header("X-RateLimit-Remaining")).isEqualTo("0");
    }

    @Test
    void aRefusedRequestIsCountedToo() {
        client.get("/api/v2/contacts");
        client.get("/api/v2/contacts?audience_uid=none");

        assertThat(
                        single(
                                Integer.class,
                                "SELECT cardinality(admitted) FROM user_rate WHERE user_id = ?",
                                holder(token).user()))
                .isEqualTo(2);
    }

    @Test
    void allTokensOfAUserAndAllNodesShareTheTen() {
        var another = narrowed(token, EnumSet.copyOf(holder(token).scopes()), true);
        useUp(token);

        assertThat(list(client.as(another)).status()).isEqualTo(429);
        assertThat(list(new Http(port(otherNode), token)).status()).isEqualTo(429);
    }

    @Test
    void anotherUserOfTheAccountHasTenOfTheirOwn() {
        useUp(token);

        assertThat(list(client.as(newUser(token, Role.VIEWER))).status()).isEqualTo(200);
    }

    @Test
    void theTokenIsLookedAtBeforeTheRateAndTheRateBeforeTheParameters() {
        useUp(token);

        assertThat(client.get("/api/v2/contacts").status()).isEqualTo(429);
        assertThat(client.as("no token").get("/api/v2/contacts").status()).isIn(401, 429);
        assertThat(client.get("/api/v2/nothing").status()).isEqualTo(404);
        assertThat(client.patch("/api/v2/contacts", "").status()).isEqualTo(405);
    }

    @Test
    void guessingTokensIsLimitedByAddressAndLocksNobodyOut() {
        var failures = new FailedAuthentications();
        for (int i = 0; i < 10; i++) {
            assertThat(failures.count("192.0.2.1", i)).isEqualTo(Duration.ZERO);
        }

        assertThat(failures.count("192.0.2.1", 10)).isPositive();
        assertThat(failures.count("192.0.2.2", 10)).isEqualTo(Duration.ZERO);
        assertThat(failures.count("192.0.2.1", 1_000_000_000)).isEqualTo(Duration.ZERO);
        var guesser = client.as("a wrong token");
        for (int i = 0; i < 20; i++) assertThat(list(guesser).status()).isIn(401, 429);
        assertThat(list(client).status()).isEqualTo(200);
    }

    @Test
    void whoHasOneAddressOfIpv6HasManyAndIsLimitedByTheirNetwork() {
        var failures = new FailedAuthentications();
        for (int i = 0; i < 10; i++) failures.count("2001:db8:0:1:0:0:0:" + i, i);

        assertThat(failures.count("2001:db8:0:1:a:b:c:d", 10)).isPositive();
        assertThat(failures.count("2001:db8:0:2:0:0:0:1", 10)).isEqualTo(Duration.ZERO);
    }

    private static Reply list(Http client) {
        return client.get("/api/v2/audiences");
    }

    // In a second that does not pass while the test runs.
    private static void useUp(String token) {
        var user = holder(token);
        execute(
                """
                INSERT INTO user_rate (account_id, user_id, admitted)
                VALUES (?, ?, array_fill(clock_timestamp() + interval '1 day', ARRAY[10]))
                """,
                user.account(),
                user.user());
    }
}
