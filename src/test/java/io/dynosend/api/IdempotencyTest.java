package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Http;
import io.dynosend.Http.Reply;
import io.dynosend.account.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code Idempotency-Key} (section "Everywhere" of the contract). */
class IdempotencyTest extends ApiTest {

    private final String audience = newAudience();

    @Test
    void aRepeatHearsTheFirstAnswerAndDoesNothing() {
        var first = create(http, "k", "ada@example.org");
        var repeat = create(http, "k", "ada@example.org");

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(repeat.status()).isEqualTo(200);
        assertThat(repeat.body()).isEqualTo(first.body());
        assertThat(repeat.header("Content-Type")).isEqualTo("application/json");
        assertThat(repeat.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(contacts()).isEqualTo(1);
    }

    @Test
    void theSameParametersInAnotherFormAreARepeat() {
        var first = create(http, "k", "ada@example.org");

        var repeat =
                call(
                        "POST",
                        "/contacts",
                        form("EMAIL", "ada@example.org", "audience_uid", audience),
                        "Content-Type",
                        FORM,
                        "Idempotency-Key",
                        "k");

        assertThat(repeat.body()).isEqualTo(first.body());
    }

    @Test
    void anotherRequestWithTheSameKeyIsRefused() {
        create(http, "k", "ada@example.org");

        var other = create(http, "k", "grace@example.org");
        var elsewhere =
                call(
                        "POST",
                        "/audiences/add-field",
                        "{\"audience_uid\": \"%s\", \"EMAIL\": \"ada@example.org\"}"
                                .formatted(audience),
                        "Idempotency-Key",
                        "k");

        refused(other, 400, "idempotency_key_reused");
        refused(elsewhere, 400, "idempotency_key_reused");
        assertThat(contacts()).isEqualTo(1);
    }

    @Test
    void aRefusalIsAnAnswerTooAndIsRepeated() {
        newContact(audience, "\"EMAIL\": \"ada@example.org\"");

        var first = create(http, "k", "ada@example.org");
        execute("DELETE FROM contact WHERE email = 'ada@example.org'");
        var repeat = create(http, "k", "ada@example.org");

        refused(first, 400, "contact_exists");
        assertThat(repeat.body()).isEqualTo(first.body());
        assertThat(repeat.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(contacts()).isZero();
    }

    @Test
    void aKeyBelongsToAUserAndEndsAfterADay() {
        var first = create(http, "k", "ada@example.org");
        var colleague = http.as(newUser(http.token(), Role.ADMIN));

        refused(create(colleague, "k", "ada@example.org"), 400, "contact_exists");
        clock.advance(Duration.ofHours(23));
        assertThat(create(http, "k", "ada@example.org").body()).isEqualTo(first.body());
        clock.advance(Duration.ofHours(1));
        refused(create(http, "k", "ada@example.org"), 400, "contact_exists");
    }

    @Test
    void ofAHundredAtOnceOneIsDoneAndAllHearTheSame() throws Exception {
        List<Callable<Reply>> calls =
                IntStream.range(0, 100)
                        .<Callable<Reply>>mapToObj(_ -> () -> create(http, "k", "a@example.org"))
                        .toList();

        var bodies = new HashSet<String>();
        var codes = new HashSet<String>();
        for (var reply : atOnce(calls)) {
            if (reply.status() == 200) bodies.add(reply.body());
            else codes.add(refusedCode(reply));
        }

        assertThat(bodies).hasSize(1);
        assertThat(codes).isSubsetOf("idempotency_in_progress");
        assertThat(contacts()).isEqualTo(1);
        assertThat(create(http, "k", "a@example.org").body()).isEqualTo(bodies.iterator().next());
    }

    @Test
    void aKeyHasOneTo255CharactersAndCountsForPostOnly() {
        assertThat(badInput(create(http, "k".repeat(256), "a@example.org")))
                .isEqualTo("Idempotency-Key must be 1 to 255 characters");
        assertThat(create(http, "k".repeat(255), "a@example.org").status()).isEqualTo(200);

        var read = call("GET", "/audiences", "", "Idempotency-Key", "r");
        newAudience();

        assertThat(call("GET", "/audiences", "", "Idempotency-Key", "r").body())
                .isNotEqualTo(read.body());
    }

    private Reply create(Http client, String key, String email) {
        return client.call(
                "POST",
                "/api/v2/contacts",
                "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s\"}".formatted(audience, email),
                "Idempotency-Key",
                key);
    }

    private long contacts() {
        return ok(call("GET", "/contacts?audience_uid=" + audience, "")).size();
    }

    private static String refusedCode(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        return reply.json().get("code").asText();
    }

    private static List<Reply> atOnce(List<Callable<Reply>> calls) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = new ArrayList<Reply>();
            for (var each : threads.invokeAll(calls)) replies.add(each.get());
            return replies;
        }
    }
}
