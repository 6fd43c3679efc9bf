package io.dynosend.contact;

import static io.dynosend.common.Sql.column;

import io.dynosend.common.Problem.NotFound;
import io.dynosend.contact.ContactRef.ByEmail;
import io.dynosend.contact.ContactRef.ByUid;
import io.dynosend.database.Batcher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Finds the contact that a caller points at, and its audience with it. */
final class Lookup {

    // One row for each audience that is there; a subquery for the contact, so that however the
    // tables grow it stays two probes of an index.
    private static final String FIND =
            """
            SELECT q.place, a.uid AS audience_uid, %s,
                   ARRAY(
                       SELECT f.tag
                       FROM audience_field f
                       WHERE f.account_id = a.account_id AND f.audience_id = a.id
                       ORDER BY f.id) AS field_tags
            FROM unnest(:places, :accounts, :audiences, :uids, :emails)
                AS q (place, account_id, audience_uid, uid, email)
            JOIN audience a ON a.account_id = q.account_id AND a.uid = q.audience_uid
            LEFT JOIN LATERAL (
                SELECT *
                FROM contact u
                WHERE u.account_id = a.account_id AND u.audience_id = a.id AND u.uid = q.uid
                UNION ALL
                SELECT *
                FROM contact e
                WHERE e.account_id = a.account_id AND e.audience_id = a.id AND e.email = q.email
                LIMIT 1
            ) c ON true
            """
                    .formatted(ContactRows.COLUMNS);

    private static final String IN_ALL_AUDIENCES =
            """
            SELECT a.uid AS audience_uid, %s,
                   ARRAY(
                       SELECT f.tag
                       FROM audience_field f
                       WHERE f.account_id = a.account_id AND f.audience_id = a.id
                       ORDER BY f.id) AS field_tags
            FROM audience a
            JOIN contact c ON c.account_id = a.account_id AND c.audience_id = a.id
                AND c.email = :email
            WHERE a.account_id = :account
            ORDER BY c.id
            """
                    .formatted(ContactRows.COLUMNS);

    private record Question(long account, String audienceUid, ContactRef ref) {

        @Nullable String uid() {
            return ref instanceof ByUid(var uid) ? uid : null;
        }

        @Nullable String email() {
            return ref instanceof ByEmail(var email) ? email.value() : null;
        }
    }

    private sealed interface Answer {
        record Found(Profile profile) implements Answer {}

        record Missing(String what) implements Answer {}
    }

    private final Batcher<Question, Answer> lookUp;

    Lookup(Jdbi jdbi) {
        lookUp = new Batcher<>(jdbi, Lookup::find);
    }

    Profile find(long account, String audienceUid, ContactRef ref) {
        return switch (lookUp.ask(new Question(account, audienceUid, ref))) {
            case Answer.Found(var profile) -> profile;
            case Answer.Missing(var what) -> throw new NotFound(what);
        };
    }

    static List<Profile> inAllAudiences(Handle db, long account, String email) {
        return db.createQuery(IN_ALL_AUDIENCES)
                .bind("account", account)
                .bind("email", email)
                .map((row, _) -> profile(row))
                .list();
    }

    private static List<Answer> find(Handle db, List<Question> asked) {
        var answers = new HashMap<Integer, Answer>();
        db.createQuery(FIND)
                .bindArray("places", Integer.class, places(asked.size()))
                .bindArray("accounts", Long.class, column(asked, Question::account))
                .bindArray("audiences", String.class, column(asked, Question::audienceUid))
                .bindArray("uids", String.class, column(asked, Question::uid))
                .bindArray("emails", String.class, column(asked, Question::email))
                .map((row, _) -> answers.put(row.getInt("place"), answer(row)))
                .list();
        return IntStream.range(0, asked.size())
                .mapToObj(i -> answers.getOrDefault(i, new Answer.Missing("Audience")))
                .toList();
    }

    private static Object[] places(int count) {
        return IntStream.range(0, count).boxed().toArray();
    }

    private static Answer answer(ResultSet row) throws SQLException {
        return row.getString("uid") == null
                ? new Answer.Missing("Contact")
                : new Answer.Found(profile(row));
    }

    private static Profile profile(ResultSet row) throws SQLException {
        return new Profile(
                ContactRows.contact(row),
                row.getString("audience_uid"),
                ContactRows.texts(row, "field_tags"));
    }
}
