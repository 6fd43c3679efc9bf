package io.dynosend.dkim;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.FailException;

/** Apache jDKIM, with the keys of a test instead of DNS. */
public final class Verifier {

    private final Map<String, String> records;

    /**
     * @param records by {@code selector._domainkey.domain}
     */
    public Verifier(Map<String, String> records) {
        this.records = records;
    }

    /**
     * The signatures of a message, if all of them are valid.
     *
     * @throws FailException if one is not
     */
    public List<SignatureRecord> valid(byte[] message) throws IOException, FailException {
        var verifier =
                new DKIMVerifier((_, selector, domain) -> {
                    String record = records.get("%s._domainkey.%s".formatted(selector, domain));
                    return record == null ? List.of() : List.of(record);
                });
        var signatures = verifier.verify(new ByteArrayInputStream(message));
        for (var result : verifier.getResults()) {
            if (result.getResultType() != org.apache.james.jdkim.api.Result.Type.PASS) {
                throw new org.apache.james.jdkim.exceptions.PermFailException(
                        String.valueOf(result.getErrorMessage()));
            }
        }
        return signatures == null ? List.of() : signatures;
    }
}
