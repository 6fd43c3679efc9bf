package io.dynosend.transactional;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;
import static io.dynosend.common.Sql.utc;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.QuotaExceeded;
import io.dynosend.common.Uid;
import io.dynosend.contact.Actor;
import io.dynosend.contact.Contact;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.Contacts.Address;
import io.dynosend.content.Heading;
import io.dynosend.content.PersonalMessage;
import io.dynosend.content.Wording;
import io.dynosend.database.Batcher;
import io.dynosend.sending.Outbox;
import io.dynosend.sending.Outbox.Kind;
import io.dynosend.sending.Outbox.NewMessage;
import io.dynosend.sending.OutgoingMessage;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.transactional.SendRequest.Content;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Sends transactional messages, and tells what became of them. */
public final class Dispatches {

    /** What to look for; null: any. */
    public record Filter(
            @Nullable String transactionalUid,
            @Nullable String messageUid,
            @Nullable EmailAddress recipient) {}

    /**
     * What the log is narrowed to.
     *
     * @param state of the delivery; null: any
     * @param recipient null: any
     */
    public record LogFilter(
            String transactionalUid, @Nullable String state, @Nullable EmailAddress recipient) {}

    /** Where a page of the log ends. */
    public record Position(Instant queuedAt, String uid) {}

    /**
     * What has become of a message lately.
     *
     * @param lastUsed null: never
     * @param counted how many of its last messages these figures are of
     */
    public record Usage(
            @Nullable Instant lastUsed, int counted, int sent, int failed, int waiting) {

        public static final Usage NONE = new Usage(null, 0, 0, 0, 0);
    }

    /**
     * So many of the last messages are counted, so that the list is quick however many there are.
     */
    public static final int MOST_COUNTED = 1_000;

    // Among so many of the last ones a state is looked for.
    private static final int MOST_SEARCHED = 10_000;

    /** A message that is rendered but not queued yet. */
    private record Rendered(
            long id,
            long account,
            String transactionalUid,
            Contact contact,
            String subject,
            @Nullable Instant notBefore,
            OutgoingMessage message,
            Actor actor) {}

    private static final Duration FARTHEST = Duration.ofDays(30);
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    // Larger ones go alone: many of them in one commit would be in memory together.
    private static final int LARGEST_TO_SHARE = 256 << 10;

    private static final String INSERT =
            """
            INSERT INTO transactional_message (
                account_id, mailing_id, uid, transactional_uid, contact_id, subject, queued_at)
            SELECT q.*, :now
            FROM unnest(:accounts, :mailings, :uids, :transactionals, :contacts, :subjects) AS q
            """;

    private static final String LIST =
            """
            SELECT t.uid, t.transactional_uid, d.address, t.subject,
                   d.state::text AS status,
                   d.tries, d.reason, d.reply, t.queued_at,
                   CASE WHEN d.state = 'sent' THEN d.finished_at END AS sent_at
            FROM transactional_message t
            JOIN delivery d ON d.account_id = t.account_id AND d.mailing_id = t.mailing_id
                AND d.number = 1
            WHERE t.account_id = :account
              AND (cast(:transactional AS text) IS NULL OR t.transactional_uid = :transactional)
              AND (cast(:uid AS text) IS NULL OR t.uid = :uid)
              AND (cast(:recipient AS text) IS NULL OR t.contact_id = ANY (
                    ARRAY(SELECT c.id FROM contact c
                          WHERE c.account_id = :account AND c.email = :recipient)))
            ORDER BY t.queued_at DESC, t.mailing_id DESC
            LIMIT :limit OFFSET :offset
            """;

    private static final String LOG =
            """
            WITH newest AS (
                SELECT t.*
                FROM transactional_message t
                WHERE t.account_id = :account AND t.transactional_uid = :transactional
                  AND (cast(:beforeTime AS timestamptz) IS NULL
                       OR (t.queued_at, t.uid) < (:beforeTime, :beforeUid))
                  AND (cast(:recipient AS text) IS NULL OR t.contact_id = ANY (
                        ARRAY(SELECT c.id FROM contact c
                              WHERE c.account_id = :account AND c.email = :recipient)))
                ORDER BY t.queued_at DESC, t.uid DESC
                LIMIT :searched
            )
            SELECT t.uid, t.transactional_uid, d.address, t.subject, d.state::text AS status,
                   d.tries, d.reason, d.reply, t.queued_at,
                   CASE WHEN d.state = 'sent' THEN d.finished_at END AS sent_at
            FROM newest t
            JOIN delivery d ON d.account_id = t.account_id AND d.mailing_id = t.mailing_id
                AND d.number = 1
            WHERE cast(:state AS text) IS NULL OR d.state::text = :state
            ORDER BY t.queued_at DESC, t.uid DESC
            LIMIT :limit
            """;

