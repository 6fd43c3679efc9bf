package io.dynosend.smtp;

import java.io.IOException;

/** From the greeting to where a relay takes messages. */
final class Opening {

    private static final int LONGEST_OFFER = 16 * 1024;

    private final Wire wire;
    private final Relay relay;
    private final Timeouts timeouts;
    private final Encryption encryption;
    private final Observer observer;
    private boolean encrypted;

    Opening(Wire wire, Relay relay, Timeouts timeouts, Encryption encryption, Observer observer) {
        this.wire = wire;
        this.relay = relay;
        this.timeouts = timeouts;
        this.encryption = encryption;
        this.observer = observer;
    }

    /**
     * Greets, encrypts and signs in.
     *
     * @throws RelayUnavailable if any of it fails
     */
    Extensions run() {
        if (relay.security() == Security.TLS) {
            observer.begins(Phase.TLS);
            encrypt();
        }
        observer.begins(Phase.GREETING);
        var greeting = reply(Phase.GREETING, Replies.SHOWN);
        if (greeting.code() != 220) throw new RelayUnavailable(Phase.GREETING, greeting);
        var extensions = hello();
        if (relay.security() == Security.STARTTLS
                || relay.security() == Security.STARTTLS_IF_OFFERED) {
            extensions = startTls(extensions);
        }
        var credentials = relay.credentials();
        if (credentials != null) {
            observer.begins(Phase.AUTH);
            requirePrivacy();
            new Authentication(this::ask, credentials, encrypted, observer::signsIn)
                    .signIn(extensions);
        }
        return extensions;
    }

    private Extensions hello() {
        observer.begins(Phase.GREETING);
        put(Phase.GREETING, "EHLO " + relay.helloName());
        var reply = reply(Phase.GREETING, LONGEST_OFFER);
        if (reply.code() == 250) return Extensions.parse(reply.text(), relay.options());
        if (reply.isTransient()) throw new RelayUnavailable(Phase.GREETING, reply);
        // RFC 5321 §3.2: a server of old.
        var old = ask(Phase.GREETING, "HELO " + relay.helloName());
        if (old.code() != 250) throw new RelayUnavailable(Phase.GREETING, old);
        return Extensions.NONE;
    }

    // What came in clear before the handshake counts for nothing after it (RFC 3207 §4.2).
    private Extensions startTls(Extensions offered) {
        if (!offered.startTls()) {
            if (relay.security() == Security.STARTTLS_IF_OFFERED) return offered;
            observer.begins(Phase.TLS);
            throw new RelayUnavailable(
                    Phase.TLS, "it does not offer STARTTLS, and the password needs it");
        }
        observer.begins(Phase.TLS);
        var reply = ask(Phase.TLS, "STARTTLS");
        if (reply.code() != 220) throw new RelayUnavailable(Phase.TLS, reply);
        if (wire.interjection() != null) {
            throw new RelayUnavailable(Phase.TLS, "something was injected before the handshake");
        }
        encrypt();
        return hello();
    }

    private void encrypt() {
        try {
            wire.replace(below -> {
                var tls = encryption.over(below);
                observer.encrypted(tls.session());
                return tls;
            });
        } catch (IOException e) {
            throw new RelayUnavailable(Phase.TLS, Wire.cause(e));
        }
        encrypted = true;
    }

    private void requirePrivacy() {
        if (encrypted || encryption.here() || relay.has(Option.AUTH_IN_CLEAR)) return;
        throw new RelayUnavailable(
                Phase.AUTH, "the connection is not encrypted, and the password needs it");
    }

    private Reply ask(Phase phase, String command) {
        put(phase, command);
        return reply(phase, Replies.SHOWN);
    }

    private void put(Phase phase, String command) {
        try {
            wire.command(command);
        } catch (IOException e) {
            throw new RelayUnavailable(phase, Wire.cause(e));
        }
    }

    private Reply reply(Phase phase, int longest) {
        try {
            var reply = wire.reply(timeouts.command(), longest);
            // What is said while signing in may repeat what it was told.
            if (phase != Phase.AUTH) observer.answered(reply);
            return reply;
        } catch (IOException e) {
            throw new RelayUnavailable(phase, Wire.cause(e));
        }
    }
}
