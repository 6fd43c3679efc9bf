package io.dynosend.account;

import static io.dynosend.common.Sql.instant;
import static io.dynosend.common.Sql.instantOrNull;
import static io.dynosend.common.Sql.utc;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.yubico.webauthn.AssertionRequest;
import com.yubico.webauthn.CredentialRepository;
import com.yubico.webauthn.FinishAssertionOptions;
import com.yubico.webauthn.FinishRegistrationOptions;
import com.yubico.webauthn.RegisteredCredential;
import com.yubico.webauthn.RelyingParty;
import com.yubico.webauthn.StartAssertionOptions;
import com.yubico.webauthn.StartRegistrationOptions;
import com.yubico.webauthn.data.AuthenticatorSelectionCriteria;
import com.yubico.webauthn.data.ByteArray;
import com.yubico.webauthn.data.PublicKeyCredential;
import com.yubico.webauthn.data.PublicKeyCredentialCreationOptions;
import com.yubico.webauthn.data.PublicKeyCredentialDescriptor;
import com.yubico.webauthn.data.RelyingPartyIdentity;
import com.yubico.webauthn.data.ResidentKeyRequirement;
import com.yubico.webauthn.data.UserIdentity;
import com.yubico.webauthn.data.UserVerificationRequirement;
import com.yubico.webauthn.exception.AssertionFailedException;
import com.yubico.webauthn.exception.RegistrationFailedException;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.SingleLine;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passkeys (W3C Web Authentication, level 3): keys in a phone, a computer or a stick, by which a
 * user signs in without a password. The device has looked at finger, face or PIN, so one is worth
 * both steps. Name and origin of this server come from its configured base URL alone.
 */
public final class Passkeys {

    private static final Logger log = LoggerFactory.getLogger(Passkeys.class);

    /** So long a browser may take for an answer. */
    public static final Duration GOOD_FOR = Duration.ofMinutes(5);

    /**
     * One of a user.
     *
     * @param usedAt null: never
     */
    public record Passkey(long id, String name, Instant createdAt, @Nullable Instant usedAt) {}

    private static final int MOST = 20;

    private static final String KEEP_REQUEST =
            """
            INSERT INTO passkey_request (challenge, account_id, user_id, request, expires_at)
            VALUES (:challenge, :account, :user, :request, :expiresAt)
            """;

    private static final String TAKE_REQUEST =
            """
            DELETE FROM passkey_request
            WHERE challenge = :challenge AND account_id IS NOT DISTINCT FROM :account
              AND user_id IS NOT DISTINCT FROM :user AND expires_at > :now
            RETURNING request
            """;

    private static final String FORGET_REQUESTS =
            """
            DELETE FROM passkey_request
            WHERE challenge IN (
                SELECT challenge FROM passkey_request
                WHERE expires_at <= :now
                FOR UPDATE SKIP LOCKED)
            """;

    private static final String INSERT =
            """
            INSERT INTO passkey (
                account_id, user_id, credential_id, public_key, counter, name, created_at)
            SELECT :account, :user, :credential, :publicKey, :counter, :name, :now
            WHERE (SELECT count(*) FROM passkey
                   WHERE account_id = :account AND user_id = :user) < :most
            ON CONFLICT (credential_id) DO NOTHING
            """;

    private static final String LIST =
            """
            SELECT id, name, created_at, used_at
            FROM passkey
            WHERE account_id = :account AND user_id = :user
            ORDER BY id
            """;

    private static final String REMOVE =
            """
            DELETE FROM passkey
            WHERE account_id = :account AND user_id = :user AND id = :id
            RETURNING name
            """;

    // Whoever has a copy of the key may be one count behind: then neither gets in.
    private static final String USED =
            """
            UPDATE passkey p
            SET counter = :counter, used_at = :now
            FROM account_user u
            WHERE p.credential_id = :credential AND u.account_id = p.account_id
              AND u.id = p.user_id AND u.uid = :uid
              AND (p.counter < :counter OR p.counter = 0 AND :counter = 0)
            RETURNING u.account_id, u.id, u.role
            """;

