package io.dynosend.bench;

import io.dynosend.bench.ApiSetting.Things;
import io.dynosend.bench.Load.Worker;
import io.dynosend.common.Uid;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All statements that a call runs, that of its token included, without the call: through the driver
 * alone, on one connection, prepared, committed where and as the program commits.
 */
final class BareSql {

    /** The statements of one call. */
    interface Statements {
        void run(long number) throws SQLException;
    }

    private final Connection db;
    private final Things things;
    private final AtomicLong numbers;
    private final Statement holders;
    private final String tokenHash;

    BareSql(Connection db, Things things, AtomicLong numbers) throws Exception {
        this.db = db;
        this.things = things;
        this.numbers = numbers;
        this.holders = statement("account.ApiTokens", "HOLDERS");
        this.tokenHash =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(things.token().getBytes(StandardCharsets.UTF_8)));
    }

    Worker createContact() throws Exception {
        var schema = statement("audience.Schemas", "FIND");
        var create = statement("contact.Creations", "CREATE");
        var toHear = statement("optin.SubscriptionMails", "TO_HEAR");
        return each(number -> {
            schema.run(Map.of("accounts", account(), "uids", text(things.audienceUid())));
            db.setAutoCommit(false);
            var values = actor();
            values.put("patience", "100ms");
            values.put("places", db.createArrayOf("int4", new Integer[] {0}));
            values.put("audiences", number(things.audience()));
            values.put("uids", text(Uid.random()));
            values.put("emails", text("c%012d@example.org".formatted(number)));
            values.put("statuses", text("subscribed"));
            values.put("tags", text("{\"a\"}"));
            values.put("fields", text("{\"FIRST_NAME\":\"Ada\"}"));
            values.put("wordings", text(null));
            values.put("details", text("{\"tags\":[\"a\"]}"));
            create.run(values);
            values.put("unconfirmed", db.createArrayOf("bool", new Boolean[] {false}));
            toHear.run(values);
            commit();
        });
    }

    Worker getContact() throws Exception {
        var find = statement("contact.Lookup", "FIND");
        return each(number -> find.run(whom(number)));
    }

    Worker addTag() throws Exception {
        var find = statement("contact.Lookup", "FIND");
        var add = statement("contact.Tagging", "ADD_TO_THE_FREE");
        return each(number -> {
            find.run(whom(number));
            var values = actor();
            values.put("contacts", number(contact(number)));
            values.put("tags", text("{\"t%012d\"}".formatted(number)));
            add.run(values);
        });
    }

    Worker event() throws Exception {
        var find = statement("contact.Lookup", "FIND");
        var insert = statement("contact.Events", "INSERT");
        return each(number -> {
            find.run(whom(number));
            insert.run(
                    Map.of(
                            "accounts", account(),
                            "contacts", number(contact(number)),
                            "names", text("trial_started"),
                            "properties", text("{\"plan\":\"gold\"}"),
                            "now", now()));
        });
    }

    Worker blacklistCheck() throws Exception {
        var find = statement("blacklist.Blacklist", "FIND");
        return each(
                number -> find.run(Map.of("accounts", account(), "emails", text(email(number)))));
    }

    /**
     * Without {@code nextval}, which the program asks once for 64 messages.
     *
     * @param content of one message, as the program makes them
     */
    Worker transactional(byte[] content) throws Exception {
        var message = statement("transactional.Transactionals", "BY_UID");
        var recipient = statement("transactional.Recipients", "FIND");
        var ensure = statement("contact.Ensuring", "FIND");
        var beginMonth = statement("account.Quotas", "BEGIN_MONTH");
        var lock = statement("account.Quotas", "LOCK");
        var count = statement("account.Quotas", "ADD");
        var enqueue = statement("sending.Outbox", "ENQUEUE");
        var keep = statement("sending.Outbox", "KEEP_CONTENT");
        var insert = statement("transactional.Dispatches", "INSERT");
        return each(number -> {
            // Above those of the program's own sequence.
            long id = 1_000_000_000L + number;
            var values = new HashMap<String, @Nullable Object>();
            values.put("account", things.account());
            values.put("uid", things.transactionalUid());
            message.run(values);
            values.put("accounts", account());
            values.put("audiences", number(things.audience()));
            values.put("emails", text(email(number)));
            recipient.run(values);
            db.setAutoCommit(false);
            ensure.run(values);
            values.put("month", LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1));
            beginMonth.run(values);
            lock.run(values);
            values.put("mails", number(1));
            count.run(values);
            values.put("ids", number(id));
            values.put("contacts", number(contact(number)));
            values.put("addresses", text(email(number)));
            values.put("kinds", text("transactional"));
            values.put("delays", db.createArrayOf("float8", new Double[] {3600.0}));
            values.put("now", now());
            enqueue.run(values);
            values.put("id", id);
            values.put("envelopeSender", "me@example.org");
            values.put("content", content);
            keep.run(values);
            values.put("mailings", number(id));
            values.put("uids", text(Uid.random()));
            values.put("transactionals", text(things.transactionalUid()));
            values.put("subjects", text("Receipt"));
            insert.run(values);
            commit();
        });
    }

    private Worker each(Statements statements) {
        return () -> {
            holders.run(Map.of("hashes", text(tokenHash)));
            statements.run(numbers.incrementAndGet());
        };
    }

    private Statement statement(String owner, String constant) throws Exception {
        return new Statement(db, owner, constant);
    }

    private void commit() throws SQLException {
        db.commit();
        db.setAutoCommit(true);
    }

    private Map<String, @Nullable Object> whom(long number) throws SQLException {
        var values = new HashMap<String, @Nullable Object>();
        values.put("places", db.createArrayOf("int4", new Integer[] {0}));
        values.put("accounts", account());
        values.put("audiences", text(things.audienceUid()));
        values.put("uids", text("s%012d".formatted(Request.existing(number))));
        values.put("emails", text(null));
        return values;
    }

    private Map<String, @Nullable Object> actor() throws SQLException {
        var values = new HashMap<String, @Nullable Object>();
        values.put("accounts", account());
        values.put("sources", text("api"));
        values.put("users", number(things.user()));
        values.put("ips", text("127.0.0.1"));
        values.put("userAgents", text(null));
        values.put("now", now());
        return values;
    }

    private long contact(long number) {
        return things.firstContact() + Request.existing(number);
    }

    private static String email(long number) {
        return "s%012d@example.org".formatted(Request.existing(number));
    }

    private static OffsetDateTime now() {
        return OffsetDateTime.now(ZoneOffset.UTC);
    }

    private Array account() throws SQLException {
        return number(things.account());
    }

    private Array number(long value) throws SQLException {
        return db.createArrayOf("int8", new Long[] {value});
    }

    private Array text(@Nullable String value) throws SQLException {
        return db.createArrayOf("text", new @Nullable String[] {value});
    }
}
