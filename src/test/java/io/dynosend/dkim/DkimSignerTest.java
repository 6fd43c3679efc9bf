package io.dynosend.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.james.jdkim.exceptions.FailException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures, verified by Apache jDKIM; the keys and the message are those of RFC 8463. */
class DkimSignerTest {

    private static final String DOMAIN = "football.example.com";
    private static final Instant THEN = Instant.ofEpochSecond(1528637909);

    // Appendix A.2 of RFC 8463; the private keys are those of A.1 as PKCS #8.
    private static final String ED25519_PUBLIC = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    private static final String RSA_PUBLIC =
            "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi"
                    + "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9"
                    + "PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
    private static final String ED25519_PRIVATE =
            "302e020100300506032b657004220420"
                    + HexFormat.of()
                            .formatHex(
                                    Base64.getDecoder()
                                            .decode(
                                                    "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="));
    private static final String RSA_PRIVATE =
            "MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAOQeU5CgFPNZGIazlXo2k/eJ1jpaTTxrmqF1HrDL"
                    + "lt04pvaMtCJj8nXoliLRC/H9vJjMI1vdb3XLcW60AIN/PBD8EL97/y4GwJH7LPUvGP48vqUe+owqszesbiGy1PlC"
                    + "O8c70/OjFnJVgvMF87YR4Lcincb7aSvI5MgpP6X8rjDdAgMBAAECgYAfRzE6EVkODNdaEOGcAkPDmziug5c3g6GO"
                    + "JdrxbtjeuFfcUmqYlI+4Lw329CbpJVtosAThIbmYsy54eWHgpd98Sm4sSI2n1Kzc7hh8uJCltGoTtOblLEqO+9Ch"
                    + "ll7MeiuKY5oKFEvaK3juK5bHPFKJEy/hz6PvQaJZ3FefF7hSgQJBAPMkH/RTnxbtFnLp6cZWPaRYXvfYKhYVlbOL"
                    + "UWJy52sEWjLrdDByjCmgJrMq29kYw2U9acLvH/qjwZy5J7SBrbECQQDwLs+Kk+bX/V9NFC+PWj90OZmnbjfTjhk3"
                    + "LGOD78483ShYJtcgbHJa+ZlteuI5ahIAslOMTESCtocSCdeyy6TtAkEAuXkgKxgy7qEzE7veCd81rI2A/F1YVXpn"
                    + "tQucrJXsdJVgXSGBg4eN5h72Boy2IliijTMY34vcAC00/2G6qRaXMQJATVqWJwh5WWjV76onoyCqvRDsBrt9qVnj"
                    + "jxxxtIVgQ8PqgXGI6X1j2x72Jgdkop8hyy2jsNTDX+HPYKTg3kmuBQJBALIq942+POSR3weNizRLAzR8+MrXr//m"
                    + "oNnZSIMac564TPEEMCvnXxnxUVtHjWKfdbhjfIIOBCUuVwROtL7Nhws=";

    private static final Verifier VERIFIER =
            new Verifier(
                    Map.of(
                            "brisbane._domainkey." + DOMAIN,
                            "v=DKIM1; k=ed25519; p=" + ED25519_PUBLIC,
                            "test._domainkey." + DOMAIN,
                            "v=DKIM1; k=rsa; p=" + RSA_PUBLIC));

    private static final String MESSAGE =
            """
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.
            """
                    .replace("\n", "\r\n");

    // Appendix A.3, the signatures of the RFC itself.
    private static final String PUBLISHED =
            """
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            """
                    .replace("\n", "\r\n");

    private final DkimKey ed25519 =
            new DkimKey(
                    DOMAIN,
                    "brisbane",
                    new KeyMaterial(
                            Algorithm.ED25519_SHA256,
                            HexFormat.of().parseHex(ED25519_PRIVATE),
                            new byte[0]));
    private final DkimKey rsa =
            new DkimKey(
                    DOMAIN,
                    "test",
                    new KeyMaterial(
                            Algorithm.RSA_SHA256,
                            Base64.getDecoder().decode(RSA_PRIVATE),
                            new byte[0]));
    private final DkimSigner signer = new DkimSigner(List.of(ed25519, rsa));

    @Test
    void theExampleOfTheRfcVerifies() throws Exception {
        assertThat(VERIFIER.valid(bytes(PUBLISHED + MESSAGE))).hasSize(2);
    }

