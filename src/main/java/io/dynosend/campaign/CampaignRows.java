package io.dynosend.campaign;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;

import io.dynosend.common.EmailAddress;
import io.dynosend.sending.MailingState;
import java.sql.ResultSet;
import java.sql.SQLException;

/** How a campaign is read: its own row, and that of its mailing, which knows how it stands. */
final class CampaignRows {

    static final String SELECT =
            """
            SELECT c.id, c.uid, c.audience_id, c.name, c.subject, c.from_email, c.from_name,
                   c.reply_to, c.html, c.text, c.mailing_id, c.created_at, c.updated_at,
                   c.scheduled_at IS NOT NULL AS scheduled, c.failure IS NOT NULL AS failed,
                   m.state, m.done_at
            FROM campaign c
            LEFT JOIN mailing m ON m.account_id = c.account_id AND m.id = c.mailing_id
            """;

    private CampaignRows() {}

    static Campaign campaign(ResultSet row) throws SQLException {
        String state = row.getString("state");
        return new Campaign(
                row.getLong("id"),
                row.getString("uid"),
                row.getLong("audience_id"),
                row.getString("name"),
                row.getString("subject"),
                new EmailAddress(row.getString("from_email")),
                row.getString("from_name"),
                new EmailAddress(row.getString("reply_to")),
                row.getString("html"),
                row.getString("text"),
                CampaignStatus.of(
                        state == null ? null : MailingState.of(state),
                        row.getBoolean("scheduled"),
                        row.getBoolean("failed")),
                row.getObject("mailing_id", Long.class),
                instantOrNull(row, "done_at"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }
}
