package io.dynosend.sending;

import static io.dynosend.common.Sql.utc;

import io.dynosend.account.Quotas;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.QuotaExceeded;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Single messages on their way: each is a mailing of one recipient with the finished message beside
 * it, so that every try sends the same bytes. They have couriers of their own and never wait for
 * bulk mail. What was queued is not lost: after a crash, or when nobody answered the final dot, it
 * is sent again.
 */
public final class Outbox {

    /** What a message is for; decides who may still get it when its turn has come. */
    public enum Kind {
        /** To a contact in whatever status. */
        TRANSACTIONAL,
        /** To a contact who is still unconfirmed. */
        CONFIRMATION,
        /** To a contact who is subscribed. */
        WELCOME,
        /** To a contact in whatever status. */
        GOODBYE,
        /** To an address that need not be a contact's. */
        TEST,
        /** To who signs in to the account, about that: blacklisted or not, and beside the quota. */
        USER;

        /** The spelling in the database. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A message to be sent.
     *
     * @param id from {@link #nextId()}: the mailing's; its delivery has the number 1
     * @param audience null only for a user
     * @param contact null only for a test or a user
     * @param notBefore null: now
     */
    public record NewMessage(
            long id,
            long account,
            @Nullable Long audience,
            @Nullable Long contact,
            EmailAddress recipient,
            Kind kind,
            @Nullable Instant notBefore,
            OutgoingMessage message) {

        public NewMessage {
            if (contact == null && kind != Kind.TEST && kind != Kind.USER) {
                throw new IllegalArgumentException("Only a test and a user are no contact");
            }
            if ((audience == null) != (kind == Kind.USER)) {
                throw new IllegalArgumentException("All but users are in an audience");
            }
        }
    }

    private static final int IDS_AT_ONCE = 64;

    private static final Duration CONTENT_KEPT = Duration.ofDays(7);
    private static final int FORGOTTEN_AT_ONCE = 5_000;

    private static final String NEXT_IDS =
            """
            SELECT nextval(pg_get_serial_sequence('mailing', 'id'))
            FROM generate_series(1, :n)
            """;

    // The delay is by our clock, the time when it is due by the database's: all that claim share
    // that one.
    private static final String ENQUEUE =
            """
            WITH message AS (
                SELECT *
                FROM unnest(:ids, :accounts, :audiences, :contacts, :addresses, :kinds, :delays)
                    AS m (id, account_id, audience_id, contact_id, address, kind, delay)
            ), opened AS (
                INSERT INTO mailing (
                    account_id, id, audience_id, kind, state, recipients, until_contact,
                    started_at, recipients_written_at)
                OVERRIDING SYSTEM VALUE
                SELECT account_id, id, audience_id, kind, 'sending', 1, 0, :now, :now
                FROM message
            ), chunk AS (
                INSERT INTO mailing_chunk (
                    account_id, mailing_id, first_number, last_number, bulk, due_at)
                SELECT account_id, id, 1, 1, false,
                       clock_timestamp() + make_interval(secs => delay)
                FROM message
            )
            INSERT INTO delivery (account_id, mailing_id, number, contact_id, address)
            SELECT account_id, id, 1, contact_id, address
            FROM message
            """;

    private static final String KEEP_CONTENT =
            """
            INSERT INTO mailing_message (
                account_id, mailing_id, envelope_sender, content, queued_at)
            VALUES (:account, :id, :envelopeSender, :content, :now)
            """;

