package io.dynosend.contact;

import static io.dynosend.common.Sql.column;
import static io.dynosend.common.Sql.utc;

import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Sql;
import io.dynosend.database.Batcher;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** What contacts did elsewhere, kept whether anything listens or not. */
public final class Events {

    private record Happened(long account, long contact, Event event) {}

    private static final String INSERT =
            """
            INSERT INTO contact_event (account_id, contact_id, name, properties, at)
            SELECT account_id, contact_id, name, properties::jsonb, :now
            FROM unnest(:accounts, :contacts, :names, :properties)
                AS e (account_id, contact_id, name, properties)
            """;

    private final InstantSource clock;
    private final Contacts contacts;
    private final Batcher<Happened, Boolean> events;

    public Events(Jdbi jdbi, InstantSource clock, Contacts contacts) {
        this.clock = clock;
        this.contacts = contacts;
        this.events = new Batcher<>(jdbi, this::insert);
    }

    /**
     * Notes an event of a contact (section "Send an event" of the API document).
     *
     * @throws NotFound if the audience or the contact is not there
     */
    public void send(long account, String audienceUid, ContactRef ref, Event event) {
        var contact = contacts.get(account, audienceUid, ref).contact();
        try {
            events.ask(new Happened(account, contact.id(), event));
        } catch (UnableToExecuteStatementException e) {
            if (!Sql.isForeignKeyViolation(e)) throw e;
            throw new NotFound("Contact");
        }
    }

    private List<Boolean> insert(Handle db, List<Happened> happened) {
        db.createUpdate(INSERT)
                .bindArray("accounts", Long.class, column(happened, Happened::account))
                .bindArray("contacts", Long.class, column(happened, Happened::contact))
                .bindArray("names", String.class, column(happened, h -> h.event().name()))
                .bindArray(
                        "properties", String.class, column(happened, h -> h.event().properties()))
                .bind("now", utc(clock.instant()))
                .execute();
        return Collections.nCopies(happened.size(), true);
    }
}
