package io.dynosend.relay;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.utc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dynosend.account.Vault;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Uid;
import io.dynosend.smtp.Credentials;
import io.dynosend.smtp.Relay;
import io.dynosend.smtp.Security;
import io.dynosend.smtp.Timeouts;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The relays of all accounts, and the only code that reads their passwords. */
public final class Relays {

    private static final String INSERT =
            """
            INSERT INTO relay (
                account_id, uid, name, host, port, security, username, password, domain, weight,
                connections, per_second, per_hour, per_connection, created_at)
            VALUES (:account, :uid, :name, :host, :port, :security, :username, :password, :domain,
                    :weight, :connections, :perSecond, :perHour, :perConnection, :now)
            """;

    private static final String UPDATE =
            """
            UPDATE relay
            SET name = :name, host = :host, port = :port, security = :security,
                username = :username, password = :password, domain = :domain, weight = :weight,
                connections = :connections, per_second = :perSecond, per_hour = :perHour,
                per_connection = :perConnection
            WHERE account_id = :account AND uid = :uid
            """;

    private static final String DELETE =
            "DELETE FROM relay WHERE account_id = :account AND uid = :uid";

    private static final String ANY = "SELECT EXISTS (SELECT FROM relay)";

    private static final String SELECT =
            """
            SELECT uid, name, host, port, security, username, password, domain, weight,
                   connections, per_second, per_hour, per_connection, created_at
            FROM relay
            WHERE account_id = :account
            ORDER BY id
            """;

    // So long may another node use what is changed here.
    private static final Duration KEPT = Duration.ofSeconds(2);
    private static final int ACCOUNTS_IN_MEMORY = 10_000;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Vault vault;
    private final RelayAddresses addresses;
    private final List<ConfiguredRelay> ofOperator;
    private final boolean named;
    private final String helloName;
    private final Cache<Long, List<ConfiguredRelay>> known =
            Caffeine.newBuilder().maximumSize(ACCOUNTS_IN_MEMORY).expireAfterWrite(KEPT).build();