    private static final String FORGET_CONTENTS =
            """
            WITH old AS (
                SELECT c.account_id, c.mailing_id
                FROM mailing_message c
                JOIN mailing m ON m.account_id = c.account_id AND m.id = c.mailing_id
                WHERE c.queued_at <= :before AND m.done_at <= :before
                LIMIT :most
            )
            DELETE FROM mailing_message c
            USING old
            WHERE c.account_id = old.account_id AND c.mailing_id = old.mailing_id
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Quotas quotas;
    private final MessageSigner signer;
    private final Queue<Long> ids = new ConcurrentLinkedQueue<>();

    /**
     * @param signer signs each message once, before it is kept
     */
    public Outbox(Jdbi jdbi, InstantSource clock, Quotas quotas, MessageSigner signer) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.quotas = quotas;
        this.signer = signer;
    }

    /** An id that no other mailing has or will have. What is not used is lost, and no harm. */
    public long nextId() {
        Long next;
        while ((next = ids.poll()) == null) ids.addAll(nextIds(IDS_AT_ONCE));
        return next;
    }

    /** As {@link #nextId()}, n of them. */
    public List<Long> nextIds(int n) {
        return jdbi.withHandle(
                db -> db.createQuery(NEXT_IDS).bind("n", n).mapTo(Long.class).list());
    }

    /**
     * Queues all of them or none within the caller's transaction; durable when that commits. Counts
     * them against the quotas of their accounts.
     *
     * @throws QuotaExceeded if an account has not enough mails left
     */
    public void enqueue(Handle tx, List<NewMessage> messages) {
        for (var refused : enqueueEach(tx, messages)) {
            if (refused.isPresent()) throw refused.get();
        }
    }

    /**
     * Queues those whose account has mails left, for callers who batch what several accounts ask.
     * Locks the accounts' usage in the order of their ids until the transaction ends.
     *
     * @return for each message, in the same order, why it is refused; empty: it is queued
     */
    public List<Optional<QuotaExceeded>> enqueueEach(Handle tx, List<NewMessage> messages) {
        if (messages.isEmpty()) return List.of();
        var answers = answers(tx, messages);
        var admitted = new ArrayList<NewMessage>();
        for (int i = 0; i < messages.size(); i++) {
            if (answers.get(i).isEmpty()) admitted.add(messages.get(i));
        }
        if (!admitted.isEmpty()) write(tx, admitted);
        return answers;
    }

    private List<Optional<QuotaExceeded>> answers(Handle tx, List<NewMessage> messages) {
        var counted = messages.stream().filter(message -> message.kind() != Kind.USER).toList();
        var taken =
                quotas.takeEach(tx, counted.stream().map(NewMessage::account).toList()).iterator();
        return messages.stream()
                .map(message ->
                        message.kind() == Kind.USER
                                ? Optional.<QuotaExceeded>empty()
                                : taken.next())
                .toList();
    }

    /** Drops the content of messages that have had their outcome for seven days. */
    public void forgetContents() {
        var before = utc(clock.instant().minus(CONTENT_KEPT));
        int forgotten;
        do {
            forgotten =
                    jdbi.withHandle(db ->
                            db.createUpdate(FORGET_CONTENTS)
                                    .bind("before", before)
                                    .bind("most", FORGOTTEN_AT_ONCE)
                                    .execute());
        } while (forgotten == FORGOTTEN_AT_ONCE);
    }

    private void write(Handle tx, List<NewMessage> messages) {
        var now = clock.instant();
        tx.createUpdate(ENQUEUE)
                .bindArray("ids", Long.class, column(messages, NewMessage::id))
                .bindArray("accounts", Long.class, column(messages, NewMessage::account))
                .bindArray("audiences", Long.class, column(messages, NewMessage::audience))
                .bindArray("contacts", Long.class, column(messages, NewMessage::contact))
                .bindArray("addresses", String.class, column(messages, m -> m.recipient().value()))
                .bindArray("kinds", String.class, column(messages, m -> m.kind().wire()))
                .bindArray("delays", Double.class, column(messages, m -> delay(m, now)))
                .bind("now", utc(now))
                .execute();
        // Not an array: it would hold all contents, with their attachments, once more.
        var contents = tx.prepareBatch(KEEP_CONTENT);
        for (var message : messages) {
            contents.bind("account", message.account())
                    .bind("id", message.id())
                    .bind("envelopeSender", message.message().envelopeSender().value())
                    .bind(
                            "content",
                            signer.signed(
                                    tx,
                                    message.account(),
                                    message.message().envelopeSender(),
                                    message.message().content(),
                                    now))
                    .bind("now", utc(now))
                    .add();
        }
        contents.execute();
    }

    /** Seconds from now. */
    private static double delay(NewMessage message, Instant now) {
        var notBefore = message.notBefore();
        if (notBefore == null || notBefore.isBefore(now)) return 0;
        return Duration.between(now, notBefore).toMillis() / 1000.0;
    }

    // Not a stream's toList: a column may hold nulls.
    private static <T> Object[] column(
            List<NewMessage> messages, Function<NewMessage, @Nullable T> value) {
        return messages.stream().map(value).toArray();
    }
}