    // Whatever the statistics say, each delivery by its key (OFFSET 0), and messages by the index
    // that
    // begins with the one that they are of (BETWEEN): not all in time, for one that was never sent.
    private static final String USAGE =
            """
            SELECT t.uid, u.*
            FROM transactional t
            CROSS JOIN LATERAL (
                SELECT max(m.queued_at) AS last_used, count(*)::int AS counted,
                       (count(*) FILTER (WHERE d.state = 'sent'))::int AS sent,
                       (count(*) FILTER (WHERE d.state = 'failed'))::int AS failed,
                       (count(*) FILTER (WHERE d.state = 'waiting'))::int AS waiting
                FROM (
                    SELECT mailing_id, queued_at
                    FROM transactional_message
                    WHERE account_id = t.account_id AND transactional_uid BETWEEN t.uid AND t.uid
                    ORDER BY transactional_uid DESC, queued_at DESC
                    LIMIT :most
                ) AS m
                CROSS JOIN LATERAL (
                    SELECT w.state
                    FROM delivery w
                    WHERE w.account_id = t.account_id AND w.mailing_id = m.mailing_id
                      AND w.number = 1
                    OFFSET 0
                ) AS d
            ) AS u
            WHERE t.account_id = :account AND (cast(:uid AS text) IS NULL OR t.uid = :uid)
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Outbox outbox;
    private final TrackingTokens tokens;
    private final Wordings wordings;
    private final Contacts people;
    private final Recipients recipients;
    private final Batcher<Rendered, Boolean> queue;

    public Dispatches(
            Jdbi jdbi,
            InstantSource clock,
            Wordings wordings,
            Contacts people,
            Outbox outbox,
            TrackingTokens tokens) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.wordings = wordings;
        this.outbox = outbox;
        this.tokens = tokens;
        this.people = people;
        this.recipients = new Recipients(jdbi, clock);
        this.queue = new Batcher<>(jdbi, (db, each) -> db.inTransaction(tx -> enqueue(tx, each)));
    }

    /**
     * When a message goes out that is asked for now.
     *
     * @param scheduled null: at once
     * @throws BadInput if it is more than a minute ago, or over 30 days ahead
     */
    public Instant sendingTime(@Nullable Instant scheduled) {
        var now = clock.instant();
        if (scheduled == null) return now;
        if (scheduled.isBefore(now.minus(CLOCKS_DIFFER))) {
            throw new BadInput("scheduled_at must not be in the past");
        }
        if (scheduled.isAfter(now.plus(FARTHEST))) {
            throw new BadInput(
                    "scheduled_at must be at most %d days ahead".formatted(FARTHEST.toDays()));
        }
        return scheduled.isAfter(now) ? scheduled : now;
    }

    /**
     * Renders a message and queues it. On return it is committed: it goes out whatever happens to
     * this process. A recipient whom the audience does not know becomes an unconfirmed contact.
     *
     * @throws BadInput if the content cannot be rendered
     * @throws Conflict if the recipient is blacklisted
     * @throws QuotaExceeded if the account may not send another mail this month
     */
    public void send(long account, Transactional message, SendRequest request, Content content) {
        var person = recipients.find(account, message.audience(), request.recipient());
        if (person.blacklisted()) {
            throw new Conflict(
                    "The recipient is on the blacklist of your account", "recipient_blacklisted");
        }
        var wording = wordings.of(account, message, person.contact(), request, content);
        var rendered = rendered(account, message, request, person.contact(), wording);
        if (rendered.message().content().length <= LARGEST_TO_SHARE) queue.ask(rendered);
        else jdbi.useTransaction(tx -> enqueue(tx, List.of(rendered)));
    }

    /**
     * One page of what was sent, newest first.
     *
     * @param page from 1
     */
    public List<Dispatch> list(long account, Filter filter, long page, long perPage) {
        var recipient = filter.recipient();
        return jdbi.withHandle(db ->
                db.createQuery(LIST)
                        .bind("account", account)
                        .bind("transactional", filter.transactionalUid())
                        .bind("uid", filter.messageUid())
                        .bind("recipient", recipient == null ? null : recipient.value())
                        .bind("limit", perPage)
                        .bind("offset", Math.multiplyExact(page - 1, perPage))
                        .map((row, _) -> dispatch(row))
                        .list());
    }

    /**
     * What was sent of one message, newest first. A state is looked for among the last ten thousand
     * of a page only.
     *
     * @param before the end of the page before; null: the first page
     */
    public List<Dispatch> log(
            long account, LogFilter filter, @Nullable Position before, int limit) {
        var recipient = filter.recipient();
        return jdbi.withHandle(db ->
                db.createQuery(LOG)
                        .bind("account", account)
                        .bind("transactional", filter.transactionalUid())
                        .bind("state", filter.state())
                        .bind("recipient", recipient == null ? null : recipient.value())
                        .bind("beforeTime", before == null ? null : utc(before.queuedAt()))
                        .bind("beforeUid", before == null ? null : before.uid())
                        .bind("searched", filter.state() == null ? limit : MOST_SEARCHED)
                        .bind("limit", limit)
                        .map((row, _) -> dispatch(row))
                        .list());
    }

    /**
     * What has become of messages lately, by their uid.
     *
     * @param uid null: of all that the account has
     */
    public Map<String, Usage> usage(long account, @Nullable String uid) {
        var usage = new HashMap<String, Usage>();
        jdbi.useHandle(db ->
                db.createQuery(USAGE)
                        .bind("account", account)
                        .bind("uid", uid)
                        .bind("most", MOST_COUNTED)
                        .map((row, _) ->
                                usage.put(
                                        row.getString("uid"),
                                        new Usage(
                                                instantOrNull(row, "last_used"),
                                                row.getInt("counted"),
                                                row.getInt("sent"),
                                                row.getInt("failed"),
                                                row.getInt("waiting"))))
                        .list());
        return usage;
    }

    // Date and Message-ID are part of what is kept, so that every attempt sends the same bytes.
    private Rendered rendered(
            long account,
            Transactional message,
            SendRequest request,
            Contact contact,
            Wording wording) {
        long id = outbox.nextId();
        String messageId =
                "%s@%s"
                        .formatted(
                                tokens.messageId(new DeliveryRef(account, id, 1)),
                                message.fromEmail().domain());
        var heading =
                new Heading(
                        Transactionals.sender(message),
                        request.recipient(),
                        messageId,
                        request.at(),
                        request.headers());
        byte[] bytes = new PersonalMessage(heading, wording, request.attachments()).composed();
        return new Rendered(
                id,
                account,
                message.uid(),
                contact,
                wording.subject(),
                request.at().isAfter(clock.instant()) ? request.at() : null,
                new OutgoingMessage(message.fromEmail(), bytes),
                request.actor());
    }

    private List<Boolean> enqueue(Handle tx, List<Rendered> rendered) {
        var accounts = rendered.stream().map(Rendered::account).toList();
        var contacts = contacts(tx, rendered);
        var messages = new ArrayList<NewMessage>();
        for (int i = 0; i < rendered.size(); i++) {
            messages.add(newMessage(rendered.get(i), contacts.get(i)));
        }
        outbox.enqueue(tx, messages);
        tx.createUpdate(INSERT)
                .bindArray("accounts", Long.class, accounts)
                .bindArray("mailings", Long.class, rendered.stream().map(Rendered::id).toList())
                .bindArray("uids", String.class, rendered.stream().map(_ -> Uid.random()).toList())
                .bindArray(
                        "transactionals",
                        String.class,
                        rendered.stream().map(Rendered::transactionalUid).toList())
                .bindArray("contacts", Long.class, contacts)
                .bindArray(
                        "subjects", String.class, rendered.stream().map(Rendered::subject).toList())
                .bind("now", utc(clock.instant()))
                .execute();
        return rendered.stream().map(_ -> true).toList();
    }

    // Who is new becomes a contact, on the account of whoever asked for the message.
    private List<Long> contacts(Handle tx, List<Rendered> rendered) {
        var ids = new HashMap<Address, Long>();
        rendered.stream()
                .collect(groupingBy(Rendered::actor, LinkedHashMap::new, toList()))
                .forEach((actor, theirs) -> {
                    var addresses = theirs.stream().map(Dispatches::address).toList();
                    var found = people.ensure(tx, addresses, actor);
                    for (int i = 0; i < found.size(); i++) ids.put(addresses.get(i), found.get(i));
                });
        return rendered.stream().map(each -> requireNonNull(ids.get(address(each)))).toList();
    }

    private static Address address(Rendered rendered) {
        return new Address(
                rendered.account(), rendered.contact().audience(), rendered.contact().email());
    }

    private static NewMessage newMessage(Rendered rendered, long contact) {
        return new NewMessage(
                rendered.id(),
                rendered.account(),
                rendered.contact().audience(),
                contact,
                rendered.contact().email(),
                Kind.TRANSACTIONAL,
                rendered.notBefore(),
                rendered.message());
    }

    private static Dispatch dispatch(ResultSet row) throws SQLException {
        return new Dispatch(
                row.getString("uid"),
                row.getString("transactional_uid"),
                row.getString("address"),
                row.getString("subject"),
                row.getString("status"),
                row.getInt("tries"),
                row.getString("reason"),
                row.getString("reply"),
                instant(row, "queued_at"),
                instantOrNull(row, "sent_at"));
    }
}
