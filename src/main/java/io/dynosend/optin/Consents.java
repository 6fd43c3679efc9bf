package io.dynosend.optin;

import static io.dynosend.common.Sql.instant;

import io.dynosend.common.Json;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.contact.ContactRef;
import io.dynosend.contact.Contacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The evidence of a contact's consent (GDPR Art. 7(1)), the oldest first. Only reads. */
public final class Consents {

    /**
     * One piece of it.
     *
     * @param type subscribed, unconfirmed, asked, confirmed, unsubscribed, or updated, where the
     *     address was changed
     * @param details what more there is to say, by key
     */
    public record Evidence(Instant at, String type, Map<String, @Nullable Object> details) {}

    // json, not jsonb: it keeps the order.
    private static final String ALL =
            """
            WITH evidence AS (
                SELECT a.at, a.id AS place, a.kind AS type,
                       json_build_object(
                           'source', a.source, 'user_uid', u.uid, 'ip_address', a.ip_address,
                           'user_agent', a.user_agent, 'wording',
                           coalesce(a.wording, nullif(i.plan ->> 'statement', ''))) AS details,
                       (a.detail - 'tags')::json AS more
                FROM contact_activity a
                LEFT JOIN account_user u ON u.account_id = a.account_id AND u.id = a.user_id
                LEFT JOIN contact_import i ON i.account_id = a.account_id
                    AND i.uid = a.detail ->> 'import_uid' AND a.kind = 'subscribed'
                WHERE a.account_id = :account AND a.contact_id = :contact
                  AND (a.kind IN ('subscribed', 'unconfirmed', 'confirmed', 'unsubscribed')
                       OR a.detail -> 'email' IS NOT NULL)
                UNION ALL
                SELECT requested_at, NULL, 'asked',
                       json_build_object(
                           'wording', wording, 'address', recipient, 'message_id', message_id,
                           'expires_at',
                           to_char(
                               expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
                       NULL
                FROM opt_in_request
                WHERE account_id = :account AND contact_id = :contact
            )
            SELECT at, type, details, more
            FROM evidence
            ORDER BY at, place NULLS LAST
            """;

    private final Jdbi jdbi;
    private final Contacts contacts;

    public Consents(Jdbi jdbi, Contacts contacts) {
        this.jdbi = jdbi;
        this.contacts = contacts;
    }

    /**
     * All that there is of one contact.
     *
     * @throws NotFound if the audience or the contact is not there
     */
    public List<Evidence> of(long account, String audienceUid, ContactRef ref) {
        long contact = contacts.get(account, audienceUid, ref).contact().id();
        return jdbi.withHandle(db ->
                db.createQuery(ALL)
                        .bind("account", account)
                        .bind("contact", contact)
                        .map((row, _) ->
                                new Evidence(
                                        instant(row, "at"),
                                        row.getString("type"),
                                        details(row.getString("details"), row.getString("more"))))
                        .list());
    }

    private static Map<String, @Nullable Object> details(String json, @Nullable String more) {
        var details = Json.object(json);
        if (more != null) details.putAll(Json.object(more));
        return details;
    }
}
