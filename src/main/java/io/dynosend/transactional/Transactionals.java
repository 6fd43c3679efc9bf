package io.dynosend.transactional;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audiences;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.SingleLine;
import io.dynosend.common.Uid;
import io.dynosend.content.Blocks;
import io.dynosend.content.PersonalTemplate;
import io.dynosend.content.Sender;
import io.dynosend.template.Authoring;
import io.dynosend.template.Content;
import io.dynosend.template.ContentChange;
import io.dynosend.template.ContentColumns;
import io.dynosend.template.SharedBlocks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The transactional messages of an account, and the only code that writes them. */
public final class Transactionals {

    /**
     * What a new one is made of. What is null comes from the audience.
     *
     * @param replyTo null: answers go to the sender
     * @param written may be none for external content
     */
    public record NewTransactional(
            String name,
            String audienceUid,
            ContentSetting content,
            @Nullable String subject,
            @Nullable EmailAddress fromEmail,
            @Nullable String fromName,
            @Nullable EmailAddress replyTo,
            ContentChange written) {}

    /** A new value; null clears the old one. */
    public record Change<T>(@Nullable T value) {}

    /** What is to change; null: stays. */
    public record Changes(
            @Nullable String name,
            @Nullable ContentSetting content,
            @Nullable String subject,
            @Nullable EmailAddress fromEmail,
            @Nullable String fromName,
            @Nullable Change<EmailAddress> replyTo,
            ContentChange written) {}

    private static final String SELECT =
            """
            SELECT t.id, t.uid, t.audience_id, a.uid AS audience_uid, t.name, t.content, t.subject,
                   t.from_email, t.from_name, t.reply_to, t.html, t.text, t.format, t.source,
                   t.layout_id, t.inline_css, t.text_is_made, t.version, t.created_at, t.updated_at
            FROM transactional t
            JOIN audience a ON a.account_id = t.account_id AND a.id = t.audience_id
            """;

    private static final String LIST = SELECT + "WHERE t.account_id = :account ORDER BY t.id DESC";

    private static final String BY_UID = SELECT + "WHERE t.account_id = :account AND t.uid = :uid";

    private static final String INSERT =
            """
            INSERT INTO transactional (
                account_id, uid, audience_id, name, content, subject, from_email, from_name,
                reply_to, html, text, format, source, layout_id, inline_css, text_is_made,
                block_names, version, created_at, updated_at)
            VALUES (
                :account, :uid, :audience, :name, :content, :subject, :fromEmail, :fromName,
                :replyTo, :html, :text, :format, :source, :layout, :inlineCss, :textIsMade, :blockNames,
                :version, :now, :now)
            """;

    // Of two changes at the same moment one finds nothing here, and looks again.
    private static final String UPDATE =
            """
            UPDATE transactional
            SET name = :name, content = :content, subject = :subject, from_email = :fromEmail,
                from_name = :fromName, reply_to = :replyTo, html = :html, text = :text,
                format = :format, source = :source, layout_id = :layout, inline_css = :inlineCss,
                text_is_made = :textIsMade, block_names = :blockNames, version = :version, updated_at = :now
            WHERE account_id = :account AND uid = :uid AND version = :version - 1
            """;

    private static final String DELETE =
            "DELETE FROM transactional WHERE account_id = :account AND uid = :uid";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Audiences audiences;
    private final Authoring authoring;

