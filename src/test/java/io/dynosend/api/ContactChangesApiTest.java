package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Http.Reply;
import io.dynosend.StalledReader;
import io.dynosend.account.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section "Contacts": tags, subscription, duplicates, deletion, and many callers at once. */
class ContactChangesApiTest extends ApiTest {

    private String audience = "";
    private String contact = "";

    @BeforeEach
    void aContact() {
        audience = newAudience();
        contact = newContact(audience, "\"EMAIL\": \"jake@gmail.com\", \"tag\": \"a,b\"");
    }

    @Test
    void theDocumentsOwnCallAddsATag() {
        clock.advance(Duration.ofHours(1));

        var tagged =
                curl(
                        "PATCH",
                        "/contacts/addtag",
                        """

                        \t{
                        \t  "audience_uid": "%s",
                        \t  "contact_uid": "%s",
                        \t  "tag": "added tag"
                           }\
                        """
                                .formatted(audience, contact));

        ok(tagged);
        assertThat(tagged.body()).isEqualTo("{\"status\":\"success\",\"message\":\"Tag added\"}");
        assertThat(tags()).isEqualTo("a,b,added tag");
        assertThat(contact(audience, contact).get("updated_at").asText())
                .isEqualTo("2026-01-01T11:00:00.000000Z");
    }

    @Test
    void tagsThatAreThereStayWhereTheyAreAndChangeNothing() {
        var before = contact(audience, contact);
        clock.advance(Duration.ofHours(1));

        var again = change("addtag", "\"tag\": [\"b\", \"a\"]");

        assertThat(again.body()).isEqualTo("{\"status\":\"success\",\"message\":\"Tag added\"}");
        assertThat(contact(audience, contact)).isEqualTo(before);
        change("addtag", "\"tag\": \"d, a, c, d\"");
        assertThat(tags()).isEqualTo("a,b,d,c");
    }

    @Test
    void whatManyTagAtOnceIsAllThere() {
        var replies =
                atOnce(
                        IntStream.range(0, 60)
                                .<Callable<Reply>>mapToObj(i ->
                                        () ->
                                                change(
                                                        "addtag",
                                                        "\"tag\": \"t%d\"".formatted(i % 30)))
                                .toList());

        assertThat(replies).allMatch(reply -> reply.status() == 200);
        assertThat(tags().split(",")).hasSize(32).doesNotHaveDuplicates();
    }

