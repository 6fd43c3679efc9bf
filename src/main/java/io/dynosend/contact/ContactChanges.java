package io.dynosend.contact;

import static io.dynosend.common.Sql.utc;

import io.dynosend.common.Json;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Sql;
import io.dynosend.contact.Activities.Kind;
import io.dynosend.contact.Contacts.Changes;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** Changes what a contact says of itself: address, tags, custom fields. */
final class ContactChanges {

    private static final String LOCK =
            """
            SELECT %s
            FROM contact c
            WHERE c.account_id = :account AND c.id = :id
            FOR NO KEY UPDATE
            """
                    .formatted(ContactRows.COLUMNS);

    private static final String UPDATE =
            """
            UPDATE contact
            SET email = coalesce(:email, email),
                tags = coalesce(:tags, tags),
                fields = (fields - :cleared) || cast(:set AS jsonb),
                updated_at = :now
            WHERE account_id = :account AND id = :id
            """;

    private final InstantSource clock;
    private final Activities activities;

    ContactChanges(InstantSource clock, Activities activities) {
        this.clock = clock;
        this.activities = activities;
    }

    void update(Handle tx, long account, long id, Changes changes, Actor actor) {
        var before = lock(tx, account, id);
        refuseTooMuch(before, changes);
        write(tx, account, id, changes);
        activities.note(tx, account, id, Kind.UPDATED, actor, detail(before, changes));
    }

    void removeTags(Handle tx, long account, long id, List<String> tags, Actor actor) {
        var before = lock(tx, account, id);
        var removed = before.tags().stream().filter(tags::contains).toList();
        if (removed.isEmpty()) return;
        var left = before.tags().stream().filter(tag -> !tags.contains(tag)).toList();
        write(tx, account, id, new Changes(null, left, Map.of()));
        activities.note(tx, account, id, Kind.UNTAGGED, actor, Map.of("tags", removed));
    }

    private static Contact lock(Handle tx, long account, long id) {
        return tx.createQuery(LOCK)
                .bind("account", account)
                .bind("id", id)
                .map((row, _) -> ContactRows.contact(row))
                .findOne()
                .orElseThrow(() -> new NotFound("Contact"));
    }

    // Whoever has too much already may still change it to less.
    private static void refuseTooMuch(Contact before, Changes changes) {
        var after = new LinkedHashMap<String, @Nullable String>(before.fields());
        after.putAll(changes.fields());
        int length = CustomFields.length(after);
        if (length > CustomFields.MOST_CHARS && length > CustomFields.length(before.fields())) {
            throw CustomFields.tooMuch();
        }
    }

    private void write(Handle tx, long account, long id, Changes changes) {
        var set = new LinkedHashMap<String, @Nullable String>(changes.fields());
        set.values().removeIf(value -> value == null);
        var update =
                tx.createUpdate(UPDATE)
                        .bind("account", account)
                        .bind("id", id)
                        .bind("email", changes.email() == null ? null : changes.email().value())
                        .bindArray("cleared", String.class, List.copyOf(changes.fields().keySet()))
                        .bind("set", Json.write(set))
                        .bind("now", utc(clock.instant()));
        if (changes.tags() == null) {
            update.bindByType("tags", null, String[].class);
        } else {
            update.bindArray("tags", String.class, changes.tags());
        }
        try {
            update.execute();
        } catch (UnableToExecuteStatementException e) {
            if (!Sql.isUniqueViolation(e)) throw e;
            throw new Conflict(
                    "new_email is taken by another contact of the audience", "contact_exists");
        }
    }

    private static Map<String, @Nullable Object> detail(Contact before, Changes changes) {
        var detail = new LinkedHashMap<String, @Nullable Object>();
        var email = changes.email();
        if (email != null && !email.equals(before.email())) {
            detail.put("email", Map.of("from", before.email().value(), "to", email.value()));
        }
        if (changes.tags() != null && !changes.tags().equals(before.tags())) {
            detail.put("tags", changes.tags());
        }
        if (!changes.fields().isEmpty()) detail.put("fields", changes.fields().keySet());
        return detail;
    }
}
