package io.dynosend.tracking;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Where the links of a mailing lead. They never change once it is open. */
public final class Links {

    private static final int MAILINGS_IN_MEMORY = 1_000;

    private static final String INSERT =
            """
            INSERT INTO link (account_id, mailing_id, number, url)
            VALUES (:account, :mailing, :number, :url)
            """;

    private static final String SELECT =
            """
            SELECT url
            FROM link
            WHERE account_id = :account AND mailing_id = :mailing
            ORDER BY number
            """;

    private record Key(long account, long mailing) {}

    private final Jdbi jdbi;
    private final Cache<Key, List<String>> known =
            Caffeine.newBuilder().maximumSize(MAILINGS_IN_MEMORY).build();

    public Links(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Keeps the targets of a new mailing, within the caller's transaction.
     *
     * @param urls by their number, from 0
     */
    public void register(Handle tx, long account, long mailing, List<String> urls) {
        if (urls.isEmpty()) return;
        var batch = tx.prepareBatch(INSERT);
        for (int number = 0; number < urls.size(); number++) {
            batch.bind("account", account)
                    .bind("mailing", mailing)
                    .bind("number", number)
                    .bind("url", urls.get(number))
                    .add();
        }
        batch.execute();
    }

    /** The target of a link, without a read from the database when its mailing is in memory. */
    public Optional<String> url(DeliveryRef delivery, int number) {
        var urls = known.get(new Key(delivery.account(), delivery.mailing()), this::load);
        return number >= 0 && number < urls.size()
                ? Optional.of(urls.get(number))
                : Optional.empty();
    }

    private List<String> load(Key key) {
        return jdbi.withHandle(db ->
                db.createQuery(SELECT)
                        .bind("account", key.account())
                        .bind("mailing", key.mailing())
                        .mapTo(String.class)
                        .list());
    }
}
