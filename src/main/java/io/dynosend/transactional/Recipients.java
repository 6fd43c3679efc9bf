package io.dynosend.transactional;

import static io.dynosend.common.Sql.instant;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Json;
import io.dynosend.common.Uid;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactStatus;
import io.dynosend.database.Batcher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Looks up who is to get a message. */
final class Recipients {

    private record Question(long account, long audience, EmailAddress email) {}

    private static final String FIND =
            """
            SELECT q.audience_id, q.email AS asked, c.id, c.uid, c.status, c.source, c.ip_address,
                   c.tags, c.fields, c.created_at, c.updated_at, b.email IS NOT NULL AS blacklisted
            FROM unnest(:accounts, :audiences, :emails)
                WITH ORDINALITY AS q (account_id, audience_id, email, n)
            LEFT JOIN contact c ON c.account_id = q.account_id AND c.audience_id = q.audience_id
                AND c.email = q.email
            LEFT JOIN blacklist b ON b.account_id = q.account_id AND b.email = q.email
            ORDER BY q.n
            """;

    private final InstantSource clock;
    private final Batcher<Question, Person> questions;

    Recipients(Jdbi jdbi, InstantSource clock) {
        this.clock = clock;
        this.questions = new Batcher<>(jdbi, this::find);
    }

    /** Who has this address in the audience; if nobody, who would be made of it. */
    Person find(long account, long audience, EmailAddress email) {
        return questions.ask(new Question(account, audience, email));
    }

    private List<Person> find(Handle tx, List<Question> asked) {
        Instant now = clock.instant();
        return tx.createQuery(FIND)
                .bindArray("accounts", Long.class, asked.stream().map(Question::account).toList())
                .bindArray("audiences", Long.class, asked.stream().map(Question::audience).toList())
                .bindArray(
                        "emails",
                        String.class,
                        asked.stream().map(question -> question.email().value()).toList())
                .map((row, _) -> new Person(contact(row, now), row.getBoolean("blacklisted")))
                .list();
    }

    private static Contact contact(ResultSet row, Instant now) throws SQLException {
        long audience = row.getLong("audience_id");
        var email = new EmailAddress(row.getString("asked"));
        long id = row.getLong("id");
        if (row.wasNull()) {
            return new Contact(
                    0,
                    audience,
                    Uid.random(),
                    email,
                    ContactStatus.UNCONFIRMED,
                    "transactional",
                    null,
                    List.of(),
                    Map.of(),
                    now,
                    now);
        }
        return new Contact(
                id,
                audience,
                row.getString("uid"),
                email,
                ContactStatus.of(row.getString("status")),
                row.getString("source"),
                row.getString("ip_address"),
                List.of((String[]) row.getArray("tags").getArray()),
                Json.strings(row.getString("fields")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }
}
