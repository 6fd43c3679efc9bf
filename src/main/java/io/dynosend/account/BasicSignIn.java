package io.dynosend.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dynosend.account.Users.Login;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Predicate;

/**
 * People who send their address and password with every request (RFC 7617). Attempts count as at
 * any sign-in, and are in the audit log. A right password is not checked again for a while, which
 * is slow; whether it is still theirs, and what they may, is looked up every time.
 */
public final class BasicSignIn {

    /** What became of an attempt. */
    public sealed interface Answer {

        record Welcome(Principal user) implements Answer {}

        record Wrong() implements Answer {}

        /** The password was not looked at. */
        record TooOften() implements Answer {}
    }

    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);
    private static final int MOST_REMEMBERED = 10_000;

    private final Users users;
    private final SignInAttempts attempts;
    private final AuditLog audit;
    private final String where;
    private final Cache<String, Boolean> remembered =
            Caffeine.newBuilder()
                    .maximumSize(MOST_REMEMBERED)
                    .expireAfterAccess(REMEMBERED_FOR)
                    .build();

    /**
     * @param where they sign in to, as the audit log says it
     */
    public BasicSignIn(Users users, SignInAttempts attempts, AuditLog audit, String where) {
        this.users = users;
        this.attempts = attempts;
        this.audit = audit;
        this.where = where;
    }

    /**
     * Signs somebody in for one request.
     *
     * @param may asked once the password is known to be right; who may not is told that it is wrong
     */
    public Answer signIn(
            String email, String password, String ipAddress, Predicate<Principal> may) {
        var login = users.login(email);
        var known = login.filter(it -> isRemembered(it, password)).map(Login::principal);
        if (known.filter(may).isPresent()) return new Answer.Welcome(known.get());
        if (!attempts.allow(email, ipAddress)) return new Answer.TooOften();
        var user = users.signIn(email, password).filter(may);
        if (user.isEmpty()) {
            login.ifPresent(it -> noteFailure(it.principal(), ipAddress));
            return new Answer.Wrong();
        }
        attempts.succeeded(email, ipAddress);
        audit.note(user.get(), "signed in to " + where, ipAddress);
        login.ifPresent(it -> remembered.put(fingerprint(it, password), true));
        return new Answer.Welcome(user.get());
    }

    private boolean isRemembered(Login login, String password) {
        return remembered.getIfPresent(fingerprint(login, password)) != null;
    }

    // A moment later: who tries must not be able to tell by the time whether there is an entry.
    private void noteFailure(Principal user, String ipAddress) {
        Thread.startVirtualThread(
                () -> audit.note(user, "failed to sign in to " + where, ipAddress));
    }

    // With the hash that is kept, and its salt: another password of theirs leaves this one behind.
    private static String fingerprint(Login login, String password) {
        return HexFormat.of().formatHex(Secrets.sha256(login.passwordHash() + "\n" + password));
    }
}
