package io.dynosend.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.dynosend.dkim.Algorithm;
import io.dynosend.dkim.DkimKey;
import io.dynosend.dkim.DkimSigner;
import io.dynosend.dkim.KeyMaterial;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** Signatures with a new key: on messages, and alone by the same library. */
final class Signing {

    // About what the header of a newsletter comes to in relaxed form.
    private static final byte[] HEADER = new byte[1_024];

    private final DkimSigner signer;
    private final Signature bare;

    Signing(Algorithm algorithm) throws GeneralSecurityException {
        var material = KeyMaterial.generate(algorithm);
        signer = new DkimSigner(List.of(new DkimKey("kiln.example", "bench", material)));
        boolean rsa = algorithm == Algorithm.RSA_SHA256;
        var provider = provider();
        bare = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519", provider);
        bare.initSign(
                KeyFactory.getInstance(rsa ? "RSA" : "Ed25519")
                        .generatePrivate(new PKCS8EncodedKeySpec(material.privateKey())));
    }

    /** How long the message is with its signature. */
    int signed(byte[] message) {
        return signer.signed(message, Newsletter.STARTED_AT).length;
    }

    /** The signature alone. */
    int bare() throws GeneralSecurityException {
        bare.update(HEADER);
        return bare.sign().length;
    }

    static int hash(byte[] message) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(message).length;
    }

    private static Provider provider() {
        var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        return corretto.getLoadingError() == null
                ? corretto
                : Security.getProviders("Signature.SHA256withRSA")[0];
    }
}
