package io.dynosend.domain;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;
import static io.dynosend.common.Sql.utc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dynosend.account.Vault;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Json;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Sql;
import io.dynosend.common.Uid;
import io.dynosend.dkim.Algorithm;
import io.dynosend.dkim.DkimKey;
import io.dynosend.dkim.DkimSigner;
import io.dynosend.dkim.KeyMaterial;
import io.dynosend.domain.DnsRecord.Finding;
import io.dynosend.domain.DnsRecord.Purpose;
import io.dynosend.domain.DnsRecord.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The domains of all accounts, and the only code that reads their keys. */
public final class SendingDomains {

    /**
     * How a new domain earns its reputation.
     *
     * @param plan messages of each day
     * @param day which one of it today is, from 1; may be past its end
     */
    public record WarmUp(List<Integer> plan, int day, int sentToday) {

        public boolean isOver() {
            return day > plan.size();
        }

        /** How many messages today may have; 0 when it is over. */
        public int today() {
            return isOver() ? 0 : plan.get(Math.max(day, 1) - 1);
        }
    }

    /** About doubled every other day, as large receivers advise. */
    public static final List<Integer> USUAL_WARM_UP =
            List.of(
                    50, 100, 200, 400, 800, 1_500, 3_000, 5_000, 8_000, 12_000, 18_000, 27_000,
                    40_000, 60_000, 90_000, 130_000, 200_000, 300_000, 450_000, 700_000, 1_000_000);

    private static final Logger log = LoggerFactory.getLogger(SendingDomains.class);

    private static final String INSERT =
            """
            INSERT INTO sending_domain (account_id, uid, domain, created_at)
            VALUES (:account, :uid, :domain, :now)
            RETURNING id
            """;

    private static final String INSERT_KEY =
            """
            INSERT INTO dkim_key (
                account_id, domain_id, selector, algorithm, public_key, private_key)
            VALUES (:account, :domain, :selector, :algorithm, :publicKey, :privateKey)
            """;

    private static final String SELECT =
            """
            SELECT d.id, d.uid, d.domain, d.created_at, d.checked_at, d.verified_at,
                   d.findings::text AS findings, k.selector, k.algorithm, k.public_key
            FROM sending_domain d
            JOIN dkim_key k ON k.account_id = d.account_id AND k.domain_id = d.id
            WHERE d.account_id = :account AND (:uid::text IS NULL OR d.uid = :uid)
            ORDER BY d.domain, k.algorithm DESC
            """;

    private static final String CHECKED =
            """
            UPDATE sending_domain
            SET checked_at = :now, findings = :findings::jsonb,
                verified_at = CASE WHEN :verified THEN coalesce(verified_at, :now)
                                   WHEN :known THEN NULL
                                   ELSE verified_at END
            WHERE account_id = :account AND uid = :uid
            """;

    private static final String DELETE =
            "DELETE FROM sending_domain WHERE account_id = :account AND uid = :uid";

    // The nearest one: its own keys before those of the domain above it.
    private static final String KEYS =
            """
            SELECT d.domain, k.selector, k.algorithm, k.private_key
            FROM dkim_key k
            JOIN (
                SELECT account_id, id, domain
                FROM sending_domain
                WHERE account_id = :account AND domain = ANY(:domains)
                  AND verified_at IS NOT NULL
                ORDER BY length(domain) DESC
                LIMIT 1
            ) AS d ON d.account_id = k.account_id AND d.id = k.domain_id
            ORDER BY k.algorithm
            """;

    private static final String WARM_UP =
            """
            UPDATE sending_domain
            SET warm_up_from = cast(:from AS date),
                warm_up_plan = CASE WHEN cast(:from AS date) IS NOT NULL THEN :plan END
            WHERE account_id = :account AND uid = :uid
            """;

