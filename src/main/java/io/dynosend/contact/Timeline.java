package io.dynosend.contact;

import static io.dynosend.common.Sql.instant;

import io.dynosend.common.Json;
import io.dynosend.common.Problem.NotFound;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** All that happened to a contact and all that it did, the newest first. Only reads. */
public final class Timeline {

    /**
     * One thing that happened.
     *
     * @param type subscribed, unconfirmed, confirmed, unsubscribed, tagged, untagged, updated,
     *     mailed, opened, clicked or event
     * @param details what more there is to say, by key
     */
    public record Entry(Instant at, String type, Map<String, @Nullable Object> details) {}

    // Each part finds its rows by the contact. At the same instant the later cause comes first: who
    // clicks has been mailed, who is mailed has subscribed. json, not jsonb: it keeps the order.
    private static final String PAGE =
            """
            WITH mails AS (
                SELECT d.account_id, d.mailing_id, d.number, d.state, d.reason,
                       coalesce(d.finished_at, m.started_at) AS at, p.uid AS campaign_uid,
                       p.name AS campaign, t.transactional_uid, t.uid AS message_uid, t.subject,
                       m.kind
                FROM delivery d
                JOIN mailing m ON m.account_id = d.account_id AND m.id = d.mailing_id
                LEFT JOIN campaign p ON p.account_id = d.account_id AND p.mailing_id = d.mailing_id
                LEFT JOIN transactional_message t
                    ON t.account_id = d.account_id AND t.mailing_id = d.mailing_id
                WHERE d.account_id = :account AND d.contact_id = :contact
            ), entries AS (
                SELECT a.at, 1 AS cause, a.id, a.kind AS type,
                       json_build_object(
                           'source', a.source, 'user_uid', u.uid, 'ip_address', a.ip_address,
                           'user_agent', a.user_agent, 'wording', a.wording) AS details,
                       a.detail::json AS more
                FROM contact_activity a
                LEFT JOIN account_user u ON u.account_id = a.account_id AND u.id = a.user_id
                WHERE a.account_id = :account AND a.contact_id = :contact
                UNION ALL
                SELECT at, 2, mailing_id, 'mailed',
                       json_build_object(
                           'kind', kind, 'campaign_uid', campaign_uid,
                           'campaign', campaign, 'transactional_uid', transactional_uid,
                           'message_uid', message_uid, 'subject', subject, 'state', state,
                           'reason', reason),
                       NULL
                FROM mails
                WHERE state <> 'waiting'
                UNION ALL
                SELECT e.at, 3, e.mailing_id,
                       CASE e.kind WHEN 'open' THEN 'opened' ELSE 'clicked' END,
                       CASE e.kind WHEN 'open'
                           THEN json_build_object('campaign_uid', m.campaign_uid)
                           ELSE json_build_object('campaign_uid', m.campaign_uid, 'url', l.url)
                       END,
                       NULL
                FROM mails m
                JOIN engagement_event e ON e.account_id = m.account_id
                    AND e.mailing_id = m.mailing_id AND e.number = m.number
                    AND e.kind IN ('open', 'click')
                LEFT JOIN link l ON l.account_id = e.account_id AND l.mailing_id = e.mailing_id
                    AND l.number = e.link
                UNION ALL
                SELECT at, 4, id, 'event',
                       json_build_object('name', name, 'properties', properties), NULL
                FROM contact_event
                WHERE account_id = :account AND contact_id = :contact
            )
            SELECT at, type, details, more
            FROM entries
            ORDER BY at DESC, cause DESC, id DESC
            LIMIT :limit OFFSET :offset
            """;

    private final Jdbi jdbi;
    private final Contacts contacts;

    public Timeline(Jdbi jdbi, Contacts contacts) {
        this.jdbi = jdbi;
        this.contacts = contacts;
    }

    /**
     * One page of a contact's timeline.
     *
     * @param page from 1
     * @throws NotFound if the audience or the contact is not there
     */
    public List<Entry> page(
            long account, String audienceUid, ContactRef ref, long page, long perPage) {
        var contact = contacts.get(account, audienceUid, ref).contact();
        return jdbi.withHandle(db ->
                db.createQuery(PAGE)
                        .bind("account", account)
                        .bind("contact", contact.id())
                        .bind("limit", perPage)
                        .bind("offset", Math.multiplyExact(page - 1, perPage))
                        .map((row, _) ->
                                new Entry(
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