    /**
     * @param ofOperator for accounts without any of theirs
     * @param named whether the operator has named them; else they are the built-in mailbox
     * @param helloName what EHLO says of us to the relays of accounts
     */
    public Relays(
            Jdbi jdbi,
            InstantSource clock,
            Vault vault,
            RelayAddresses addresses,
            List<ConfiguredRelay> ofOperator,
            boolean named,
            String helloName) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.vault = vault;
        this.addresses = addresses;
        this.ofOperator = List.copyOf(ofOperator);
        this.named = named;
        this.helloName = helloName;
    }

    /**
     * Adds a relay. From now on the account's mail goes through its own relays, as far as they
     * serve its domain.
     *
     * @throws BadInput if host and port are not for accounts to name
     */
    public ConfiguredRelay create(long account, RelaySettings settings) {
        addresses.check(settings.host(), settings.port());
        String uid = Uid.random();
        jdbi.useHandle(db ->
                bind(db.createUpdate(INSERT), account, uid, settings)
                        .bind("now", utc(clock.instant()))
                        .execute());
        known.invalidate(account);
        return get(account, uid);
    }

    /**
     * Changes a relay; messages on their way are finished as they began.
     *
     * @throws BadInput if host and port are not for accounts to name
     * @throws NotFound if the account has no such relay
     */
    public ConfiguredRelay update(long account, String uid, RelaySettings settings) {
        addresses.check(settings.host(), settings.port());
        require(
                jdbi.withHandle(
                        db -> bind(db.createUpdate(UPDATE), account, uid, settings).execute()));
        known.invalidate(account);
        return get(account, uid);
    }

    /**
     * Removes a relay. Without the last one the operator's are used.
     *
     * @throws NotFound if the account has no such relay
     */
    public void delete(long account, String uid) {
        get(account, uid);
        require(
                jdbi.withHandle(db ->
                        db.createUpdate(DELETE)
                                .bind("account", account)
                                .bind("uid", uid)
                                .execute()));
        known.invalidate(account);
    }

    /**
     * One of them.
     *
     * @throws NotFound if the account has no such relay
     */
    public ConfiguredRelay get(long account, String uid) {
        return list(account).stream()
                .filter(relay -> relay.uid().equals(uid))
                .findFirst()
                .orElseThrow(() -> new NotFound("Relay"));
    }

    /** All of an account, in the order they were made. */
    public List<ConfiguredRelay> list(long account) {
        return jdbi.withHandle(db ->
                db.createQuery(SELECT)
                        .bind("account", account)
                        .map((row, _) -> relay(account, row))
                        .list());
    }

    /** Whether any account has one. */
    public boolean anyOfAccounts() {
        return jdbi.withHandle(db -> db.createQuery(ANY).mapTo(Boolean.class).one());
    }

    /** Those of the operator, which all accounts without any of theirs share. */
    public List<ConfiguredRelay> ofOperator() {
        return ofOperator;
    }

    /**
     * The relays that may take this mail: the account's for the domain; else its others; else the
     * operator's. None that another account has.
     *
     * @param sendingDomain of the From address
     */
    public List<ConfiguredRelay> choices(long account, String sendingDomain) {
        var own = known.get(account, this::list);
        String domain = sendingDomain.toLowerCase(Locale.ROOT);
        var forDomain = only(own, relay -> relay.isOwn(domain));
        if (!forDomain.isEmpty()) return forDomain;
        var forAll = only(own, relay -> relay.serves(domain));
        return forAll.isEmpty() ? ofOperator : forAll;
    }

    /**
     * The relays that may take mail to those who sign in: the operator's, where there is one. Who
     * runs a relay of an account reads all that it carries, links to a new password too.
     */
    public List<ConfiguredRelay> choicesToUsers(long account, String sendingDomain) {
        return named ? ofOperator : choices(account, sendingDomain);
    }

    private static List<ConfiguredRelay> only(
            List<ConfiguredRelay> relays, Predicate<ConfiguredRelay> wanted) {
        return relays.stream().filter(wanted).toList();
    }

    private static void require(int changed) {
        if (changed == 0) throw new NotFound("Relay");
    }

    private <S extends SqlStatement<S>> S bind(
            S statement, long account, String uid, RelaySettings settings) {
        var credentials = settings.credentials();
        var limits = settings.limits();
        return statement
                .bind("account", account)
                .bind("uid", uid)
                .bind("name", settings.name())
                .bind("host", settings.host())
                .bind("port", settings.port())
                .bind("security", settings.security().name().toLowerCase(Locale.ROOT))
                .bind("username", credentials == null ? null : credentials.user())
                .bind("password", sealed(account, uid, credentials))
                .bind("domain", settings.domain())
                .bind("weight", settings.weight())
                .bind("connections", limits.connections())
                .bind("perSecond", limits.perSecond())
                .bind("perHour", limits.perHour())
                .bind("perConnection", limits.perConnection());
    }

    private byte @Nullable [] sealed(long account, String uid, @Nullable Credentials credentials) {
        return credentials == null
                ? null
                : vault.seal(
                        credentials.password().getBytes(StandardCharsets.UTF_8),
                        place(account, uid));
    }

    private ConfiguredRelay relay(long account, ResultSet row) throws SQLException {
        String uid = row.getString("uid");
        String host = row.getString("host");
        int port = row.getInt("port");
        return new ConfiguredRelay(
                uid,
                row.getString("name"),
                new Relay(
                        host,
                        port,
                        Security.valueOf(row.getString("security").toUpperCase(Locale.ROOT)),
                        credentials(account, uid, row),
                        helloName),
                row.getString("domain"),
                row.getInt("weight"),
                new RelayLimits(
                        row.getObject("connections", Integer.class),
                        row.getObject("per_second", Double.class),
                        row.getObject("per_hour", Integer.class),
                        row.getObject("per_connection", Integer.class)),
                Timeouts.DEFAULT,
                addresses.isTrusted(host, port),
                instant(row, "created_at"));
    }

    private @Nullable Credentials credentials(long account, String uid, ResultSet row)
            throws SQLException {
        String user = row.getString("username");
        if (user == null) return null;
        byte[] password = vault.open(row.getBytes("password"), place(account, uid));
        return new Credentials(user, new String(password, StandardCharsets.UTF_8));
    }

    private static String place(long account, String uid) {
        return "%d relay %s".formatted(account, uid);
    }
}