    private static final String WARM_UP_OF =
            """
            SELECT d.warm_up_from, d.warm_up_plan, coalesce(w.sent, 0) AS sent
            FROM sending_domain d
            LEFT JOIN warm_up_day w ON w.account_id = d.account_id AND w.domain = d.domain
                AND w.day = cast(:today AS date)
            WHERE d.account_id = :account AND d.uid = :uid AND d.warm_up_from IS NOT NULL
            """;

    private static final int MOST_DAYS = 90;

    // So long another node may sign after a domain is deleted, or not yet after it is verified.
    private static final Duration KEYS_KEPT = Duration.ofSeconds(10);
    private static final int SIGNERS_IN_MEMORY = 1_000;

    private record Key(long account, String domain) {}

    // Never compared.
    @SuppressWarnings("ArrayRecordComponent")
    private record Row(
            String uid,
            String domain,
            Instant createdAt,
            @Nullable Instant checkedAt,
            @Nullable Instant verifiedAt,
            String findings,
            String selector,
            Algorithm algorithm,
            byte[] publicKey) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Vault vault;
    private final DnsCheck check;
    private final Cache<Key, Optional<DkimSigner>> signers =
            Caffeine.newBuilder()
                    .maximumSize(SIGNERS_IN_MEMORY)
                    .expireAfterWrite(KEYS_KEPT)
                    .build();

