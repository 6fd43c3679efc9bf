package io.dynosend.contact;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Json;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Sql;
import io.dynosend.common.Uid;
import io.dynosend.contact.ContactRef.ByEmail;
import io.dynosend.contact.ContactRef.ByUid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** The contacts of an account, and, with {@link Imports}, the only code that writes them. */
public final class Contacts {

    /**
     * What a new contact is made of.
     *
     * @param fields by tag, each a text; keys that are no field of the audience are ignored
     * @param ignoreDoubleOptIn subscribes at once although the audience asks for a confirmation
     */
    public record NewContact(
            EmailAddress email,
            List<String> tags,
            Map<String, @Nullable Object> fields,
            boolean ignoreDoubleOptIn,
            String source,
            @Nullable String ipAddress) {}

    /**
     * What is to change.
     *
     * @param email null: stays
     * @param tags null: stay; else all of them are replaced
     * @param fields by tag, each a text; null clears one
     */
    public record Changes(
            @Nullable EmailAddress email,
            @Nullable List<String> tags,
            Map<String, @Nullable Object> fields) {}

    private static final int FETCH_SIZE = 1_000;

    private static final String COLUMNS =
            """
            id, audience_id, uid, email, status, source, ip_address, tags, fields, created_at,
            updated_at
            """;

    private static final String BY_UID =
            "SELECT "
                    + COLUMNS
                    + """
                    FROM contact
                    WHERE account_id = :account AND audience_id = :audience AND uid = :key
                    """;

    private static final String BY_EMAIL =
            "SELECT "
                    + COLUMNS
                    + """
                    FROM contact
                    WHERE account_id = :account AND audience_id = :audience AND email = :key
                    """;

    private static final String BY_IDS =
            "SELECT "
                    + COLUMNS
                    + """
                    FROM contact
                    WHERE account_id = :account AND id = ANY(:ids)
                    """;

    private static final String PAGE =
            "SELECT "
                    + COLUMNS
                    + """
                    FROM contact
                    WHERE account_id = :account AND audience_id = :audience
                    ORDER BY id
                    LIMIT :limit OFFSET :offset
                    """;

    private static final String INSERT =
            """
            INSERT INTO contact (
                account_id, audience_id, uid, email, status, source, ip_address, tags, fields,
                created_at, updated_at)
            VALUES (
                :account, :audience, :uid, :email, :status, :source, :ip, :tags,
                cast(:fields AS jsonb), :now, :now)
            ON CONFLICT (account_id, audience_id, email) DO NOTHING
            """;

    private static final String UPDATE =
            """
            UPDATE contact
            SET email = coalesce(:email, email),
                tags = coalesce(:tags, tags),
                fields = (fields - :cleared) || cast(:set AS jsonb),
                updated_at = :now
            WHERE account_id = :account AND id = :id
            """;