    @Test
    void aTagIsTakenAway() {
        var removed = change("removetag", "\"tag\": \"a, never\"");
        var again = change("removetag", "\"tag\": \"a\"");

        assertThat(removed.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Tag removed\"}");
        assertThat(again.body()).isEqualTo(removed.body());
        assertThat(tags()).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"addtag", "removetag"})
    void noTagIsRefused(String operation) {
        for (String tag : List.of("\"x\": 1", "\"tag\": null", "\"tag\": \" , \"", "\"tag\": []")) {
            assertThat(refused(changeReply(operation, tag), 400, "missing_parameter"))
                    .isEqualTo("Missing parameter: tag");
        }
    }

    @Test
    void theDocumentsOwnCallSubscribesWhoHadLeft() {
        change("unsubscribe", "\"x\": 1");
        clock.advance(Duration.ofHours(1));

        var subscribed =
                curl(
                        "PATCH",
                        "/contacts/subscribe",
                        """

                        \t{
                        \t  "audience_uid": "%s",
                        \t  "contact_uid": "%s"
                           }\
                        """
                                .formatted(audience, contact));

        ok(subscribed);
        assertThat(subscribed.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Contact subscribed\"}");
        var after = contact(audience, contact);
        assertThat(after.get("status").asText()).isEqualTo("subscribed");
        clock.advance(Duration.ofHours(1));
        assertThat(change("subscribe", "\"x\": 1").body()).isEqualTo(subscribed.body());
        assertThat(contact(audience, contact)).isEqualTo(after);
    }

    @Test
    void duplicatesAreFoundInAllAudiencesWithTheFieldsOfEach() {
        String other = newAudience();
        addField(other, "text", "FIRST_NAME");
        addField(audience, "text", "PLAN_NAME");
        String second =
                newContact(other, "\"EMAIL\": \"JAKE@gmail.com\", \"FIRST_NAME\": \"Jake\"");
        var foreign = http.as(newAccount());
        foreign.post("/api/v2/audiences", "{}");

        var found = curl("GET", "/contacts/duplicate", "{\"email\": \"Jake@gmail.com\"}");

        var contacts = ok(found).get("contacts");
        assertThat(found.body())
                .isEqualTo(
                        """
                        {"contacts":[{"id":%d,"contact_uid":"%s","audience_uid":"%s",\
                        "email":"jake@gmail.com","status":"subscribed","source":"api",\
                        "ip_address":"127.0.0.1","tags":"a,b","created_at":"%s","updated_at":"%s",\
                        "PLAN_NAME":null},{"id":%d,"contact_uid":"%s","audience_uid":"%s",\
                        "email":"jake@gmail.com","status":"subscribed","source":"api",\
                        "ip_address":"127.0.0.1","tags":"","created_at":"%s","updated_at":"%s",\
                        "FIRST_NAME":"Jake"}]}\
                        """
                                .formatted(
                                        contacts.at("/0/id").asLong(),
                                        contact,
                                        audience,
                                        NOW,
                                        NOW,
                                        contacts.at("/1/id").asLong(),
                                        second,
                                        other,
                                        NOW,
                                        NOW));
    }

    @Test
    void anAddressThatNobodyHasHasNoDuplicates() {
        var none = curl("GET", "/contacts/duplicate", "{\"email\": \"none@gmail.com\"}");
        var foreign =
                http.as(newAccount()).get("/api/v2/contacts/duplicate?email=jake%40gmail.com");

        ok(none);
        assertThat(none.body()).isEqualTo("{\"contacts\":[]}");
        assertThat(foreign.body()).isEqualTo(none.body());
        assertThat(refused(call("GET", "/contacts/duplicate", ""), 400, "missing_parameter"))
                .isEqualTo("Missing parameter: email");
    }

    @Test
    void theDocumentsOwnCallDeletesAContactOnce() {
        String body =
                """

                \t{
                \t  "audience_uid": "%s",
                \t  "contact_uid": "%s"
                   }\
                """
                        .formatted(audience, contact);

        var deleted = curl("DELETE", "/contacts", body);
        var again = curl("DELETE", "/contacts", body);

        ok(deleted);
        assertThat(deleted.body())
                .isEqualTo("{\"status\":\"success\",\"message\":\"Contact deleted\"}");
        assertThat(refused(again, 404, "not_found")).isEqualTo("Contact not found");
        String anew = newContact(audience, "\"EMAIL\": \"jake@gmail.com\"");
        assertThat(anew).isNotEqualTo(contact);
        assertThat(contact(audience, anew).get("tags").asText()).isEmpty();
    }

    @Test
    void ofManyDeletionsOneIsTheFirst() {
        var replies =
                atOnce(
                        IntStream.range(0, 8)
                                .<Callable<Reply>>mapToObj(_ -> () -> changeReply("DELETE", "", ""))
                                .toList());

        assertThat(replies.stream().filter(reply -> reply.status() == 200)).hasSize(1);
        assertThat(replies.stream().filter(reply -> reply.status() == 404)).hasSize(7);
    }

    @Test
    void ofManyWhoCreateTheSameAddressAtOnceOneWins() {
        var replies =
                atOnce(
                        IntStream.range(0, 64)
                                .<Callable<Reply>>mapToObj(i ->
                                        () ->
                                                createContact(
                                                        audience,
                                                        "\"EMAIL\": \"same%d@example.org\""
                                                                .formatted(i % 8)))
                                .toList());

        assertThat(replies.stream().filter(reply -> reply.status() == 200)).hasSize(8);
        replies.stream()
                .filter(reply -> reply.status() != 200)
                .forEach(reply -> refused(reply, 400, "contact_exists"));
        assertThat(ok(call("GET", "/contacts?audience_uid=" + audience, ""))).hasSize(9);
    }

    @ParameterizedTest
    @EnumSource(value = Role.class, names = "VIEWER", mode = EnumSource.Mode.EXCLUDE)
    void doubleOptInIsIgnoredOnlyForRolesThatMay(Role role) {
        var user = http.as(newUser(http.token(), role));
        String body =
                "{\"audience_uid\": \"%s\", \"EMAIL\": \"new@example.org\", \"ignore_doi\": %s}";

        var ignoring = user.post("/api/v2/contacts", body.formatted(audience, true));
        var unknown = user.post("/api/v2/contacts", body.formatted("none", true));

        if (role.ignoresDoubleOptIn()) {
            ok(ignoring);
        } else {
            assertThat(refused(ignoring, 401, "forbidden")).contains("ignore_doi");
            ok(user.post("/api/v2/contacts", body.formatted(audience, false)));
        }
        refused(unknown, 404, "not_found");
    }

    @Test
    void whoMustWaitForAnImportHoldsUpNobodyElse() throws Exception {
        String other = newContact(audience, "\"EMAIL\": \"other@example.org\"");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = new ArrayList<Future<Reply>>();
            jdbi.useTransaction(tx -> {
                tx.execute("UPDATE contact SET updated_at = now() WHERE uid = ?", contact);
                tx.execute(
                        """
                        INSERT INTO contact (
                            account_id, audience_id, uid, email, status, source, created_at,
                            updated_at)
                        SELECT account_id, id, 'imported', 'held@example.org', 'subscribed',
                               'import', now(), now()
                        FROM audience WHERE uid = ?
                        """,
                        audience);
                waiting.add(threads.submit(() -> change("addtag", "\"tag\": \"late\"")));
                waiting.add(
                        threads.submit(
                                () -> createContact(audience, "\"EMAIL\": \"held@example.org\"")));

                for (int i = 0; i < 20; i++) {
                    newContact(audience, "\"EMAIL\": \"free%d@example.org\"".formatted(i));
                    tag(other, "t" + i);
                }
                assertThat(waiting).noneMatch(Future::isDone);
            });
            assertThat(waiting.getFirst().get().status()).isEqualTo(200);
            refused(waiting.getLast().get(), 400, "contact_exists");
        }
        assertThat(tags()).isEqualTo("a,b,late");
    }

    @Test
    void readersWhoStopReadingHoldUpNobody() {
        execute(
                """
                INSERT INTO contact (
                    account_id, audience_id, uid, email, status, source, created_at, updated_at)
                SELECT account_id, id, uid || n, 'c' || n || '@example.org', 'subscribed', 'api',
                       now(), now()
                FROM audience, generate_series(1, 40000) AS n
                WHERE uid = ?
                """,
                audience);
        var readers =
                IntStream.range(0, 24)
                        .mapToObj(_ -> StalledReader.of(http, "/contacts?audience_uid=" + audience))
                        .toList();
        try {
            for (int i = 0; i < 5; i++) change("addtag", "\"tag\": \"t%d\"".formatted(i));

            assertThat(tags()).endsWith("t4");
        } finally {
            readers.forEach(StalledReader::close);
        }
    }

    private Reply change(String operation, String more) {
        var reply = changeReply(operation, more);
        ok(reply);
        return reply;
    }

    private Reply changeReply(String operation, String more) {
        return changeReply("PATCH", "/" + operation, ", " + more);
    }

    private Reply changeReply(String verb, String path, String more) {
        return call(
                verb,
                "/contacts" + path,
                "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\"%s}"
                        .formatted(audience, contact, more));
    }

    private void tag(String uid, String tag) {
        ok(
                call(
                        "PATCH",
                        "/contacts/addtag",
                        "{\"audience_uid\": \"%s\", \"contact_uid\": \"%s\", \"tag\": \"%s\"}"
                                .formatted(audience, uid, tag)));
    }

    private String tags() {
        return contact(audience, contact).get("tags").asText();
    }

    private static List<Reply> atOnce(List<Callable<Reply>> calls) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(calls).stream().map(ContactChangesApiTest::result).toList();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Reply result(Future<Reply> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