    public SendingDomains(Jdbi jdbi, InstantSource clock, Vault vault, TextRecords dns) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.vault = vault;
        this.check = new DnsCheck(dns);
    }

    /**
     * Adds a domain with new keys, RSA and Ed25519.
     *
     * @throws BadInput if it is no domain
     * @throws Conflict if the account has it
     */
    public SendingDomain create(long account, String given) {
        String domain = DomainName.checked(given);
        String uid = Uid.random();
        var keys =
                List.of(
                        KeyMaterial.generate(Algorithm.RSA_SHA256),
                        KeyMaterial.generate(Algorithm.ED25519_SHA256));
        try {
            jdbi.useTransaction(tx -> {
                long id = insert(tx, account, uid, domain);
                for (var key : keys) insertKey(tx, account, id, domain, selector(uid, key), key);
            });
        } catch (UnableToExecuteStatementException e) {
            if (!Sql.isUniqueViolation(e)) throw e;
            throw new Conflict("The account has this domain already", "domain_exists");
        }
        return get(account, uid);
    }

    /** All of an account, by name. */
    public List<SendingDomain> list(long account) {
        return find(account, null);
    }

    /**
     * One of them.
     *
     * @throws NotFound if the account has no such domain
     */
    public SendingDomain get(long account, String uid) {
        return find(account, uid).stream().findFirst().orElseThrow(() -> new NotFound("Domain"));
    }

    /**
     * Asks DNS what it says of the domain, and keeps that. Mail is signed as soon as the RSA key is
     * published; while DNS does not answer everything stays as it is.
     *
     * @throws NotFound if the account has no such domain
     */
    public SendingDomain check(long account, String uid) {
        var domain = get(account, uid);
        var findings = check.all(domain);
        var key = findings.getOrDefault(Purpose.DKIM_RSA, Finding.UNCHECKED).state();
        jdbi.useHandle(db ->
                db.createUpdate(CHECKED)
                        .bind("account", account)
                        .bind("uid", uid)
                        .bind("now", utc(clock.instant()))
                        .bind("findings", json(findings))
                        .bind("verified", key == State.OK)
                        .bind("known", key != State.UNREACHABLE)
                        .execute());
        signers.invalidateAll();
        return get(account, uid);
    }

    /**
     * Removes a domain and its keys; its mail is signed no more.
     *
     * @throws NotFound if the account has no such domain
     */
    public void delete(long account, String uid) {
        get(account, uid);
        int deleted =
                jdbi.withHandle(db ->
                        db.createUpdate(DELETE)
                                .bind("account", account)
                                .bind("uid", uid)
                                .execute());
        if (deleted == 0) throw new NotFound("Domain");
        signers.invalidateAll();
    }

    /**
     * Lets a new domain earn its reputation: from today (UTC) its campaigns send so many messages a
     * day, then as many as they like.
     *
     * @param plan messages of each day; empty: no limit from now on
     * @throws BadInput if a day has none, or there are over 90 days
     * @throws NotFound if the account has no such domain
     */
    public void warmUp(long account, String uid, List<Integer> plan) {
        get(account, uid);
        if (plan.size() > MOST_DAYS || plan.stream().anyMatch(day -> day < 1)) {
            throw new BadInput(
                    "plan must have 1 to 90 days with a number of messages above 0 each");
        }
        var today = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
        jdbi.useHandle(db ->
                db.createUpdate(WARM_UP)
                        .bind("account", account)
                        .bind("uid", uid)
                        .bind("from", plan.isEmpty() ? null : today)
                        .bindArray("plan", Integer.class, plan.toArray())
                        .execute());
    }

    /** The plan by which a domain earns its reputation; empty: it has none. */
    public Optional<WarmUp> warmUpOf(long account, String uid) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return jdbi.withHandle(db ->
                db.createQuery(WARM_UP_OF)
                        .bind("account", account)
                        .bind("uid", uid)
                        .bind("today", today)
                        .map((row, _) -> warmUp(row, today))
                        .findOne());
    }

    private static WarmUp warmUp(ResultSet row, LocalDate today) throws SQLException {
        var from = row.getObject("warm_up_from", LocalDate.class);
        var plan = List.of((Integer[]) row.getArray("warm_up_plan").getArray());
        int day = (int) ChronoUnit.DAYS.between(from, today) + 1;
        return new WarmUp(plan, day, row.getInt("sent"));
    }

    /** As {@link #signer}, and with it the message; as it is if there is none. */
    public byte[] signed(Handle db, long account, EmailAddress from, byte[] message, Instant at) {
        return signer(db, account, from.domain())
                .map(signer -> signer.signed(message, at))
                .orElse(message);
    }

    /** As {@link #signer(Handle, long, String)}. */
    public Optional<DkimSigner> signer(long account, String domain) {
        return jdbi.withHandle(db -> signer(db, account, domain));
    }

    /**
     * What signs mail from a domain: the keys of the domain, or of the nearest one above it, that
     * DNS has confirmed.
     *
     * @return empty if the account has none: its mail goes out unsigned
     */
    public Optional<DkimSigner> signer(Handle db, long account, String domain) {
        var key = new Key(account, domain);
        var known = signers.getIfPresent(key);
        if (known != null) return known;
        var signer = loadIfReadable(db, account, domain);
        signers.put(key, signer);
        return signer;
    }

    // Mail that is not signed is better than none.
    private Optional<DkimSigner> loadIfReadable(Handle db, long account, String domain) {
        try {
            return load(db, account, domain);
        } catch (IllegalStateException e) {
            log.error("Mail from {} goes out unsigned: {}", domain, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<DkimSigner> load(Handle db, long account, String domain) {
        var keys =
                db.createQuery(KEYS)
                        .bind("account", account)
                        .bindArray("domains", String.class, DomainName.andParents(domain))
                        .map((row, _) -> {
                            String owner = row.getString("domain");
                            String selector = row.getString("selector");
                            byte[] secret =
                                    vault.open(
                                            row.getBytes("private_key"),
                                            place(account, owner, selector));
                            var algorithm = Algorithm.of(row.getString("algorithm"));
                            return new DkimKey(
                                    owner,
                                    selector,
                                    new KeyMaterial(algorithm, secret, new byte[0]));
                        })
                        .list();
        return keys.isEmpty() ? Optional.empty() : Optional.of(new DkimSigner(keys));
    }

    private long insert(Handle tx, long account, String uid, String domain) {
        return tx.createQuery(INSERT)
                .bind("account", account)
                .bind("uid", uid)
                .bind("domain", domain)
                .bind("now", utc(clock.instant()))
                .mapTo(Long.class)
                .one();
    }

    private void insertKey(
            Handle tx, long account, long id, String domain, String selector, KeyMaterial key) {
        tx.createUpdate(INSERT_KEY)
                .bind("account", account)
                .bind("domain", id)
                .bind("selector", selector)
                .bind("algorithm", key.algorithm().tag())
                .bind("publicKey", key.publicKey())
                .bind("privateKey", vault.seal(key.privateKey(), place(account, domain, selector)))
                .execute();
    }

    private List<SendingDomain> find(long account, @Nullable String uid) {
        var rows =
                jdbi.withHandle(db ->
                        db.createQuery(SELECT)
                                .bind("account", account)
                                .bind("uid", uid)
                                .map((row, _) ->
                                        new Row(
                                                row.getString("uid"),
                                                row.getString("domain"),
                                                instant(row, "created_at"),
                                                instantOrNull(row, "checked_at"),
                                                instantOrNull(row, "verified_at"),
                                                row.getString("findings"),
                                                row.getString("selector"),
                                                Algorithm.of(row.getString("algorithm")),
                                                row.getBytes("public_key")))
                                .list());
        var byUid = new LinkedHashMap<String, List<Row>>();
        for (var row : rows) byUid.computeIfAbsent(row.uid(), _ -> new ArrayList<>()).add(row);
        return byUid.values().stream().map(SendingDomains::domain).toList();
    }

    private static SendingDomain domain(List<Row> keys) {
        var row = keys.getFirst();
        var findings = Json.object(row.findings());
        var records = new ArrayList<DnsRecord>();
        for (var key : keys) {
            var purpose =
                    key.algorithm() == Algorithm.RSA_SHA256
                            ? Purpose.DKIM_RSA
                            : Purpose.DKIM_ED25519;
            records.add(
                    record(
                            purpose,
                            "%s._domainkey.%s".formatted(key.selector(), row.domain()),
                            new KeyMaterial(key.algorithm(), new byte[0], key.publicKey()).record(),
                            findings));
        }
        records.add(record(Purpose.SPF, row.domain(), "v=spf1 include:RELAY ~all", findings));
        records.add(record(Purpose.DMARC, "_dmarc." + row.domain(), "v=DMARC1; p=none", findings));
        return new SendingDomain(
                row.uid(),
                row.domain(),
                row.createdAt(),
                row.checkedAt(),
                row.verifiedAt(),
                List.copyOf(records));
    }

    private static DnsRecord record(
            Purpose purpose, String name, String value, Map<String, @Nullable Object> findings) {
        var kept = findings.get(purpose.wire());
        boolean unchecked = purpose == Purpose.SPF && !(kept instanceof Map<?, ?>);
        return new DnsRecord(
                purpose, name, value, unchecked ? Finding.SPF_UNCHECKED : finding(kept));
    }

    private static Finding finding(@Nullable Object kept) {
        if (!(kept instanceof Map<?, ?> map)) return Finding.UNCHECKED;
        var found = map.get("found") instanceof List<?> list ? list : List.of();
        return new Finding(
                State.valueOf(String.valueOf(map.get("state")).toUpperCase(Locale.ROOT)),
                found.stream().map(String::valueOf).toList(),
                String.valueOf(map.get("advice")));
    }

    private static String json(Map<Purpose, Finding> findings) {
        var json = new LinkedHashMap<String, Object>();
        findings.forEach((purpose, finding) ->
                json.put(
                        purpose.wire(),
                        Map.of(
                                "state", finding.state().wire(),
                                "found", finding.found(),
                                "advice", finding.advice())));
        return Json.write(json);
    }

    // Its own for each domain of each account, so that nobody else's record is in the way.
    private static String selector(String uid, KeyMaterial key) {
        return "dyno%s-%s".formatted(uid.substring(0, 6), key.algorithm().keyType());
    }

    private static String place(long account, String domain, String selector) {
        return "%d %s._domainkey.%s".formatted(account, selector, domain);
    }
}
