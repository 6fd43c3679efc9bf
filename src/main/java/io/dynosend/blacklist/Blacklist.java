package io.dynosend.blacklist;

import static io.dynosend.common.Sql.utc;

import io.dynosend.common.EmailAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;

/** The suppressed addresses of an account, and the only code that writes them. */
public final class Blacklist {

    public enum Reason {
        BOUNCED,
        COMPLAINED,
        UNSUBSCRIBED,
        MANUAL;

        /** The spelling in the database and in the API. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String ADD =
            """
            INSERT INTO blacklist (account_id, email, reason, created_at)
            VALUES (:account, :email, :reason, :now)
            ON CONFLICT (account_id, email) DO NOTHING
            """;

    /**
     * Adds addresses within the caller's transaction. Of one that is listed the first time and
     * reason stay.
     */
    public void add(
            Handle tx, long account, List<EmailAddress> addresses, Reason reason, Instant now) {
        if (addresses.isEmpty()) return;
        var batch = tx.prepareBatch(ADD);
        for (var address : addresses) {
            batch.bind("account", account)
                    .bind("email", address.value())
                    .bind("reason", reason.wire())
                    .bind("now", utc(now))
                    .add();
        }
        batch.execute();
    }
}
