package io.dynosend.contact;

import static io.dynosend.common.Sql.utc;

import io.dynosend.common.Json;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Notes what happens to a contact, in the transaction in which it happens. */
final class Activities {

    /** New contacts begin with the name of their status. */
    enum Kind {
        SUBSCRIBED,
        UNCONFIRMED,
        CONFIRMED,
        UNSUBSCRIBED,
        TAGGED,
        UNTAGGED,
        UPDATED;

        /** The spelling in the database and in the API. */
        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String NOTE =
            """
            INSERT INTO contact_activity (
                account_id, contact_id, kind, at, source, user_id, ip_address, user_agent, wording,
                detail)
            VALUES (
                :account, :contact, :kind, :now, :source, :user, :ip, :userAgent, :wording,
                cast(:detail AS jsonb))
            """;

    private final InstantSource clock;

    Activities(InstantSource clock) {
        this.clock = clock;
    }

    void note(Handle tx, long account, long contact, Kind kind, Actor actor) {
        note(tx, account, contact, kind, actor, Map.of());
    }

    /**
     * @param detail what a reader of the timeline is shown, by key
     */
    void note(
            Handle tx,
            long account,
            long contact,
            Kind kind,
            Actor actor,
            Map<String, ? extends @Nullable Object> detail) {
        tx.createUpdate(NOTE)
                .bind("account", account)
                .bind("contact", contact)
                .bind("kind", kind.wire())
                .bind("now", utc(clock.instant()))
                .bind("source", actor.source())
                .bind("user", actor.user())
                .bind("ip", actor.ipAddress())
                .bind("userAgent", actor.userAgent())
                .bind("wording", actor.wording())
                .bind("detail", Json.write(detail))
                .execute();
    }
}
