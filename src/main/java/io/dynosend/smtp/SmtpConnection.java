package io.dynosend.smtp;

import io.dynosend.smtp.Answer.Accepted;
import io.dynosend.smtp.Answer.Unanswered;
import io.dynosend.smtp.Handover.Deferred;
import io.dynosend.smtp.Handover.Lost;
import io.dynosend.smtp.Handover.Ready;
import io.dynosend.smtp.Handover.Refused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a relay (RFC 5321), used by one thread: message after message, each in two
 * steps with the final dot between them.
 */
public final class SmtpConnection implements AutoCloseable {

    private final Relay relay;
    private final Timeouts timeouts;
    private Wire wire;
    private Set<String> extensions = Set.of();
    private boolean usable = true;
    private boolean used;
    private boolean inTransaction;

    private SmtpConnection(Relay relay, Timeouts timeouts, Wire wire) {
        this.relay = relay;
        this.timeouts = timeouts;
        this.wire = wire;
    }

    /**
     * Dials, greets, encrypts and signs in.
     *
     * @throws RelayUnavailable if any of it fails
     */
    public static SmtpConnection open(Relay relay, Timeouts timeouts) {
        SmtpConnection connection;
        try {
            connection = new SmtpConnection(relay, timeouts, dial(relay, timeouts));
        } catch (IOException e) {
            throw new RelayUnavailable(Phase.CONNECT, cause(e));
        }
        try {
            connection.greet();
            return connection;
        } catch (RelayUnavailable e) {
            connection.hangUp();
            throw e;
        }
    }

    /** MAIL, RCPT, DATA and the whole message except the final dot. */
    public Handover hand(Envelope envelope, byte[] message) {
        if (envelope.utf8() && !extensions.contains("SMTPUTF8")) {
            return new Refused(
                    Phase.MAIL,
                    new Reply(
                            553, "5.6.7", "the relay takes no addresses beyond ASCII (SMTPUTF8)"));
        }
        var phase = Phase.MAIL;
        used = true;
        try {
            if (wire.hasUnread()) {
                return lost(phase, "the server has ended the connection");
            }
            inTransaction = true;
            wire.command(mail(envelope, message));
            boolean pipelining = extensions.contains("PIPELINING");
            if (pipelining) sendRest(envelope);
            wire.flush();
            var mail = wire.reply(timeouts.command());
            if (!mail.isPositive()) return refused(phase, mail, pipelining);

            phase = Phase.RCPT;
            if (!pipelining) wire.command("RCPT TO:<" + envelope.recipient() + ">");
            wire.flush();
            var rcpt = wire.reply(timeouts.command());
            if (!rcpt.isPositive()) return refused(phase, rcpt, pipelining);

            phase = Phase.DATA;
            if (!pipelining) wire.command("DATA");
            wire.flush();
            var data = wire.reply(timeouts.data());
            if (data.code() != 354) return refused(phase, data, false);

            phase = Phase.BODY;
            Body.write(message, wire.body());
            wire.flush();
            // Whoever is gone already is found out while the message is still free to retry.
            return wire.isBroken() ? lost(phase, "the server hung up") : new Ready();
        } catch (IOException e) {
            return lost(phase, cause(e));
        }
    }

    /** Writes the final dot and waits for the answer. Only after {@link Ready}. */
    public Answer finish() {
        try {
            wire.command(".");
            wire.flush();
            var reply = wire.reply(timeouts.dot());
            inTransaction = false;
            if (reply.code() == 421) usable = false;
            if (reply.code() >= 200 && reply.code() < 300) return new Accepted(reply);
            if (reply.isTransient()) return new Answer.Deferred(reply);
            if (reply.code() >= 500) return new Answer.Refused(reply);
            usable = false;
            return new Unanswered("the server answered " + reply);
        } catch (IOException e) {
            usable = false;
            return new Unanswered(cause(e));
        }
    }

    /** Whether a message has been tried on it: then the server may have tired of it meanwhile. */
    public boolean used() {
        return used;
    }

    /** Whether another message may be tried on this connection. */
    public boolean usable() {
        return usable;
    }

    /** Says QUIT between two messages; else just hangs up: what has no dot was never a message. */
    @Override
    public void close() {
        if (usable && !inTransaction) {
            try {
                wire.command("QUIT");
                wire.flush();
            } catch (IOException e) {
                usable = false;
            }
        }
        hangUp();
    }

