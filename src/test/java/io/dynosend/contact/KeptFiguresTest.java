package io.dynosend.contact;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import io.dynosend.audience.Audience.Statistics;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.ContactCounts;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept about contacts instead of being counted is what counting them would say. */
class KeptFiguresTest extends DatabaseTest {

    private final Audiences audiences = new Audiences(jdbi, clock);
    private final ContactCounts counts = new ContactCounts(jdbi);
    private final long account = holder(http.token()).account();
    private String uid = "";
    private long audience;

    @BeforeEach
    void anAudience() {
        uid =
                post(
                                "audiences",
                                "{'name': 'News', 'from_email': 'a@example.org', 'from_name': 'A'}")
                        .json()
                        .get("audience_uid")
                        .asText();
        audience = audiences.get(account, uid).id();
    }

    @Test
    void anAudienceKnowsHowManyContactsItHas() {
        assertThat(statistics()).isEqualTo(new Statistics(0, 0, 0));

        for (String name : List.of("ada", "bea", "cleo", "dora")) contact(name + "@example.org");
        call("PATCH", "contacts/unsubscribe", of("bea@example.org"));
        call("DELETE", "contacts", of("cleo@example.org"));

        assertThat(statistics()).isEqualTo(new Statistics(3, 2, 1)).isEqualTo(counted());
        counts.fold();
        assertThat(statistics()).isEqualTo(counted());
        call("PATCH", "contacts/subscribe", of("bea@example.org"));
        contact("eva@example.org");
        assertThat(statistics()).isEqualTo(new Statistics(4, 4, 0)).isEqualTo(counted());
        counts.fold();
        counts.fold();
        assertThat(statistics()).isEqualTo(counted());
    }

    @Test
    void nothingIsLeftOfAnAudienceThatIsGone() {
        contact("ada@example.org");
        counts.fold();
        contact("bea@example.org");

        jdbi.useHandle(db -> db.execute("DELETE FROM audience WHERE id = ?", audience));
        counts.fold();

        assertThat(rows("SELECT contacts FROM contact_count WHERE audience_id = " + audience))
                .isEmpty();
    }

    @Test
    void whoIsOnTheBlacklistIsMarkedWhicheverCameFirst() {
        contact("ada@example.org");
        call("POST", "blacklist/add", quoted("{'email': 'ada@example.org'}"));
        call("POST", "blacklist/add", quoted("{'email': 'bea@example.org'}"));
        contact("bea@example.org");
        contact("cleo@example.org");
        assertThat(marked()).containsExactly("ada@example.org", "bea@example.org");

        call("POST", "blacklist/remove", quoted("{'email': 'ada@example.org'}"));
        assertThat(marked()).containsExactly("bea@example.org");

        jdbi.useHandle(db -> {
            db.execute(
                    "UPDATE contact SET email = 'free@example.org' WHERE email = 'bea@example.org'");
            db.execute(
                    "UPDATE contact SET email = 'bea@example.org' WHERE email = 'cleo@example.org'");
        });
        assertThat(marked()).containsExactly("bea@example.org");

        call("DELETE", "contacts", of("bea@example.org"));
        assertThat(marked()).isEmpty();
    }

    @Test
    void aMarkThatWasMissedIsMadeUpFor() {
        contact("ada@example.org");
        call("POST", "blacklist/add", quoted("{'email': 'ada@example.org'}"));
        jdbi.useHandle(db -> db.execute("DELETE FROM contact_blacklisted"));

        sumUp();

        assertThat(marked()).containsExactly("ada@example.org");
    }

    @Test
    void aTagLeavesTheListWithTheLastContactThatHasIt() {
        contact("ada@example.org");
        contact("bea@example.org");
        jdbi.useHandle(db -> {
            db.execute(
                    "UPDATE contact SET tags = '{vip, ada-only}' WHERE email = 'ada@example.org' AND audience_id = ?",
                    audience);
            db.execute(
                    "UPDATE contact SET tags = '{vip}' WHERE email = 'bea@example.org' AND audience_id = ?",
                    audience);
            db.execute(
                    """
                    INSERT INTO audience_tag (account_id, audience_id, tag)
                    VALUES (?, ?, 'vip'), (?, ?, 'ada-only')
                    ON CONFLICT DO NOTHING
                    """,
                    account,
                    audience,
                    account,
                    audience);
        });

        call("DELETE", "contacts", of("ada@example.org"));

        assertThat(rows("SELECT tag FROM audience_tag WHERE audience_id = " + audience))
                .containsExactly("vip");
    }

    private Statistics statistics() {
        return audiences.statistics(account, audience);
    }

    private Statistics counted() {
        return jdbi.withHandle(db ->
                db.createQuery(
                                """
                                SELECT count(*), count(*) FILTER (WHERE status = 'subscribed'),
                                       count(*) FILTER (WHERE status = 'unsubscribed')
                                FROM contact
                                WHERE account_id = :account AND audience_id = :audience
                                """)
                        .bind("account", account)
                        .bind("audience", audience)
                        .map((row, _) ->
                                new Statistics(row.getLong(1), row.getLong(2), row.getLong(3)))
                        .one());
    }

    private List<String> marked() {
        return rows(
                """
                SELECT c.email
                FROM contact_blacklisted k
                JOIN contact c ON c.account_id = k.account_id AND c.id = k.contact_id
                WHERE k.audience_id = %d
                ORDER BY 1
                """
                        .formatted(audience));
    }

    private List<String> rows(String query) {
        return jdbi.withHandle(db -> db.createQuery(query).mapTo(String.class).list());
    }

    private void contact(String email) {
        post("contacts", "{'audience_uid': '%s', 'EMAIL': '%s'}".formatted(uid, email));
    }

    private String of(String email) {
        return quoted("{'audience_uid': '%s', 'email': '%s'}".formatted(uid, email));
    }

    private Reply post(String path, String body) {
        return call("POST", path, quoted(body));
    }

    private Reply call(String verb, String path, String body) {
        var reply = http.call(verb, "/api/v2/" + path, body);
        assertThat(reply.status()).isBetween(200, 204);
        return reply;
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