    private static final String UNSUBSCRIBE =
            """
            UPDATE contact
            SET status = 'unsubscribed', unsubscribed_at = :now, updated_at = :now
            WHERE account_id = :account AND id = :id AND status <> 'unsubscribed'
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Audiences audiences;

    public Contacts(Jdbi jdbi, InstantSource clock, Audiences audiences) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.audiences = audiences;
    }

    /**
     * Adds a contact (section "Create a contact" of the API document).
     *
     * @return the uid of the new contact
     * @throws NotFound if the account has no such audience
     * @throws BadInput if a custom field's value is not of its type
     * @throws Conflict if the audience has this address, whatever its status
     */
    public String create(long account, String audienceUid, NewContact wanted) {
        var audience = audiences.get(account, audienceUid);
        var fields =
                CustomFields.checked(audiences.fields(account, audience.id()), wanted.fields());
        fields.values().removeIf(value -> value == null);

        String uid = Uid.random();
        int created = insert(account, audience, uid, wanted, fields);
        if (created == 0) {
            throw new Conflict("The audience has a contact with this email", "contact_exists");
        }
        return uid;
    }

    /**
     * One contact of an audience.
     *
     * @throws NotFound if it has no such contact
     */
    public Contact get(long account, long audience, ContactRef ref) {
        return jdbi.withHandle(db -> find(db, account, audience, ref));
    }

    /** Some contacts of any audience, by id; the erased ones are missing. */
    public Map<Long, Contact> byId(long account, Collection<Long> ids) {
        var found = new HashMap<Long, Contact>();
        jdbi.useHandle(db ->
                db.createQuery(BY_IDS)
                        .bind("account", account)
                        .bindArray("ids", Long.class, ids)
                        .map((row, _) -> contact(row))
                        .forEach(contact -> found.put(contact.id(), contact)));
        return found;
    }

    /**
     * The contacts of one page of the audience in the order of their ids, one at a time in constant
     * memory.
     *
     * @param page from 1
     * @param perPage contacts a page
     */
    public void forEach(
            long account, long audience, long page, long perPage, Consumer<Contact> action) {
        // The driver streams only inside a transaction.
        jdbi.useTransaction(tx -> {
            try (var contacts =
                    tx
                            .createQuery(PAGE)
                            .bind("account", account)
                            .bind("audience", audience)
                            .bind("limit", perPage)
                            .bind("offset", Math.multiplyExact(page - 1, perPage))
                            .setFetchSize(FETCH_SIZE)
                            .map((row, _) -> contact(row))
                            .stream()) {
                contacts.forEach(action);
            }
        });
    }

    /**
     * Changes address, tags or custom fields; the status stays.
     *
     * @return the contact's uid
     * @throws NotFound if the audience or the contact is not there
     * @throws Conflict if the new address is another contact's
     */
    public String update(long account, String audienceUid, ContactRef ref, Changes changes) {
        var audience = audiences.get(account, audienceUid);
        var contact = get(account, audience.id(), ref);
        var fields =
                CustomFields.checked(audiences.fields(account, audience.id()), changes.fields());
        try {
            jdbi.useHandle(db -> update(db, account, contact.id(), changes, fields));
        } catch (UnableToExecuteStatementException e) {
            if (!Sql.isUniqueViolation(e)) throw e;
            throw new Conflict(
                    "new_email is taken by another contact of the audience", "contact_exists");
        }
        return contact.uid();
    }

    /** Idempotent: who has left before keeps the time of the first leave. */
    public void unsubscribe(long account, String audienceUid, ContactRef ref) {
        var audience = audiences.get(account, audienceUid);
        jdbi.useTransaction(
                tx -> unsubscribe(tx, account, find(tx, account, audience.id(), ref).id()));
    }

    /**
     * As above, of a contact that a signed link names, within the caller's transaction.
     *
     * @return whether it was subscribed or unconfirmed until now
     */
    public boolean unsubscribe(Handle tx, long account, long contact) {
        return tx.createUpdate(UNSUBSCRIBE)
                        .bind("account", account)
                        .bind("id", contact)
                        .bind("now", utc(clock.instant()))
                        .execute()
                == 1;
    }

    private int insert(
            long account, Audience audience, String uid, NewContact wanted, Map<String, ?> fields) {
        return jdbi.withHandle(db ->
                db.createUpdate(INSERT)
                        .bind("account", account)
                        .bind("audience", audience.id())
                        .bind("uid", uid)
                        .bind("email", wanted.email().value())
                        .bind("status", firstStatus(audience, wanted).wire())
                        .bind("source", wanted.source())
                        .bind("ip", wanted.ipAddress())
                        .bindArray("tags", String.class, wanted.tags())
                        .bind("fields", Json.write(fields))
                        .bind("now", utc(clock.instant()))
                        .execute());
    }

    private static ContactStatus firstStatus(Audience audience, NewContact wanted) {
        return audience.doubleOptIn() && !wanted.ignoreDoubleOptIn()
                ? ContactStatus.UNCONFIRMED
                : ContactStatus.SUBSCRIBED;
    }

    private void update(
            Handle db,
            long account,
            long contact,
            Changes changes,
            Map<String, @Nullable String> fields) {
        var set = new LinkedHashMap<String, @Nullable String>(fields);
        set.values().removeIf(value -> value == null);
        var update =
                db.createUpdate(UPDATE)
                        .bind("account", account)
                        .bind("id", contact)
                        .bind("email", changes.email() == null ? null : changes.email().value())
                        .bindArray("cleared", String.class, List.copyOf(fields.keySet()))
                        .bind("set", Json.write(set))
                        .bind("now", utc(clock.instant()));
        if (changes.tags() == null) {
            update.bindByType("tags", null, String[].class);
        } else {
            update.bindArray("tags", String.class, changes.tags());
        }
        update.execute();
    }

    private static Contact find(Handle db, long account, long audience, ContactRef ref) {
        return found(db, ref)
                .bind("account", account)
                .bind("audience", audience)
                .map((row, _) -> contact(row))
                .findOne()
                .orElseThrow(() -> new NotFound("Contact"));
    }

    private static Query found(Handle db, ContactRef ref) {
        return switch (ref) {
            case ByUid(var uid) -> db.createQuery(BY_UID).bind("key", uid);
            case ByEmail(var email) -> db.createQuery(BY_EMAIL).bind("key", email.value());
        };
    }

    private static Contact contact(ResultSet row) throws SQLException {
        return new Contact(
                row.getLong("id"),
                row.getLong("audience_id"),
                row.getString("uid"),
                new EmailAddress(row.getString("email")),
                ContactStatus.of(row.getString("status")),
                row.getString("source"),
                row.getString("ip_address"),
                List.of((String[]) row.getArray("tags").getArray()),
                Json.strings(row.getString("fields")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }
}
