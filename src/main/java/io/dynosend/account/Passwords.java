package io.dynosend.account;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import io.dynosend.common.Uid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is kept of passwords: salted hashes (Argon2id), which take whoever guesses long to try. */
public final class Passwords {

    /** 19 MiB, two passes, one lane: what OWASP asks of Argon2id at the least. */
    public static final Passwords ARGON2ID = new Passwords(19_456, 2);

    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;

    private final int memoryKiB;
    private final int passes;
    private @Nullable String ofNobody;

    /** Those that cost this much; what was hashed at another cost does not match. */
    public Passwords(int memoryKiB, int passes) {
        this.memoryKiB = memoryKiB;
        this.passes = passes;
    }

    String hash(String password) {
        return Password.hash(password).addRandomSalt(SALT_BYTES).with(function()).getResult();
    }

    /**
     * Whether this is the hash of this password.
     *
     * @param hash empty: of nobody; the answer takes as long
     */
    boolean match(String password, Optional<String> hash) {
        return Password.check(password, hash.orElseGet(this::ofNobody)).with(function());
    }

    private synchronized String ofNobody() {
        if (ofNobody == null) ofNobody = hash(Uid.random());
        return ofNobody;
    }

    // Made when the first password is: it keeps its memory, which a start can do without.
    private Argon2Function function() {
        return Argon2Function.getInstance(memoryKiB, passes, LANES, HASH_BYTES, Argon2.ID);
    }
}