    @Test
    void theBodyHashIsThatOfTheRfc() {
        assertThat(signed(MESSAGE)).contains("bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
    }

    // From the RFC's list of header fields to its signature: both algorithms are deterministic.
    @Test
    void theSameFieldsGiveTheSignaturesOfTheRfc() {
        var fields = new HeaderFields(bytes(MESSAGE));
        var text = new Text();
        for (String name : List.of("from", "to", "subject", "date", "message-id")) {
            fields.take(name, text);
        }
        int length = text.length();

        for (var key : List.of(ed25519, rsa)) {
            String published = header(PUBLISHED, key == ed25519 ? 0 : 1);
            String withoutValue = published.substring(0, published.indexOf(" b=") + 3);
            text.truncate(length);
            text.ascii("dkim-signature:" + withoutValue.substring(16));

            assertThat(Base64.getEncoder().encodeToString(key.sign(text.bytes(), text.length())))
                    .isEqualTo(published.substring(withoutValue.length()).replace(" ", ""));
        }
    }

    @Test
    void eachKeySignsAndBothSignaturesVerify() throws Exception {
        byte[] message = signer.signed(bytes(MESSAGE), THEN);

        assertThat(VERIFIER.valid(message)).containsExactly("brisbane", "test");
        assertThat(text(message))
                .startsWith("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n")
                .endsWith(MESSAGE)
                .contains(" t=1528637909;");
        assertThat(text(message).lines()).allMatch(line -> line.length() <= 78);
    }

    @Test
    void theSameMessageAtTheSameMomentIsSignedTheSame() {
        assertThat(signer.signed(bytes(MESSAGE), THEN))
                .isEqualTo(signer.signed(bytes(MESSAGE), THEN));
    }

    @Test
    void whatAListNeedsIsCovered() {
        String listed =
                "List-Unsubscribe: <https://a.example/u/1>\r\n"
                        + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nReply-To: a@b.example\r\n"
                        + "List-Id: <a.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
                        + MESSAGE;

        assertThat(names(signed(listed)))
                .contains("from", "to", "subject", "date", "message-id", "reply-to")
                .contains("list-id", "mime-version", "content-type")
                .contains("list-unsubscribe", "list-unsubscribe-post");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: Mallory <m@evil.example>",
                "Subject: Another",
                "To: somebody@example.org",
                "Reply-To: m@evil.example",
                "List-Unsubscribe: <https://evil.example>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
            })
    void aFieldAddedOnTheWayBreaksTheSignature(String field) {
        String message = signed(MESSAGE);

        assertThatThrownBy(() -> VERIFIER.valid(bytes(field + "\r\n" + message)))
                .isInstanceOf(FailException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Is dinner ready?, Is dinner gone?",
        "joe@football, moe@football",
        "hungry, angry",
        "Joe., Joe. And more."
    })
    void aChangeBreaksTheSignature(String written, String changed) {
        String message = signed(MESSAGE).replace(written, changed);

        assertThatThrownBy(() -> VERIFIER.valid(bytes(message))).isInstanceOf(FailException.class);
    }

    @Test
    void whatRelaysChangeBreaksNothing() throws Exception {
        String message = signed(MESSAGE);
        String relayed =
                "Received: by relay.example; Fri, 11 Jul 2003 21:01:54 -0700\r\n"
                        + message.replace("Subject: Is dinner", "SUBJECT:  Is\r\n\tdinner")
                                .replace("game.  Are", "game. \t Are  ")
                                .replace("Joe.\r\n", "Joe. \t\r\n\r\n \r\n");

        assertThat(VERIFIER.valid(bytes(relayed))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "\r\n\r\n",
                " ",
                " \t\r\n",
                "a",
                "a\r\n",
                "a \r\n",
                "a\t",
                " a",
                "\ta\r\n",
                "a  b\tc \t d\r\n",
                "\r\n\r\na\r\n \r\nb\r\n\r\n \r\n",
                "a\rb\r\n",
                "a\nb\r\n",
                "a\r",
                "\r\na",
                "=C3=A9=\r\n  x\r\n"
            })
    void everyBodyIsHashedAsAnotherImplementationHashesIt(String body) throws Exception {
        String message = MESSAGE.substring(0, MESSAGE.indexOf("\r\n\r\n") + 4) + body;

        assertThat(RelaxedBody.hash(bytes(body), 0)).isEqualTo(sha256(Verifier.relaxedBody(body)));
        boolean ordinary = body.endsWith("\r\n") && !body.isBlank();
        if (ordinary && !body.replace("\r\n", "").matches("(?s).*[\r\n].*")) {
            assertThat(VERIFIER.valid(signer.signed(bytes(message), THEN))).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void newKeysSignWhatTheirRecordVerifies(Algorithm algorithm) throws Exception {
        var material = KeyMaterial.generate(algorithm);
        var verifier = new Verifier(Map.of("s1._domainkey." + DOMAIN, material.record()));

        byte[] message =
                new DkimSigner(List.of(new DkimKey(DOMAIN, "s1", material)))
                        .signed(bytes(MESSAGE), THEN);

        assertThat(verifier.valid(message)).hasSize(1);
        assertThat(material.record()).startsWith("v=DKIM1; k=" + algorithm.keyType() + "; p=");
        assertThat(material.toString()).doesNotContain("[B");
    }

    @Test
    void theJdkMakesTheSameSignatures() throws Exception {
        var signature = java.security.Signature.getInstance("SHA256withRSA");
        signature.initSign(
                java.security.KeyFactory.getInstance("RSA")
                        .generatePrivate(
                                new java.security.spec.PKCS8EncodedKeySpec(
                                        Base64.getDecoder().decode(RSA_PRIVATE))));
        signature.update(bytes("text"));

        assertThat(rsa.sign(bytes("text"), 4)).isEqualTo(signature.sign());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "From: a@b.example", "From: a@b.example\r\n", "From: a\n\nbody"})
    void whatHasNoHeaderIsRefused(String message) {
        assertThatThrownBy(() -> signer.signed(bytes(message), THEN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNoKeyIsRefused() {
        var material = new KeyMaterial(Algorithm.RSA_SHA256, new byte[] {1, 2, 3}, new byte[0]);

        assertThatThrownBy(() -> new DkimKey(DOMAIN, "s1", material))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not a private key for RSA_SHA256");
    }

    private String signed(String message) {
        return text(signer.signed(bytes(message), THEN));
    }

    private static List<String> names(String message) {
        String header = header(message, 0);
        int start = header.indexOf(" h=") + 3;
        return Arrays.asList(
                header.substring(start, header.indexOf(';', start)).split(":\\s*", -1));
    }

    /** One signature, unfolded. */
    private static String header(String message, int number) {
        var headers = new ArrayList<String>();
        for (String line : message.split("\r\n", -1)) {
            if (line.startsWith(" ")) headers.add(headers.removeLast() + " " + line.strip());
            else headers.add(line);
        }
        return headers.get(number);
    }

    private static byte[] sha256(String text) {
        return Crypto.sha256().digest(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}
