package io.dynosend.optin;

import static io.dynosend.common.Sql.utc;

import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import io.dynosend.common.Uid;
import io.dynosend.optin.SignUpForm.Wording;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** The forms of audiences, and the only code that writes them. */
public final class SignUpForms {

    private static final int LONGEST_TEXT = 1_000;

    private static final String BY_UID =
            """
            SELECT account_id, audience_id, uid, open, title, intro, consent, button
            FROM audience_form
            WHERE uid = :uid AND open
            """;

    private static final String OF_AUDIENCE =
            """
            SELECT account_id, audience_id, uid, open, title, intro, consent, button
            FROM audience_form
            WHERE account_id = :account AND audience_id = :audience
            """;

    private static final String SAVE =
            """
            INSERT INTO audience_form AS f (
                account_id, audience_id, uid, open, title, intro, consent, button, updated_at)
            VALUES (
                :account, :audience, :uid, :open, :title, :intro, :consent, :button, :now)
            ON CONFLICT (account_id, audience_id) DO UPDATE
            SET open = excluded.open, title = excluded.title, intro = excluded.intro,
                consent = excluded.consent, button = excluded.button,
                updated_at = excluded.updated_at
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Audiences audiences;

    public SignUpForms(Jdbi jdbi, InstantSource clock, Audiences audiences) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.audiences = audiences;
    }

    /** The open form of this address; empty: there is none. */
    public Optional<SignUpForm> open(String uid) {
        return jdbi.withHandle(db ->
                        db.createQuery(BY_UID).bind("uid", uid).map((row, _) -> row(row)).findOne())
                .map(this::form);
    }

    /** The form of an audience; one that is closed where nobody has made it yet. */
    public SignUpForm of(long account, long audience) {
        return jdbi.withHandle(db ->
                        db.createQuery(OF_AUDIENCE)
                                .bind("account", account)
                                .bind("audience", audience)
                                .map((row, _) -> row(row))
                                .findOne())
                .map(this::form)
                .orElseGet(() ->
                        form(
                                new Row(
                                        account,
                                        audience,
                                        "",
                                        false,
                                        Wording.of(audiences.get(account, audience)))));
    }

    /**
     * Opens or closes the form of an audience and says what it says.
     *
     * @throws BadInput if a text is missing or too long
     */
    public void save(long account, long audience, boolean open, Wording wording) {
        SingleLine.checked("title", wording.title());
        SingleLine.checked("button", wording.button());
        if (wording.title().isEmpty() || wording.button().isEmpty()) {
            throw new BadInput("A form has a title, and a word on its button");
        }
        if (wording.consent().isEmpty()) {
            throw new BadInput("Say what people agree to: it is the evidence of their consent");
        }
        if (wording.intro().length() > LONGEST_TEXT || wording.consent().length() > LONGEST_TEXT) {
            throw new BadInput("A text has at most %,d characters".formatted(LONGEST_TEXT));
        }
        jdbi.useHandle(db ->
                db.createUpdate(SAVE)
                        .bind("account", account)
                        .bind("audience", audience)
                        .bind("uid", Uid.random())
                        .bind("open", open)
                        .bind("title", wording.title())
                        .bind("intro", wording.intro().replace("\0", ""))
                        .bind("consent", wording.consent().replace("\0", ""))
                        .bind("button", wording.button())
                        .bind("now", utc(clock.instant()))
                        .execute());
    }

    private record Row(long account, long audience, String uid, boolean open, Wording wording) {}

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("account_id"),
                row.getLong("audience_id"),
                row.getString("uid"),
                row.getBoolean("open"),
                new Wording(
                        row.getString("title"),
                        row.getString("intro"),
                        row.getString("consent"),
                        row.getString("button")));
    }

    private SignUpForm form(Row row) {
        return new SignUpForm(
                row.account(),
                audiences.get(row.account(), row.audience()),
                row.uid(),
                row.open(),
                audiences.fields(row.account(), row.audience()).stream()
                        .filter(Field::visible)
                        .toList(),
                row.wording());
    }
}