    private static final String USER =
            """
            SELECT uid, email, name
            FROM account_user
            WHERE account_id = :account AND id = :user
            """;

    private static final String CREDENTIALS =
            """
            SELECT p.credential_id, p.public_key, p.counter, u.uid
            FROM passkey p
            JOIN account_user u ON u.account_id = p.account_id AND u.id = p.user_id
            WHERE (:credential::bytea IS NULL OR p.credential_id = :credential)
              AND (:uid::text IS NULL OR u.uid = :uid)
              AND (:email::text IS NULL OR u.email = :email)
            """;

    private static final String UID_OF = "SELECT uid FROM account_user WHERE email = :email";

    private static final String EMAIL_OF = "SELECT email FROM account_user WHERE uid = :uid";

    private record Who(String uid, String email, String name) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final AuditLog audit;
    private final Optional<RelyingParty> server;

    /**
     * @param baseUrl of this installation
     */
    public Passkeys(Jdbi jdbi, InstantSource clock, AuditLog audit, String baseUrl) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.audit = audit;
        this.server = server(baseUrl);
    }

    /** Whether browsers offer them here: they want a name, and HTTPS unless it is localhost. */
    public boolean arePossible() {
        return server.isPresent();
    }

    /** Those of a user, the oldest first. */
    public List<Passkey> list(Principal user) {
        return jdbi.withHandle(db ->
                db.createQuery(LIST)
                        .bind("account", user.account())
                        .bind("user", user.user())
                        .map((row, _) ->
                                new Passkey(
                                        row.getLong("id"),
                                        row.getString("name"),
                                        instant(row, "created_at"),
                                        instantOrNull(row, "used_at")))
                        .list());
    }

    /**
     * Begins to add one.
     *
     * @return what {@code navigator.credentials.create} takes, as JSON
     */
    public String begin(Principal user) {
        var who = who(user);
        var options =
                server().startRegistration(
                                StartRegistrationOptions.builder()
                                        .user(
                                                UserIdentity.builder()
                                                        .name(who.email())
                                                        .displayName(
                                                                who.name().isBlank()
                                                                        ? who.email()
                                                                        : who.name())
                                                        .id(handle(who.uid()))
                                                        .build())
                                        .authenticatorSelection(
                                                AuthenticatorSelectionCriteria.builder()
                                                        .residentKey(
                                                                ResidentKeyRequirement.REQUIRED)
                                                        .userVerification(
                                                                UserVerificationRequirement
                                                                        .REQUIRED)
                                                        .build())
                                        .timeout(GOOD_FOR.toMillis())
                                        .build());
        try {
            keep(options.getChallenge(), user, options.toJson());
            return options.toCredentialsCreateJson();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Adds the one that the browser has made.
     *
     * @param answer of the browser, as JSON
     * @throws BadInput if it is no answer to what this user was asked within the last minutes
     */
    public void add(Principal user, String name, String answer, @Nullable String ipAddress) {
        String checked = SingleLine.checked("name", name);
        try {
            var credential = PublicKeyCredential.parseRegistrationResponseJson(answer);
            if (credential == null) throw refused(); // “null” is JSON too
            var request =
                    PublicKeyCredentialCreationOptions.fromJson(
                            taken(credential.getResponse().getClientData().getChallenge(), user));
            var result =
                    server().finishRegistration(
                                    FinishRegistrationOptions.builder()
                                            .request(request)
                                            .response(credential)
                                            .build());
            if (!result.isUserVerified()) throw refused();
            jdbi.useTransaction(tx -> {
                int added =
                        tx.createUpdate(INSERT)
                                .bind("account", user.account())
                                .bind("user", user.user())
                                .bind("credential", result.getKeyId().getId().getBytes())
                                .bind("publicKey", result.getPublicKeyCose().getBytes())
                                .bind("counter", result.getSignatureCount())
                                .bind("name", checked)
                                .bind("now", utc(clock.instant()))
                                .bind("most", MOST)
                                .execute();
                if (added == 0) throw refused();
                audit.note(tx, user, "added the passkey “%s”".formatted(checked), ipAddress);
            });
        } catch (IOException | RegistrationFailedException | IllegalArgumentException e) {
            log.info("A passkey is not added: {}", e.getMessage());
            throw refused();
        }
    }

    /**
     * Removes one.
     *
     * @throws NotFound if the user has no such passkey
     */
    public void remove(Principal user, long id, @Nullable String ipAddress) {
        jdbi.useTransaction(tx -> {
            String name =
                    tx.createQuery(REMOVE)
                            .bind("account", user.account())
                            .bind("user", user.user())
                            .bind("id", id)
                            .mapTo(String.class)
                            .findOne()
                            .orElseThrow(() -> new NotFound("Passkey"));
            audit.note(tx, user, "removed the passkey “%s”".formatted(name), ipAddress);
        });
    }

    /**
     * Begins to sign somebody in, who says by the passkey who they are.
     *
     * @return what {@code navigator.credentials.get} takes, as JSON
     */
    public String beginSignIn() {
        var request =
                server().startAssertion(
                                StartAssertionOptions.builder()
                                        .userVerification(UserVerificationRequirement.REQUIRED)
                                        .timeout(GOOD_FOR.toMillis())
                                        .build());
        try {
            keep(
                    request.getPublicKeyCredentialRequestOptions().getChallenge(),
                    null,
                    request.toJson());
            return request.toCredentialsGetJson();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Who has signed what they were asked to within the last minutes.
     *
     * @param answer of the browser, as JSON
     * @return empty: nobody
     */
    public Optional<Principal> signIn(String answer) {
        try {
            var credential = PublicKeyCredential.parseAssertionResponseJson(answer);
            if (credential == null) return Optional.empty(); // “null” is JSON too
            var request =
                    AssertionRequest.fromJson(
                            taken(credential.getResponse().getClientData().getChallenge(), null));
            var result =
                    server().finishAssertion(
                                    FinishAssertionOptions.builder()
                                            .request(request)
                                            .response(credential)
                                            .build());
            if (!result.isSuccess() || !result.isUserVerified()) return Optional.empty();
            return jdbi.withHandle(db ->
                    db.createQuery(USED)
                            .bind("credential", result.getCredential().getCredentialId().getBytes())
                            .bind("uid", text(result.getCredential().getUserHandle()))
                            .bind("counter", result.getSignatureCount())
                            .bind("now", utc(clock.instant()))
                            .map((row, _) ->
                                    new Principal(
                                            row.getLong("account_id"),
                                            row.getLong("id"),
                                            Role.of(row.getString("role"))))
                            .findOne());
        } catch (IOException | AssertionFailedException | IllegalArgumentException | BadInput e) {
            log.info("A passkey is not taken: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void keep(ByteArray challenge, @Nullable Principal user, String request) {
        var now = clock.instant();
        jdbi.useTransaction(tx -> {
            tx.createUpdate(FORGET_REQUESTS).bind("now", utc(now)).execute();
            tx.createUpdate(KEEP_REQUEST)
                    .bind("challenge", challenge.getBytes())
                    .bind("account", user == null ? null : user.account())
                    .bind("user", user == null ? null : user.user())
                    .bind("request", request)
                    .bind("expiresAt", utc(now.plus(GOOD_FOR)))
                    .execute();
        });
    }

    /** Whatever comes of it: what was answered once is not asked any more. */
    private String taken(ByteArray challenge, @Nullable Principal user) {
        return jdbi.withHandle(db ->
                        db.createQuery(TAKE_REQUEST)
                                .bind("challenge", challenge.getBytes())
                                .bind("account", user == null ? null : user.account())
                                .bind("user", user == null ? null : user.user())
                                .bind("now", utc(clock.instant()))
                                .mapTo(String.class)
                                .findOne())
                .orElseThrow(Passkeys::refused);
    }

    private Who who(Principal user) {
        return jdbi.withHandle(db ->
                db.createQuery(USER)
                        .bind("account", user.account())
                        .bind("user", user.user())
                        .map((row, _) ->
                                new Who(
                                        row.getString("uid"),
                                        row.getString("email"),
                                        row.getString("name")))
                        .one());
    }

    private RelyingParty server() {
        return server.orElseThrow(() -> new NotFound("Passkeys"));
    }

    private Optional<RelyingParty> server(String baseUrl) {
        var url = URI.create(baseUrl);
        String host = url.getHost();
        boolean secure = "https".equals(url.getScheme()) || "localhost".equals(host);
        if (host == null || !secure || host.matches("[0-9.]+|\\[.*")) return Optional.empty();
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return Optional.of(
                RelyingParty.builder()
                        .identity(RelyingPartyIdentity.builder().id(host).name("Dynosend").build())
                        .credentialRepository(new Repository())
                        .origins(Set.of(url.getScheme() + "://" + host + port))
                        .validateSignatureCounter(true)
                        .build());
    }

    private static ByteArray handle(String uid) {
        return new ByteArray(uid.getBytes(UTF_8));
    }

    private static String text(ByteArray handle) {
        return new String(handle.getBytes(), UTF_8);
    }

    private static BadInput refused() {
        return new BadInput("The passkey was not taken. Please try again.");
    }

    /** What the library asks us; who has a passkey is looked up by their address there. */
    private final class Repository implements CredentialRepository {

        @Override
        public Set<PublicKeyCredentialDescriptor> getCredentialIdsForUsername(String email) {
            var descriptors = new HashSet<PublicKeyCredentialDescriptor>();
            for (var credential : find(null, null, email)) {
                descriptors.add(
                        PublicKeyCredentialDescriptor.builder()
                                .id(credential.getCredentialId())
                                .build());
            }
            return descriptors;
        }

        @Override
        public Optional<ByteArray> getUserHandleForUsername(String email) {
            return one(UID_OF, "email", email).map(Passkeys::handle);
        }

        @Override
        public Optional<String> getUsernameForUserHandle(ByteArray handle) {
            return one(EMAIL_OF, "uid", text(handle));
        }

        @Override
        public Optional<RegisteredCredential> lookup(ByteArray credential, ByteArray handle) {
            return find(credential.getBytes(), text(handle), null).stream().findFirst();
        }

        @Override
        public Set<RegisteredCredential> lookupAll(ByteArray credential) {
            return Set.copyOf(find(credential.getBytes(), null, null));
        }

        private Optional<String> one(String statement, String name, String value) {
            return jdbi.withHandle(db ->
                    db.createQuery(statement).bind(name, value).mapTo(String.class).findOne());
        }

        private List<RegisteredCredential> find(
                byte @Nullable [] credential, @Nullable String uid, @Nullable String email) {
            return jdbi.withHandle(db -> find(db, credential, uid, email));
        }

        private List<RegisteredCredential> find(
                Handle db,
                byte @Nullable [] credential,
                @Nullable String uid,
                @Nullable String email) {
            return db.createQuery(CREDENTIALS)
                    .bind("credential", credential)
                    .bind("uid", uid)
                    .bind("email", email)
                    .map((row, _) ->
                            RegisteredCredential.builder()
                                    .credentialId(new ByteArray(row.getBytes("credential_id")))
                                    .userHandle(handle(row.getString("uid")))
                                    .publicKeyCose(new ByteArray(row.getBytes("public_key")))
                                    .signatureCount(row.getLong("counter"))
                                    .build())
                    .list();
        }
    }
}
