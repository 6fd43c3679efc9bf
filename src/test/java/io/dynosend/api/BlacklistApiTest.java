package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Http.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section "Blacklist" of the API document. */
class BlacklistApiTest extends ApiTest {

    @Test
    void theDocumentsOwnCallsAddAndCheckAnAddress() {
        var added = curl("POST", "/blacklist/add", "{\"email\": \"bademail@gmail.com\"}");

        var checked = curl("POST", "/blacklist", "{\"email\": \"bademail@gmail.com\"}");

        assertThat(added.status()).isEqualTo(204);
        assertThat(added.body()).isEmpty();
        assertThat(added.headers().firstValue("Content-Type")).isEmpty();
        ok(checked);
        assertThat(checked.body())
                .isEqualTo(
                        """
                        {"status":"success","email":"bademail@gmail.com","blacklisted":true,\
                        "blacklist_time":"%s","reason":"manual"}\
                        """
                                .formatted(NOW));
    }

    @Test
    void anAddressThatIsNotListedHasNoTimeAndNoReason() {
        var checked = curl("POST", "/blacklist", "{\"email\": \" Good@Gmail.com \"}");

        ok(checked);
        assertThat(checked.body())
                .isEqualTo(
                        """
                        {"status":"success","email":"good@gmail.com","blacklisted":false,\
                        "blacklist_time":null,"reason":null}\
                        """);
        assertThat(list("")).isEqualTo("[]");
    }

    @Test
    void addingAgainKeepsTheFirstTimeAndReason() {
        execute(
                """
                INSERT INTO blacklist (account_id, email, reason, created_at)
                VALUES (?, 'a@example.org', 'bounced', '2024-02-02T12:16:05Z')
                """,
                holder(http.token()).account());
        clock.advance(Duration.ofDays(1));

        assertThat(add("A@example.org").status()).isEqualTo(204);

        assertThat(list(""))
                .isEqualTo(
                        """
                        [{"email":"a@example.org","blacklist_time":"2024-02-02T12:16:05.000000Z",\
                        "reason":"bounced"}]\
                        """);
    }

    @Test
    void whatIsRemovedMayBeMailedAgain() {
        add("a@example.org");

        var removed = curl("POST", "/blacklist/remove", "{\"email\": \"A@example.org\"}");
        var again = curl("POST", "/blacklist/remove", "{\"email\": \"a@example.org\"}");

        ok(removed);
        assertThat(removed.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Removed from blacklist\"}");
        assertThat(again.body()).isEqualTo(removed.body());
        assertThat(list("")).isEqualTo("[]");
    }

    @Test
    void theListIsPagedInTheOrderOfListing() {
        for (int i = 1; i <= 23; i++) {
            add("a%d@example.org".formatted(i));
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(list("").split("\"email\"", -1)).hasSize(21);
        assertThat(list("?page=2")).contains("a21@", "a23@").doesNotContain("a20@");
        assertThat(list("?page=3&per_page=2")).contains("a5@", "a6@").doesNotContain("a4@", "a7@");
        assertThat(list("?page=9")).isEqualTo("[]");
        assertThat(badInput(call("GET", "/blacklist/list?page=0", ""))).startsWith("page ");
    }

    @Test
    void aLongListComesInParts() {
        execute(
                """
                INSERT INTO blacklist (account_id, email, reason, created_at)
                SELECT ?, 'a' || n || '@example.org', 'manual', '2026-01-01T10:00:00Z'
                FROM generate_series(1, 2500) AS n
                """,
                holder(http.token()).account());

        var list = ok(call("GET", "/blacklist/list?per_page=100000", ""));

        assertThat(list.findValuesAsText("email")).hasSize(2_500).doesNotHaveDuplicates();
    }

    @Test
    void theListIsOfThisAccountOnly() {
        add("a@example.org");

        var other = http.as(newAccount());
        var checked = other.post("/api/v2/blacklist", "{\"email\": \"a@example.org\"}");

        assertThat(ok(checked).get("blacklisted").asBoolean()).isFalse();
        assertThat(other.get("/api/v2/blacklist/list").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/blacklist", "/blacklist/add", "/blacklist/remove"})
    void aMissingOrImpossibleAddressIsRefused(String path) {
        var missing = call("POST", path, "{}");
        var impossible = call("POST", path, "{\"email\": \"jake\"}");

        assertThat(refused(missing, 400, "missing_parameter"))
                .isEqualTo("Missing parameter: email");
        assertThat(refused(impossible, 400, "invalid_email"))
                .isEqualTo("email is not a valid email address");
    }

    private Reply add(String email) {
        return call("POST", "/blacklist/add", "{\"email\": \"%s\"}".formatted(email));
    }

    private String list(String query) {
        var reply = call("GET", "/blacklist/list" + query, "");
        ok(reply);
        return reply.body();
    }
}
