package io.dynosend.smtp;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs in to a server with a mechanism that it offers (RFC 4954). */
final class Authentication {

    private static final List<String> ENCRYPTED = List.of("PLAIN", "LOGIN", "CRAM-MD5");
    private static final List<String> IN_CLEAR = List.of("CRAM-MD5", "PLAIN", "LOGIN");
    private static final List<String> TOKEN = List.of("XOAUTH2");

    private static final int GO_ON = 334;
    private static final int SIGNED_IN = 235;

    private final BiFunction<Phase, String, Reply> server;
    private final Credentials credentials;
    private final List<String> mechanisms;
    private final Consumer<String> choice;
    private final List<String> said = new ArrayList<>();

    /**
     * @param server sends a line and returns the reply
     * @param encrypted in clear the password itself is kept back where the server allows
     * @param choice is told the mechanism
     */
    Authentication(
            BiFunction<Phase, String, Reply> server,
            Credentials credentials,
            boolean encrypted,
            Consumer<String> choice) {
        this.server = server;
        this.credentials = credentials;
        this.choice = choice;
        this.mechanisms = credentials.token() ? TOKEN : encrypted ? ENCRYPTED : IN_CLEAR;
    }

    /**
     * @throws RelayUnavailable if the server offers no mechanism that we know, or refuses
     */
    void signIn(Extensions extensions) {
        var mechanism =
                mechanisms.stream()
                        .filter(extensions::auth)
                        .findFirst()
                        .orElseThrow(() ->
                                new RelayUnavailable(
                                        Phase.AUTH,
                                        "it offers none of AUTH " + String.join(", ", mechanisms)));
        choice.accept(mechanism);
        var reply =
                switch (mechanism) {
                    case "PLAIN" -> plain();
                    case "LOGIN" -> login();
                    case "CRAM-MD5" -> cramMd5();
                    default -> xoauth2();
                };
        if (reply.code() != SIGNED_IN) throw refused(reply);
    }

    // RFC 4616 §2
    private Reply plain() {
        return say(
                "AUTH PLAIN " + encoded("\0" + credentials.user() + "\0" + credentials.password()));
    }

    private Reply login() {
        goOn(say("AUTH LOGIN"));
        goOn(say(encoded(credentials.user())));
        return say(encoded(credentials.password()));
    }

    // RFC 2195 §2
    private Reply cramMd5() {
        var challenge = goOn(say("AUTH CRAM-MD5"));
        return say(encoded(credentials.user() + " " + digest(challenge)));
    }

    // What it says on failure comes as a challenge, which an empty line answers.
    private Reply xoauth2() {
        var reply =
                say(
                        "AUTH XOAUTH2 "
                                + encoded(
                                        "user="
                                                + credentials.user()
                                                + "\1auth=Bearer "
                                                + credentials.password()
                                                + "\1\1"));
        return reply.code() == GO_ON ? say("") : reply;
    }

    private String digest(Reply challenge) {
        try {
            var mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(utf8(credentials.password()), "HmacMD5"));
            var text = Base64.getDecoder().decode(challenge.text().strip());
            return HexFormat.of().formatHex(mac.doFinal(text));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new RelayUnavailable(Phase.AUTH, "its challenge for CRAM-MD5 is none");
        }
    }

    private Reply say(String line) {
        return server.apply(Phase.AUTH, line);
    }

    private Reply goOn(Reply reply) {
        if (reply.code() != GO_ON) throw refused(reply);
        return reply;
    }

    // A server may repeat what it was told, and the reason is shown and logged.
    private RelayUnavailable refused(Reply reply) {
        boolean repeats =
                reply.text().contains(credentials.password())
                        || said.stream().anyMatch(reply.text()::contains);
        return new RelayUnavailable(
                Phase.AUTH,
                repeats ? new Reply(reply.code(), reply.enhanced(), "(not shown)") : reply);
    }

    private String encoded(String text) {
        String encoded = Base64.getEncoder().encodeToString(utf8(text));
        said.add(encoded);
        return encoded;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
