package io.dynosend.account;

import static io.dynosend.common.Sql.instant;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What an account is called, and who mails to its own users come from. */
public final class AccountSettings {

    /**
     * How it is.
     *
     * @param sender null: nobody has decided
     */
    public record Settings(String name, @Nullable Sender sender, Instant createdAt) {}

    /** Who mails come from. */
    public record Sender(String name, EmailAddress email) {

        public Sender {
            SingleLine.checked("sender_name", name);
        }
    }

    private static final String GET =
            """
            SELECT name, sender_name, sender_email, created_at
            FROM account
            WHERE id = :account
            """;

    private static final String CHANGE =
            """
            UPDATE account
            SET name = :name, sender_name = :senderName, sender_email = :senderEmail
            WHERE id = :account
            """;

    private final Jdbi jdbi;

    public AccountSettings(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    public Settings get(long account) {
        return jdbi.withHandle(db ->
                db.createQuery(GET)
                        .bind("account", account)
                        .map((row, _) ->
                                new Settings(
                                        row.getString("name"),
                                        sender(
                                                row.getString("sender_name"),
                                                row.getString("sender_email")),
                                        instant(row, "created_at")))
                        .one());
    }

    /**
     * Changes both.
     *
     * @param sender null: what is found for it
     * @throws BadInput if a name is more than a line
     */
    public void change(long account, String name, @Nullable Sender sender) {
        String checked = SingleLine.checked("name", name);
        jdbi.useHandle(db ->
                db.createUpdate(CHANGE)
                        .bind("account", account)
                        .bind("name", checked)
                        .bind("senderName", sender == null ? null : sender.name())
                        .bind("senderEmail", sender == null ? null : sender.email().value())
                        .execute());
    }

    /** Who mails to users come from, if somebody has decided. */
    public Optional<Sender> sender(long account) {
        return Optional.ofNullable(get(account).sender());
    }

    private static @Nullable Sender sender(@Nullable String name, @Nullable String email) {
        return email == null ? null : new Sender(name == null ? "" : name, new EmailAddress(email));
    }
}
