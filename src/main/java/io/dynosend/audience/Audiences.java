package io.dynosend.audience;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audience.ContactInformation;
import io.dynosend.audience.Audience.Statistics;
import io.dynosend.audience.AudienceChanges.MailChange;
import io.dynosend.audience.ResponseMail.Occasion;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.SingleLine;
import io.dynosend.common.Sql;
import io.dynosend.common.Uid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The audiences of an account, and the only code that writes them and their fields. */
public final class Audiences {

    /** What a new audience is made of. */
    public record NewAudience(
            String name,
            String defaultSubject,
            EmailAddress fromEmail,
            String fromName,
            boolean doubleOptIn,
            TrackingMode tracking,
            ContactInformation contactInformation,
            @Nullable ResponseMail welcomeMail,
            @Nullable ResponseMail goodbyeMail) {

        public NewAudience {
            SingleLine.checked("name", name);
            SingleLine.checked("default_subject", defaultSubject);
            SingleLine.checked("from_name", fromName);
        }
    }

    private static final int MOST_FIELDS = 200;

    private static final Pattern TAG = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    private static final String COLUMNS =
            """
            id, uid, name, default_subject, from_email, from_name, double_opt_in, tracking,
            company, address_1, address_2, country, state, zip, city, phone, website,
            contact_email, created_at, updated_at
            """;

    private static final String LIST =
            "SELECT " + COLUMNS + " FROM audience WHERE account_id = :account ORDER BY id";

    private static final String BY_UID =
            "SELECT " + COLUMNS + " FROM audience WHERE account_id = :account AND uid = :uid";

    private static final String BY_ID =
            "SELECT " + COLUMNS + " FROM audience WHERE account_id = :account AND id = :id";

    private static final String INSERT =
            """
            INSERT INTO audience (
                account_id, uid, name, default_subject, from_email, from_name, double_opt_in,
                tracking, company, address_1, address_2, country, state, zip, city, phone, website,
                contact_email, created_at, updated_at, welcome_subject, welcome_html,
                welcome_text, goodbye_subject, goodbye_html, goodbye_text)
            VALUES (
                :account, :uid, :name, :subject, :fromEmail, :fromName, :doubleOptIn,
                :tracking, :company, :address1, :address2, :country, :state, :zip, :city, :phone, :website,
                :email, :now, :now, :welcomeSubject, :welcomeHtml, :welcomeText,
                :goodbyeSubject, :goodbyeHtml, :goodbyeText)
            """;

    private static final String UPDATE =
            """
            UPDATE audience
            SET name = coalesce(:name, name),
                default_subject = coalesce(:defaultSubject, default_subject),
                from_email = coalesce(:fromEmail, from_email),
                from_name = coalesce(:fromName, from_name),
                double_opt_in = coalesce(:doubleOptIn, double_opt_in),
                tracking = coalesce(:tracking, tracking),
                company = coalesce(:company, company),
                address_1 = coalesce(:address1, address_1),
                address_2 = coalesce(:address2, address_2),
                country = coalesce(:country, country),
                state = coalesce(:state, state),
                zip = coalesce(:zip, zip),
                city = coalesce(:city, city),
                phone = coalesce(:phone, phone),
                website = coalesce(:website, website),
                contact_email = coalesce(:email, contact_email),
                updated_at = :now,
                welcome_subject =
                    CASE WHEN :welcomeChanges THEN :welcomeSubject ELSE welcome_subject END,
                welcome_html = CASE WHEN :welcomeChanges THEN :welcomeHtml ELSE welcome_html END,
                welcome_text = CASE WHEN :welcomeChanges THEN :welcomeText ELSE welcome_text END,
                goodbye_subject =
                    CASE WHEN :goodbyeChanges THEN :goodbyeSubject ELSE goodbye_subject END,
                goodbye_html = CASE WHEN :goodbyeChanges THEN :goodbyeHtml ELSE goodbye_html END,
                goodbye_text = CASE WHEN :goodbyeChanges THEN :goodbyeText ELSE goodbye_text END
            WHERE account_id = :account AND id = :id
            """;

