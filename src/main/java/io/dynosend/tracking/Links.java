package io.dynosend.tracking;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dynosend.content.LinkTarget;
import io.dynosend.content.LinkTarget.Frame;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Where the links of a mailing lead. They never change once it is open. */
public final class Links {

    private static final int CHARACTERS_IN_MEMORY = 16_000_000;
    private static final int USUAL_LENGTH = 100;

    private static final String INSERT =
            """
            INSERT INTO link (account_id, mailing_id, number, url, before, after)
            VALUES (:account, :mailing, :number, :url, :before, :after)
            """;

    private static final String SELECT =
            """
            SELECT url, before, after
            FROM link
            WHERE account_id = :account AND mailing_id = :mailing
            ORDER BY number
            """;

    private record Key(long account, long mailing) {}

    private final Jdbi jdbi;
    private final Cache<Key, List<LinkTarget>> known =
            Caffeine.newBuilder()
                    .maximumWeight(CHARACTERS_IN_MEMORY)
                    .weigher((Key _, List<LinkTarget> targets) -> weight(targets))
                    .build();

    public Links(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Keeps the targets of a new mailing, within the caller's transaction.
     *
     * @param targets by their number, from 0
     */
    public void register(Handle tx, long account, long mailing, List<LinkTarget> targets) {
        if (targets.isEmpty()) return;
        var batch = tx.prepareBatch(INSERT);
        for (int number = 0; number < targets.size(); number++) {
            var target = targets.get(number);
            var frame = target.frame();
            batch.bind("account", account)
                    .bind("mailing", mailing)
                    .bind("number", number)
                    .bind("url", target.url())
                    .bind("before", frame == null ? null : frame.before())
                    .bind("after", frame == null ? null : frame.after())
                    .add();
        }
        batch.execute();
    }

    /** The target of a link, without a read from the database when its mailing is in memory. */
    public Optional<LinkTarget> target(long account, long mailing, int number) {
        var targets = known.get(new Key(account, mailing), this::load);
        return number >= 0 && number < targets.size()
                ? Optional.of(targets.get(number))
                : Optional.empty();
    }

    private List<LinkTarget> load(Key key) {
        return jdbi.withHandle(db ->
                db.createQuery(SELECT)
                        .bind("account", key.account())
                        .bind("mailing", key.mailing())
                        .map((row, _) -> target(row))
                        .list());
    }

    private static LinkTarget target(ResultSet row) throws SQLException {
        String before = row.getString("before");
        return new LinkTarget(
                row.getString("url"),
                before == null ? null : new Frame(before, row.getString("after")));
    }

    private static int weight(List<LinkTarget> targets) {
        return USUAL_LENGTH + targets.stream().mapToInt(each -> each.url().length()).sum();
    }
}
