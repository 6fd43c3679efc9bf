package io.dynosend.account;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The secret that all signed links of this server hang on. Each purpose signs with a key of its own
 * (HMAC-SHA-256 of the purpose's name), so that a token of one kind is worth nothing as another.
 */
public final class SigningKey {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    private static final String INSERT =
            "INSERT INTO signing_key (secret) VALUES (:secret) ON CONFLICT DO NOTHING";

    private static final String SELECT = "SELECT secret FROM signing_key";

    private final byte[] secret;

    private SigningKey(byte[] secret) {
        this.secret = secret.clone();
    }

    /**
     * The configured secret, or the one in the database, which is made when there is none.
     *
     * @param configured at least 32 characters, or null
     */
    public static SigningKey load(Jdbi jdbi, @Nullable String configured) {
        return new SigningKey(
                configured == null ? kept(jdbi) : configured.getBytes(StandardCharsets.UTF_8));
    }

    /** A key for one purpose, 32 bytes. */
    public SecretKeySpec purpose(String name) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return new SecretKeySpec(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)), ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HMAC-SHA-256", e);
        }
    }

    private static byte[] kept(Jdbi jdbi) {
        var fresh = new byte[BYTES];
        new SecureRandom().nextBytes(fresh);
        return jdbi.inTransaction(tx -> {
            tx.createUpdate(INSERT).bind("secret", fresh).execute();
            return tx.createQuery(SELECT).mapTo(byte[].class).one();
        });
    }
}
