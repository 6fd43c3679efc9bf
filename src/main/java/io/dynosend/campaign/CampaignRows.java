package io.dynosend.campaign;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;

import io.dynosend.audience.TrackingMode;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Json;
import io.dynosend.content.Utm;
import io.dynosend.sending.MailingState;
import io.dynosend.template.ContentColumns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a campaign is read: its own row, and that of its mailing, which knows how it stands. */
final class CampaignRows {

    static final String SELECT =
            """
            SELECT c.id, c.uid, c.audience_id, c.name, c.subject, c.from_email, c.from_name,
                   c.reply_to, c.html, c.text, c.format, c.source, c.layout_id, c.inline_css,
                   c.text_is_made, c.utm, c.mailing_id, c.tracking, c.created_at,
                   c.updated_at,
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
                ContentColumns.content(row),
                utm(row.getString("utm")),
                CampaignStatus.of(
                        state == null ? null : MailingState.of(state),
                        row.getBoolean("scheduled"),
                        row.getBoolean("failed")),
                row.getObject("mailing_id", Long.class),
                tracking(row.getString("tracking")),
                instantOrNull(row, "done_at"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    /** As {@link #utm(String)} reads it. */
    static @Nullable String json(@Nullable Utm utm) {
        if (utm == null) return null;
        var values = new LinkedHashMap<String, @Nullable String>();
        values.put("source", utm.source());
        values.put("medium", utm.medium());
        values.put("campaign", utm.campaign());
        if (utm.term() != null) values.put("term", utm.term());
        if (utm.content() != null) values.put("content", utm.content());
        return Json.write(values);
    }

    private static @Nullable Utm utm(@Nullable String json) {
        if (json == null) return null;
        var values = Json.strings(json);
        return new Utm(
                value(values, "source"),
                value(values, "medium"),
                value(values, "campaign"),
                values.get("term"),
                values.get("content"));
    }

    private static String value(Map<String, String> values, String name) {
        return Objects.requireNonNull(values.get(name));
    }

    private static @Nullable TrackingMode tracking(@Nullable String wire) {
        return wire == null ? null : TrackingMode.of(wire);
    }
}