    private static final String WELCOME_MAIL =
            """
            SELECT welcome_subject AS subject, welcome_html AS html, welcome_text AS text
            FROM audience
            WHERE account_id = :account AND id = :id AND welcome_subject IS NOT NULL
            """;

    private static final String GOODBYE_MAIL =
            """
            SELECT goodbye_subject AS subject, goodbye_html AS html, goodbye_text AS text
            FROM audience
            WHERE account_id = :account AND id = :id AND goodbye_subject IS NOT NULL
            """;

    private static final String LOCK =
            "SELECT id FROM audience WHERE account_id = :account AND id = :id FOR UPDATE";

    private static final String DELETE =
            "DELETE FROM audience WHERE account_id = :account AND id = :id";

    private static final String FIELDS =
            """
            SELECT label, type, tag, visible, required
            FROM audience_field
            WHERE account_id = :account AND audience_id = :audience
            ORDER BY id
            """;

    private static final String INSERT_FIELD =
            """
            INSERT INTO audience_field (account_id, audience_id, label, type, tag, visible, required)
            VALUES (:account, :audience, :label, :type, :tag, :visible, :required)
            ON CONFLICT (account_id, audience_id, tag) DO NOTHING
            """;

    private static final String UPDATE_FIELD =
            """
            UPDATE audience_field
            SET label = :label, visible = :visible, required = :required
            WHERE account_id = :account AND audience_id = :audience AND tag = :tag
            """;

    private static final String REMOVE_FIELD =
            """
            DELETE FROM audience_field
            WHERE account_id = :account AND audience_id = :audience AND tag = :tag
            """;