    private static Wire dial(Relay relay, Timeouts timeouts) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(relay.host(), relay.port()),
                    (int) timeouts.connect().toMillis());
            return relay.security() == Security.TLS
                    ? new Wire(encrypted(socket, relay, timeouts), socket, timeouts.block())
                    : new Wire(socket, socket, timeouts.block());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void greet() {
        var greeting = ask(Phase.GREETING, null);
        require(Phase.GREETING, greeting, greeting.code() == 220);
        hello();
        if (relay.security() != Security.NONE && relay.security() != Security.TLS) startTls();
        if (relay.credentials() != null) signIn(relay.credentials());
    }

    private void hello() {
        var reply = ask(Phase.GREETING, "EHLO " + relay.helloName());
        if (reply.code() == 250) {
            extensions =
                    reply.text()
                            .lines()
                            .skip(1)
                            .map(line -> line.toUpperCase(Locale.ROOT).strip())
                            .collect(Collectors.toUnmodifiableSet());
            return;
        }
        var old = ask(Phase.GREETING, "HELO " + relay.helloName());
        require(Phase.GREETING, old, old.code() == 250);
    }

    // What came in clear before the handshake counts for nothing after it (RFC 3207 §5).
    private void startTls() {
        if (!extensions.contains("STARTTLS")) {
            if (relay.security() == Security.STARTTLS) {
                throw new RelayUnavailable(
                        Phase.TLS, "it does not offer STARTTLS, and the password needs it");
            }
            return;
        }
        var reply = ask(Phase.TLS, "STARTTLS");
        require(Phase.TLS, reply, reply.code() == 220);
        try {
            if (wire.hasUnread()) {
                throw new RelayUnavailable(
                        Phase.TLS, "something was injected before the handshake");
            }
            var below = wire.socket();
            wire = new Wire(encrypted(below, relay, timeouts), below, timeouts.block());
        } catch (IOException e) {
            throw new RelayUnavailable(Phase.TLS, cause(e));
        }
        extensions = Set.of();
        hello();
    }

    private static SSLSocket encrypted(Socket socket, Relay relay, Timeouts timeouts)
            throws IOException {
        socket.setSoTimeout((int) timeouts.command().toMillis());
        var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var tls = (SSLSocket) factory.createSocket(socket, relay.host(), relay.port(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private void signIn(Credentials credentials) {
        var encoder = Base64.getEncoder();
        if (offersAuth("PLAIN")) {
            String response = "\0" + credentials.user() + "\0" + credentials.password();
            var reply =
                    ask(
                            Phase.AUTH,
                            "AUTH PLAIN "
                                    + encoder.encodeToString(
                                            response.getBytes(StandardCharsets.UTF_8)));
            require(Phase.AUTH, reply, reply.code() == 235);
        } else if (offersAuth("LOGIN")) {
            require(Phase.AUTH, ask(Phase.AUTH, "AUTH LOGIN"), true);
            var user = credentials.user().getBytes(StandardCharsets.UTF_8);
            require(Phase.AUTH, ask(Phase.AUTH, encoder.encodeToString(user)), true);
            var password = credentials.password().getBytes(StandardCharsets.UTF_8);
            var reply = ask(Phase.AUTH, encoder.encodeToString(password));
            require(Phase.AUTH, reply, reply.code() == 235);
        } else {
            throw new RelayUnavailable(Phase.AUTH, "it offers neither AUTH PLAIN nor AUTH LOGIN");
        }
    }

    private boolean offersAuth(String mechanism) {
        return extensions.stream()
                .anyMatch(extension ->
                        extension.startsWith("AUTH ")
                                && Set.of(extension.split(" ")).contains(mechanism));
    }

    private Reply ask(Phase phase, @Nullable String command) {
        try {
            if (command != null) wire.command(command);
            wire.flush();
            return wire.reply(timeouts.command());
        } catch (IOException e) {
            throw new RelayUnavailable(phase, cause(e));
        }
    }

    private static void require(Phase phase, Reply reply, boolean asWanted) {
        if (!asWanted || !reply.isPositive()) {
            throw new RelayUnavailable(phase, "it answered " + reply);
        }
    }

    private String mail(Envelope envelope, byte[] message) {
        var command = new StringBuilder("MAIL FROM:<").append(envelope.sender()).append('>');
        if (extensions.contains("8BITMIME") && hasHighBytes(message))
            command.append(" BODY=8BITMIME");
        if (envelope.utf8()) command.append(" SMTPUTF8");
        return command.toString();
    }

    private void sendRest(Envelope envelope) throws IOException {
        wire.command("RCPT TO:<" + envelope.recipient() + ">");
        wire.command("DATA");
    }

    // With pipelining more answers are on their way, and a 354 among them would wait for a body:
    // hanging up is the one end that cannot become a message.
    private Handover refused(Phase phase, Reply reply, boolean moreToCome) {
        boolean between =
                reply.code() >= 400 && reply.code() != 421 && isBetween(phase, moreToCome);
        usable = between;
        inTransaction = !between;
        return reply.code() >= 500 ? new Refused(phase, reply) : new Deferred(phase, reply);
    }

    // What was refused stays refused if the server hangs up behind its answer.
    private boolean isBetween(Phase phase, boolean moreToCome) {
        try {
            return (!moreToCome || drained(phase)) && reset();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean reset() throws IOException {
        wire.command("RSET");
        wire.flush();
        return wire.reply(timeouts.command()).code() == 250;
    }

    // A refused MAIL or RCPT makes a sane server refuse DATA too (RFC 2920 §3.1).
    private boolean drained(Phase phase) throws IOException {
        int more = phase == Phase.MAIL ? 2 : 1;
        int last = 0;
        for (int i = 0; i < more; i++) last = wire.reply(timeouts.command()).code();
        return last >= 400;
    }

    private Lost lost(Phase phase, String cause) {
        usable = false;
        return new Lost(phase, cause);
    }

    private void hangUp() {
        usable = false;
        try {
            wire.socket().close();
        } catch (IOException e) {
            return;
        }
    }

    private static boolean hasHighBytes(byte[] message) {
        for (byte b : message) {
            if (b < 0) return true;
        }
        return false;
    }

    private static String cause(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
