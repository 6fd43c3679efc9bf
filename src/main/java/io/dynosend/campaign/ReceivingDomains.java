package io.dynosend.campaign;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Jdbi;

/**
 * How a campaign fared with each receiving domain. A million recipients take a second to count:
 * that is done one campaign after the other, beside whoever asks, and kept for a short while.
 */
public final class ReceivingDomains {

    /**
     * One of them.
     *
     * @param deferred waiting, and put off at least once
     */
    public record DomainFigures(
            String domain,
            long recipients,
            long sent,
            long failed,
            long bounced,
            long waiting,
            long deferred,
            long opened,
            long clicked) {

        public long settled() {
            return recipients - waiting;
        }
    }

    private record Mailing(long account, long id) {}

    /** The most domains that are told of. */
    public static final int MOST = 50;

    private static final Duration KEPT = Duration.ofSeconds(10);
    private static final long PATIENCE_MILLIS = 100;
    private static final int IN_MEMORY = 200;

    // Readers are few beside recipients: each finds its row there, and not the other way round.
    private static final String SELECT =
            """
            WITH recipients AS (
                SELECT split_part(d.address, '@', -1) AS domain, count(*) AS recipients,
                       count(*) FILTER (WHERE d.state = 'sent') AS sent,
                       count(*) FILTER (WHERE d.state = 'failed') AS failed,
                       count(d.bounced_at) AS bounced,
                       count(*) FILTER (WHERE d.state = 'waiting') AS waiting,
                       count(*) FILTER (WHERE d.state = 'waiting' AND d.tries > 0) AS deferred
                FROM delivery d
                WHERE d.account_id = :account AND d.mailing_id = :mailing
                  AND d.address IS NOT NULL
                GROUP BY 1
                ORDER BY recipients DESC, domain
                LIMIT :limit
            ), readers AS (
                SELECT split_part(d.address, '@', -1) AS domain,
                       count(e.first_open_at) AS opened, count(e.first_click_at) AS clicked
                FROM engagement e
                JOIN delivery d USING (account_id, mailing_id, number)
                WHERE e.account_id = :account AND e.mailing_id = :mailing
                  AND d.address IS NOT NULL
                GROUP BY 1
            )
            SELECT r.*, coalesce(e.opened, 0) AS opened, coalesce(e.clicked, 0) AS clicked
            FROM recipients r
            LEFT JOIN readers e USING (domain)
            ORDER BY r.recipients DESC, r.domain
            """;

    private final Jdbi jdbi;
    private final AsyncCache<Mailing, List<DomainFigures>> counted =
            Caffeine.newBuilder()
                    .maximumSize(IN_MEMORY)
                    .expireAfterWrite(KEPT)
                    .executor(
                            Executors.newSingleThreadExecutor(
                                    Thread.ofVirtual().name("receiving domains").factory()))
                    .buildAsync();

    public ReceivingDomains(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Those with the most recipients, at most ten seconds old. Empty: they are being counted, and
     * known in a moment.
     */
    public Optional<List<DomainFigures>> of(long account, long mailing)
            throws InterruptedException {
        var figures = counted.get(new Mailing(account, mailing), this::count);
        try {
            return Optional.of(figures.get(PATIENCE_MILLIS, MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The domains cannot be counted", e.getCause());
        }
    }

    private List<DomainFigures> count(Mailing mailing) {
        return jdbi.withHandle(db ->
                db.createQuery(SELECT)
                        .bind("account", mailing.account())
                        .bind("mailing", mailing.id())
                        .bind("limit", MOST)
                        .map((row, _) ->
                                new DomainFigures(
                                        row.getString("domain"),
                                        row.getLong("recipients"),
                                        row.getLong("sent"),
                                        row.getLong("failed"),
                                        row.getLong("bounced"),
                                        row.getLong("waiting"),
                                        row.getLong("deferred"),
                                        row.getLong("opened"),
                                        row.getLong("clicked")))
                        .list());
    }
}