    // Kept with every change of a contact (ContactCounts).
    private static final String STATISTICS =
            """
            SELECT coalesce(sum(contacts), 0)::bigint AS contacts,
                   coalesce(sum(subscribed), 0)::bigint AS subscribed,
                   coalesce(sum(unsubscribed), 0)::bigint AS unsubscribed
            FROM contact_count
            WHERE account_id = :account AND audience_id = :audience
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Schemas schemas;

    public Audiences(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.schemas = new Schemas(jdbi);
    }

    /** All audiences of the account, oldest first. */
    public List<Audience> list(long account) {
        return jdbi.withHandle(db ->
                db.createQuery(LIST)
                        .bind("account", account)
                        .map((row, _) -> audience(row))
                        .list());
    }

    /**
     * The audience of this uid.
     *
     * @throws NotFound if this account has none
     */
    public Audience get(long account, String uid) {
        return jdbi.withHandle(db ->
                db.createQuery(BY_UID)
                        .bind("account", account)
                        .bind("uid", uid)
                        .map((row, _) -> audience(row))
                        .findOne()
                        .orElseThrow(() -> new NotFound("Audience")));
    }

    /**
     * What the contacts of this audience are held to.
     *
     * @throws NotFound if this account has no such audience
     */
    public Schema schema(long account, String uid) {
        return schemas.find(account, uid).orElseThrow(() -> new NotFound("Audience"));
    }

    /** The audience that a row of another table points at. */
    public Audience get(long account, long id) {
        return jdbi.withHandle(db ->
                db.createQuery(BY_ID)
                        .bind("account", account)
                        .bind("id", id)
                        .map((row, _) -> audience(row))
                        .one());
    }

    /**
     * The custom fields in the order they were made; EMAIL, which every audience has, is not among
     * them.
     */
    public List<Field> fields(long account, long audience) {
        return jdbi.withHandle(db ->
                db.createQuery(FIELDS)
                        .bind("account", account)
                        .bind("audience", audience)
                        .map((row, _) -> field(row))
                        .list());
    }

    public Statistics statistics(long account, long audience) {
        return jdbi.withHandle(db ->
                db.createQuery(STATISTICS)
                        .bind("account", account)
                        .bind("audience", audience)
                        .map((row, _) ->
                                new Statistics(
                                        row.getLong("contacts"),
                                        row.getLong("subscribed"),
                                        row.getLong("unsubscribed")))
                        .one());
    }

    /** What goes out by itself on an occasion; empty: nothing. */
    public Optional<ResponseMail> responseMail(long account, long audience, Occasion occasion) {
        String statement =
                switch (occasion) {
                    case WELCOME -> WELCOME_MAIL;
                    case GOODBYE -> GOODBYE_MAIL;
                };
        return jdbi.withHandle(db ->
                db.createQuery(statement)
                        .bind("account", account)
                        .bind("id", audience)
                        .map((row, _) ->
                                new ResponseMail(
                                        row.getString("subject"),
                                        row.getString("html"),
                                        row.getString("text")))
                        .findOne());
    }

    /**
     * Makes an audience and returns its uid.
     *
     * @throws BadInput if it has a welcome mail and no postal address
     */
    public String create(long account, NewAudience wanted) {
        String uid = Uid.random();
        run(
                INSERT,
                update -> {
                    update.bind("account", account)
                            .bind("uid", uid)
                            .bind("name", wanted.name())
                            .bind("subject", wanted.defaultSubject())
                            .bind("fromEmail", wanted.fromEmail().value())
                            .bind("fromName", wanted.fromName())
                            .bind("doubleOptIn", wanted.doubleOptIn())
                            .bind("tracking", wanted.tracking().wire())
                            .bindMethods(wanted.contactInformation())
                            .bind("now", utc(clock.instant()));
                    bind(update, "welcome", wanted.welcomeMail());
                    bind(update, "goodbye", wanted.goodbyeMail());
                });
        return uid;
    }

    /**
     * Changes an audience.
     *
     * @throws NotFound if this account has none
     * @throws BadInput if it had a welcome mail then, and no postal address
     */
    public void update(long account, String uid, AudienceChanges changes) {
        long id = get(account, uid).id();
        var from = changes.fromEmail();
        var tracking = changes.tracking();
        run(
                UPDATE,
                update -> {
                    update.bind("account", account)
                            .bind("id", id)
                            .bind("name", changes.name())
                            .bind("defaultSubject", changes.defaultSubject())
                            .bind("fromEmail", from == null ? null : from.value())
                            .bind("fromName", changes.fromName())
                            .bind("doubleOptIn", changes.doubleOptIn())
                            .bind("tracking", tracking == null ? null : tracking.wire())
                            .bindMethods(changes.contactInformation())
                            .bind("now", utc(clock.instant()));
                    bind(update, "welcome", changes.welcomeMail());
                    bind(update, "goodbye", changes.goodbyeMail());
                });
    }

    private void run(String statement, Consumer<Update> parameters) {
        try {
            jdbi.useHandle(db -> {
                var update = db.createUpdate(statement);
                parameters.accept(update);
                update.execute();
            });
        } catch (UnableToExecuteStatementException e) {
            if (!Sql.isCheckViolation(e)) throw e;
            throw new BadInput(
                    "welcome_mail needs contact_information with address_1: it carries your postal"
                            + " address");
        }
    }

    private static void bind(Update update, String occasion, @Nullable MailChange change) {
        update.bind(occasion + "Changes", change != null);
        bind(update, occasion, change == null ? null : change.mail());
    }

    private static void bind(Update update, String occasion, @Nullable ResponseMail mail) {
        update.bind(occasion + "Subject", mail == null ? null : mail.subject())
                .bind(occasion + "Html", mail == null ? null : mail.html())
                .bind(occasion + "Text", mail == null ? null : mail.text());
    }

    /** Nobody changes the audience, and nothing new points at it, until the transaction ends. */
    public void lock(Handle tx, long account, long audience) {
        tx.createQuery(LOCK).bind("account", account).bind("id", audience).mapTo(Long.class).list();
    }

    /** Deletes the audience, and with it whatever points at it. */
    public void delete(Handle tx, long account, long audience) {
        tx.createUpdate(DELETE).bind("account", account).bind("id", audience).execute();
    }

    /**
     * Adds a custom field (section "Create a custom field" of the API document).
     *
     * @throws BadInput if the tag is not {@code [A-Z][A-Z0-9_]*} of at most 64 characters, or EMAIL
     * @throws Conflict if the audience has that tag
     */
    public void addField(
            long account, String audienceUid, FieldType type, String label, String tag) {
        addField(account, audienceUid, new Field(label, type, tag, true, false));
    }

    /** As above, of one that readers may not see or must fill in. */
    public void addField(long account, String audienceUid, Field field) {
        String label = field.label();
        String tag = field.tag();
        SingleLine.checked("label", label);
        if (!TAG.matcher(tag).matches()) {
            throw new BadInput(
                    "tag must be 1 to 64 capital letters, digits and underscores, beginning with"
                            + " a letter");
        }
        if (ReservedTags.contains(tag)) {
            throw new BadInput("tag %s is reserved".formatted(tag));
        }
        long audience = get(account, audienceUid).id();
        if (fields(account, audience).size() >= MOST_FIELDS) {
            throw new BadInput("An audience has at most %d fields".formatted(MOST_FIELDS));
        }
        int added =
                jdbi.withHandle(db ->
                        db.createUpdate(INSERT_FIELD)
                                .bind("account", account)
                                .bind("audience", audience)
                                .bind("label", label)
                                .bind("type", field.type().wire())
                                .bind("tag", tag)
                                .bind("visible", field.visible())
                                .bind("required", field.required())
                                .execute());
        if (added == 0) {
            throw new Conflict(
                    "The audience has a field with the tag %s".formatted(tag), "field_exists");
        }
    }

    /** Whether no field may have this tag, as messages need it. */
    public static boolean isReserved(String tag) {
        return ReservedTags.contains(tag);
    }

    /**
     * Changes what a custom field is called, whether readers see it, and whether it must be filled
     * in. Its tag and type stay: messages and values hang on them.
     *
     * @throws NotFound if the audience or the field is not there
     */
    public void changeField(
            long account,
            String audienceUid,
            String tag,
            String label,
            boolean visible,
            boolean required) {
        SingleLine.checked("label", label);
        long audience = get(account, audienceUid).id();
        int changed =
                jdbi.withHandle(db ->
                        db.createUpdate(UPDATE_FIELD)
                                .bind("account", account)
                                .bind("audience", audience)
                                .bind("tag", tag)
                                .bind("label", label)
                                .bind("visible", visible)
                                .bind("required", required)
                                .execute());
        if (changed == 0) throw new NotFound("Field");
    }

    /**
     * Removes a custom field. What contacts have in it stays with them until somebody clears it.
     *
     * @throws NotFound if the audience or the field is not there
     */
    public void removeField(long account, String audienceUid, String tag) {
        long audience = get(account, audienceUid).id();
        int removed =
                jdbi.withHandle(db ->
                        db.createUpdate(REMOVE_FIELD)
                                .bind("account", account)
                                .bind("audience", audience)
                                .bind("tag", tag)
                                .execute());
        if (removed == 0) throw new NotFound("Field");
    }

    private static Audience audience(ResultSet row) throws SQLException {
        return new Audience(
                row.getLong("id"),
                row.getString("uid"),
                row.getString("name"),
                row.getString("default_subject"),
                new EmailAddress(row.getString("from_email")),
                row.getString("from_name"),
                row.getBoolean("double_opt_in"),
                TrackingMode.of(row.getString("tracking")),
                new ContactInformation(
                        row.getString("company"),
                        row.getString("address_1"),
                        row.getString("address_2"),
                        row.getString("country"),
                        row.getString("state"),
                        row.getString("zip"),
                        row.getString("city"),
                        row.getString("phone"),
                        row.getString("website"),
                        row.getString("contact_email")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    static Field field(ResultSet row) throws SQLException {
        return new Field(
                row.getString("label"),
                FieldType.of(row.getString("type")),
                row.getString("tag"),
                row.getBoolean("visible"),
                row.getBoolean("required"));
    }
}