    public Transactionals(
            Jdbi jdbi, InstantSource clock, Audiences audiences, Authoring authoring) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.audiences = audiences;
        this.authoring = authoring;
    }

    /** All of the account, newest first. */
    public List<Transactional> list(long account) {
        return jdbi.withHandle(db ->
                db.createQuery(LIST)
                        .bind("account", account)
                        .map((row, _) -> transactional(row))
                        .list());
    }

    /**
     * The one of this uid.
     *
     * @throws NotFound if this account has none
     */
    public Transactional get(long account, String uid) {
        return jdbi.withHandle(db -> find(db, BY_UID, account, uid));
    }

    /**
     * Keeps a new one.
     *
     * @return its uid
     * @throws NotFound if the account has no such audience
     * @throws BadInput if something is missing, or the content does not compile, naming field, line
     *     and column
     */
    public String create(long account, NewTransactional wanted) {
        var audience = audiences.get(account, wanted.audienceUid());
        var authored = authoring.changed(account, Content.EMPTY, wanted.written());
        String subject =
                authored.subject() == null ? audience.defaultSubject() : authored.subject();
        var now = clock.instant();
        var message =
                new Transactional(
                        0,
                        Uid.random(),
                        audience.id(),
                        audience.uid(),
                        wanted.name(),
                        wanted.content(),
                        given(wanted.subject(), subject),
                        given(wanted.fromEmail(), audience.fromEmail()),
                        given(wanted.fromName(), audience.fromName()),
                        wanted.replyTo(),
                        authored.content(),
                        1,
                        now,
                        now);
        check(account, message);
        jdbi.useTransaction(tx -> write(tx, INSERT, account, message));
        return message.uid();
    }

    /**
     * Changes one; what is queued already stays as it was.
     *
     * @throws NotFound if this account has none of this uid
     * @throws BadInput as {@link #create}
     */
    public void update(long account, String uid, Changes changes) {
        boolean written = false;
        while (!written) {
            var changed = changed(account, get(account, uid), changes);
            check(account, changed);
            written = jdbi.inTransaction(tx -> write(tx, UPDATE, account, changed)) == 1;
        }
    }

    /**
     * Deletes one; what is queued already goes out, and the log of what it sent stays.
     *
     * @throws NotFound if this account has none of this uid
     */
    public void delete(long account, String uid) {
        String known = get(account, uid).uid();
        jdbi.useHandle(db ->
                db.createUpdate(DELETE).bind("account", account).bind("uid", known).execute());
    }

    /** The blocks that a message uses, as they are now. */
    Blocks blocks(long account, Transactional message) {
        return authoring.blocks(account, message.written().liquid(message.subject()));
    }

    /** The Liquid of a message; of external content its subject only. */
    static PersonalTemplate compile(Transactional message, Blocks blocks) {
        return message.content() == ContentSetting.INTERNAL
                ? PersonalTemplate.compile(
                        message.subject(), message.html(), message.text(), blocks)
                : PersonalTemplate.compile(message.subject(), null, null, blocks);
    }

    static Sender sender(Transactional message) {
        return new Sender(message.fromName(), message.fromEmail(), message.replyTo());
    }

    private void check(long account, Transactional message) {
        SingleLine.checked("name", message.name());
        SingleLine.checked("subject", message.subject());
        if (message.subject().isBlank()) throw BadInput.missing("subject");
        boolean empty = message.html() == null && message.text() == null;
        if (message.content() == ContentSetting.INTERNAL && empty) {
            throw BadInput.missing("html or text");
        }
        sender(message);
        compile(message, blocks(account, message));
    }

    private Transactional changed(long account, Transactional message, Changes changes) {
        var authored = authoring.changed(account, message.written(), changes.written());
        String subject = authored.subject() == null ? message.subject() : authored.subject();
        return new Transactional(
                message.id(),
                message.uid(),
                message.audience(),
                message.audienceUid(),
                given(changes.name(), message.name()),
                given(changes.content(), message.content()),
                given(changes.subject(), subject),
                given(changes.fromEmail(), message.fromEmail()),
                given(changes.fromName(), message.fromName()),
                after(changes.replyTo(), message.replyTo()),
                authored.content(),
                message.version() + 1,
                message.createdAt(),
                clock.instant());
    }

    private static <T> T given(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private static <T> @Nullable T after(@Nullable Change<T> change, @Nullable T old) {
        return change == null ? old : change.value();
    }

    private static Transactional find(Handle db, String statement, long account, String uid) {
        return db.createQuery(statement)
                .bind("account", account)
                .bind("uid", uid)
                .map((row, _) -> transactional(row))
                .findOne()
                .orElseThrow(() -> new NotFound("Transactional message"));
    }

    private static int write(Handle db, String statement, long account, Transactional message) {
        var replyTo = message.replyTo();
        var written = message.written();
        long layout = written.layout() == null ? 0 : written.layout();
        var names = Blocks.named(written.liquid(message.subject()));
        SharedBlocks.hold(db, account, names, layout);
        return ContentColumns.bind(db.createUpdate(statement), written, message.subject())
                .bind("account", account)
                .bind("uid", message.uid())
                .bind("version", message.version())
                .bind("audience", message.audience())
                .bind("name", message.name())
                .bind("content", message.content().wire())
                .bind("subject", message.subject())
                .bind("fromEmail", message.fromEmail().value())
                .bind("fromName", message.fromName())
                .bind("replyTo", replyTo == null ? null : replyTo.value())
                .bind("now", utc(message.updatedAt()))
                .execute();
    }

    private static Transactional transactional(ResultSet row) throws SQLException {
        String replyTo = row.getString("reply_to");
        return new Transactional(
                row.getLong("id"),
                row.getString("uid"),
                row.getLong("audience_id"),
                row.getString("audience_uid"),
                row.getString("name"),
                ContentSetting.of(row.getString("content")),
                row.getString("subject"),
                new EmailAddress(row.getString("from_email")),
                row.getString("from_name"),
                replyTo == null ? null : new EmailAddress(replyTo),
                ContentColumns.content(row),
                row.getInt("version"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }
}
