package io.dynosend.dkim;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Signature;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who computes: Amazon's provider where its native library loads, which signs with RSA about four
 * times as fast as the JDK; else the JDK.
 */
final class Crypto {

    private static final Logger log = LoggerFactory.getLogger(Crypto.class);

    private static final @Nullable Provider FAST = fast();

    private Crypto() {}

    /** The JDK's: keys of its making are taken by both. */
    static KeyFactory keyFactory(String algorithm) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm);
    }

    static KeyPairGenerator keyPairGenerator(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm);
    }

    static Signature signature(String algorithm) throws GeneralSecurityException {
        return FAST == null
                ? Signature.getInstance(algorithm)
                : Signature.getInstance(algorithm, FAST);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static @Nullable Provider fast() {
        try {
            var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
            var problem = corretto.getLoadingError();
            if (problem == null) return corretto;
            log.warn("DKIM signs with the JDK, at a quarter of the speed: {}", problem.toString());
        } catch (LinkageError e) {
            log.warn("DKIM signs with the JDK, at a quarter of the speed", e);
        }
        return null;
    }
}
