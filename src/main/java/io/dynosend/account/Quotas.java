package io.dynosend.account;

import io.dynosend.common.Problem.QuotaExceeded;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * How many mails each account may send in a calendar month (UTC), and has sent. Counted in the
 * transaction that queues them: the account's row of the month is locked until it ends, so two that
 * come at the same moment cannot both take the last.
 */
public final class Quotas {

    /**
     * Where an account stands.
     *
     * @param used in this month, with those that are reserved for mailings under way
     * @param quota null: unlimited
     * @param left null: unlimited
     */
    public record Usage(YearMonth month, long used, @Nullable Long quota, @Nullable Long left) {

        static Usage of(YearMonth month, long used, @Nullable Long quota) {
            return new Usage(month, used, quota, quota == null ? null : Math.max(0, quota - used));
        }

        /** Whether so many may still be sent. */
        public boolean has(long mails) {
            return left == null || mails <= left;
        }

        /** When the next month begins, and with it the whole quota. */
        public Instant renewedAt() {
            return firstDay(month.plusMonths(1)).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
    }

    private static final String SET =
            "UPDATE account SET monthly_quota = :quota WHERE id = :account";

    private static final String OF =
            """
            SELECT a.id AS account_id, coalesce(u.mails, 0) AS mails, a.monthly_quota
            FROM account a
            LEFT JOIN mail_usage u ON u.account_id = a.id AND u.month = :month
            WHERE a.id = :account
            """;

    private static final String BEGIN_MONTH =
            """
            INSERT INTO mail_usage (account_id, month)
            SELECT account_id, :month
            FROM unnest(:accounts) AS wanted (account_id)
            ORDER BY account_id
            ON CONFLICT (account_id, month) DO NOTHING
            """;

    // In the order of the accounts, so that two batches never wait for each other crosswise.
    private static final String LOCK =
            """
            SELECT u.account_id, u.mails, a.monthly_quota
            FROM mail_usage u
            JOIN account a ON a.id = u.account_id
            WHERE u.account_id = ANY (:accounts) AND u.month = :month
            ORDER BY u.account_id
            FOR UPDATE OF u
            """;

    private static final String ADD =
            """
            UPDATE mail_usage u
            SET mails = greatest(0, u.mails + taken.mails)
            FROM unnest(:accounts, :mails) AS taken (account_id, mails)
            WHERE u.account_id = taken.account_id AND u.month = :month
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;

    public Quotas(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * Sets how many mails the account may send a month, from this month on.
     *
     * @param mails null: unlimited
     */
    public void set(long account, @Nullable Long mails) {
        jdbi.useHandle(
                db -> db.createUpdate(SET).bind("account", account).bind("quota", mails).execute());
    }

    /** Where the account stands in this month. */
    public Usage of(long account) {
        var month = month(clock.instant());
        return jdbi.withHandle(db ->
                db.createQuery(OF)
                        .bind("account", account)
                        .bind("month", firstDay(month))
                        .map((row, _) ->
                                Usage.of(
                                        month,
                                        row.getLong("mails"),
                                        row.getObject("monthly_quota", Long.class)))
                        .one());
    }

    /**
     * Counts mails of one account, all or none.
     *
     * @param what needs them, as the beginning of a sentence
     * @throws QuotaExceeded if fewer are left; says how many too many
     */
    public void take(Handle tx, long account, long mails, String what) {
        var month = month(clock.instant());
        var usage = locked(tx, month, List.of(account)).get(account);
        if (usage == null) return;
        if (!usage.has(mails)) throw exceeded(usage, mails, what);
        add(tx, month, Map.of(account, mails));
    }

    /**
     * Counts one mail for each entry, as long as its account has some left. An account without any
     * is no matter of the others'.
     *
     * @param accounts one for each mail, in any order, repeated as often as they like
     * @return for each, in the same order, why it is refused; empty: it is counted
     */
    public List<Optional<QuotaExceeded>> takeEach(Handle tx, List<Long> accounts) {
        var month = month(clock.instant());
        var usages = locked(tx, month, accounts);
        var taken = new TreeMap<Long, Long>();
        var answers = new ArrayList<Optional<QuotaExceeded>>(accounts.size());
        for (long account : accounts) {
            var usage = usages.get(account);
            if (usage == null || usage.has(taken.getOrDefault(account, 0L) + 1)) {
                taken.merge(account, 1L, Long::sum);
                answers.add(Optional.empty());
            } else {
                answers.add(Optional.of(exceeded(usage, 1, "This message")));
            }
        }
        if (!taken.isEmpty()) add(tx, month, taken);
        return answers;
    }

    /**
     * Corrects what was taken ahead of time to what it came to.
     *
     * @param takenAt tells the month that it was counted in
     */
    public void settle(Handle tx, long account, Instant takenAt, long taken, long used) {
        if (taken != used) add(tx, month(takenAt), Map.of(account, used - taken));
    }

    private static Map<Long, Usage> locked(Handle tx, YearMonth month, List<Long> accounts) {
        var each = accounts.stream().distinct().sorted().toList();
        tx.createUpdate(BEGIN_MONTH)
                .bindArray("accounts", Long.class, each)
                .bind("month", firstDay(month))
                .execute();
        var usages = new HashMap<Long, Usage>();
        tx.createQuery(LOCK)
                .bindArray("accounts", Long.class, each)
                .bind("month", firstDay(month))
                .map((row, _) ->
                        usages.put(
                                row.getLong("account_id"),
                                Usage.of(
                                        month,
                                        row.getLong("mails"),
                                        row.getObject("monthly_quota", Long.class))))
                .list();
        return usages;
    }

    private static void add(Handle tx, YearMonth month, Map<Long, Long> mails) {
        tx.createUpdate(ADD)
                .bindArray("accounts", Long.class, mails.keySet().toArray())
                .bindArray("mails", Long.class, mails.values().toArray())
                .bind("month", firstDay(month))
                .execute();
    }

    private static QuotaExceeded exceeded(Usage usage, long mails, String what) {
        long left = usage.left() == null ? 0 : usage.left();
        return new QuotaExceeded(
                String.format(
                        Locale.ROOT,
                        "You have reached your monthly quota. %s would need %s; %,d of this"
                                + " month's %,d are left: %,d too many",
                        what,
                        mails == 1 ? "1 mail" : String.format(Locale.ROOT, "%,d mails", mails),
                        left,
                        usage.quota(),
                        mails - left));
    }

    private static YearMonth month(Instant at) {
        return YearMonth.from(at.atOffset(ZoneOffset.UTC));
    }

    private static LocalDate firstDay(YearMonth month) {
        return month.atDay(1);
    }
}
