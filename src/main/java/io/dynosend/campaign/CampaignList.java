package io.dynosend.campaign;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;

import io.dynosend.sending.Deliveries.Counts;
import io.dynosend.sending.MailingState;
import io.dynosend.sending.OutcomeCounts;
import io.dynosend.tracking.EngagementHours;
import io.dynosend.tracking.Engagements.Totals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Campaigns as a list shows them, and the figures of many at once. Only reads. */
public final class CampaignList {

    /**
     * Which campaigns.
     *
     * @param text part of the name, whatever its case; empty: all
     * @param status null: all
     * @param audienceUid empty: all
     */
    public record Filter(String text, @Nullable CampaignStatus status, String audienceUid) {

        public static final Filter ALL = new Filter("", null, "");
    }

    private static final Totals NOTHING = new Totals(0, 0, 0, 0, 0, 0);

    private static final String SELECT =
            """
            SELECT c.uid, c.name, c.subject, c.audience_id, a.name AS audience, a.uid AS audience_uid,
                   c.mailing_id, c.scheduled_at, c.failure, c.created_at, c.updated_at,
                   CASE WHEN m.state = 'paused' THEN m.paused_because END AS paused_because,
                   m.cancelled_at IS NOT NULL AS cancelled, m.state, m.started_at, m.done_at,
                   CASE WHEN m.id IS NULL THEN c.per_hour ELSE m.per_hour END AS per_hour
            FROM campaign c
            JOIN audience a ON a.account_id = c.account_id AND a.id = c.audience_id
            LEFT JOIN mailing m ON m.account_id = c.account_id AND m.id = c.mailing_id
            WHERE c.account_id = :account
            """;

    private static final String LIST =
            SELECT
                    + """
                      AND (:text = '' OR position(lower(:text) IN lower(c.name)) > 0)
                      AND (:audience = '' OR a.uid = :audience)
                    ORDER BY c.id DESC
                    """;

    private static final String ONE = SELECT + " AND c.uid = :uid";

    private final Jdbi jdbi;
    private final OutcomeCounts counts;
    private final EngagementHours engagements;

    public CampaignList(Jdbi jdbi, OutcomeCounts counts, EngagementHours engagements) {
        this.jdbi = jdbi;
        this.counts = counts;
        this.engagements = engagements;
    }

    /** Those that match, the newest first. */
    public List<CampaignLine> lines(long account, Filter filter) {
        return jdbi.withHandle(db ->
                db
                        .createQuery(LIST)
                        .bind("account", account)
                        .bind("text", filter.text())
                        .bind("audience", filter.audienceUid())
                        .map((row, _) -> line(row))
                        .list()
                        .stream()
                        .filter(line -> filter.status() == null || filter.status() == line.status())
                        .toList());
    }

    /**
     * One of them.
     *
     * @throws io.dynosend.common.Problem.NotFound if the account has no such campaign
     */
    public CampaignLine line(long account, String uid) {
        return jdbi.withHandle(db ->
                db.createQuery(ONE)
                        .bind("account", account)
                        .bind("uid", uid)
                        .map((row, _) -> line(row))
                        .findOne()
                        .orElseThrow(() -> new io.dynosend.common.Problem.NotFound("Campaign")));
    }

    /** Those among them that have recipients of whom nobody knows whether they got it. */
    public List<CampaignLine> unknown(long account, List<CampaignLine> lines) {
        var mailings = counts.unknown(account);
        return lines.stream()
                .filter(line -> line.mailing() != null && mailings.contains(line.mailing()))
                .toList();
    }

    /** What came of each, by its uid: the same as {@link Campaigns#insights}, of all at once. */
    public Map<String, Insights> insights(long account, Collection<CampaignLine> lines) {
        var mailings = lines.stream().map(CampaignLine::mailing).filter(Objects::nonNull).toList();
        Map<Long, Counts> outcomes = mailings.isEmpty() ? Map.of() : counts.of(account, mailings);
        Map<Long, Totals> totals =
                mailings.isEmpty() ? Map.of() : engagements.totals(account, mailings);
        var insights = new HashMap<String, Insights>();
        for (var line : lines) {
            long mailing = line.mailing() == null ? 0 : line.mailing();
            insights.put(
                    line.uid(),
                    new Insights(
                            outcomes.getOrDefault(mailing, OutcomeCounts.NONE),
                            totals.getOrDefault(mailing, NOTHING)));
        }
        return insights;
    }

    private static CampaignLine line(ResultSet row) throws SQLException {
        String state = row.getString("state");
        var scheduled = instantOrNull(row, "scheduled_at");
        String failure = row.getString("failure");
        return new CampaignLine(
                row.getString("uid"),
                row.getString("name"),
                row.getString("subject"),
                CampaignStatus.of(
                        state == null ? null : MailingState.of(state),
                        scheduled != null,
                        failure != null),
                row.getLong("audience_id"),
                row.getString("audience"),
                row.getString("audience_uid"),
                row.getObject("mailing_id", Long.class),
                scheduled,
                failure,
                row.getString("paused_because"),
                row.getBoolean("cancelled"),
                row.getObject("per_hour", Integer.class),
                instantOrNull(row, "started_at"),
                instantOrNull(row, "done_at"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }
}
