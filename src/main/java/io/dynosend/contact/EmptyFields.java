package io.dynosend.contact;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** Which custom fields the subscribed contacts of an audience have left empty. */
public final class EmptyFields {

    /**
     * What was counted.
     *
     * @param contacts all who are subscribed
     * @param empty of these, how many have nothing in a field, by its tag
     */
    public record Counts(long contacts, Map<String, Long> empty) {}

    // What is filled is counted, once for all fields: a contact is read a single time, and keeps
    // only what it has.
    private static final String COUNT =
            """
            WITH subscribed AS (
                SELECT fields
                FROM contact
                WHERE account_id = :account AND audience_id = :audience AND status = 'subscribed'
            ), filled AS (
                SELECT field.key, count(*) AS contacts
                FROM subscribed, jsonb_each_text(fields) AS field
                WHERE field.key = ANY (:tags) AND field.value <> ''
                GROUP BY field.key
            ), everyone AS (
                SELECT count(*) AS contacts FROM subscribed
            )
            SELECT everyone.contacts, tag,
                   everyone.contacts - coalesce(filled.contacts, 0) AS empty
            FROM everyone
            LEFT JOIN unnest(:tags) AS tag ON true
            LEFT JOIN filled ON filled.key = tag
            """;

    private final Jdbi jdbi;

    public EmptyFields(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Counts in one statement.
     *
     * @param tags of the fields that matter; may be none
     */
    public Counts count(long account, long audience, Collection<String> tags) {
        return jdbi.withHandle(db -> {
            var empty = new LinkedHashMap<String, Long>();
            long[] contacts = {0};
            db.createQuery(COUNT)
                    .bind("account", account)
                    .bind("audience", audience)
                    .bindArray("tags", String.class, tags)
                    .map((row, _) -> {
                        contacts[0] = row.getLong("contacts");
                        String tag = row.getString("tag");
                        if (tag != null) empty.put(tag, row.getLong("empty"));
                        return tag;
                    })
                    .list();
            return new Counts(contacts[0], empty);
        });
    }
}
