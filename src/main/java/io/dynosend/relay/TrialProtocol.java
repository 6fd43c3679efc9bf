package io.dynosend.relay;

import io.dynosend.relay.RelayTrials.Outcome;
import io.dynosend.relay.RelayTrials.Step;
import io.dynosend.smtp.Answer;
import io.dynosend.smtp.Dialer;
import io.dynosend.smtp.Envelope;
import io.dynosend.smtp.Handover;
import io.dynosend.smtp.Observer;
import io.dynosend.smtp.Phase;
import io.dynosend.smtp.Relay;
import io.dynosend.smtp.RelayUnavailable;
import io.dynosend.smtp.Reply;
import io.dynosend.smtp.Security;
import io.dynosend.smtp.SmtpConnection;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Writes down what happens while a message is sent. Who has waited too long closes it. */
final class TrialProtocol implements Observer {

    /** What there is to be done, in the words of the page. */
    enum Stage {
        LOOKUP("Look up the server"),
        CONNECT("Connect"),
        TLS("Encrypt (TLS)"),
        GREETING("Greeting"),
        HELLO("Introduce ourselves (EHLO)"),
        AUTH("Sign in (AUTH)"),
        SENDER("Sender (MAIL FROM)"),
        RECIPIENT("Recipient (RCPT TO)"),
        MESSAGE("Message (DATA)"),
        ANSWER("Final answer"),
        GOODBYE("Goodbye (QUIT)");

        private final String label;

        Stage(String label) {
            this.label = label;
        }
    }

    private static final int LONGEST_DETAIL = 300;
    private static final int DNS_NAME = 2;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final RelaySettings settings;
    private final List<Step> steps = new ArrayList<>();
    private @Nullable Stage current;
    private String detail = "";
    private long since;
    private boolean greeted;
    private boolean encrypted;
    private boolean closed;

    TrialProtocol(RelaySettings settings) {
        this.settings = settings;
    }

    /** Sends the message and says goodbye, as far as it goes. */
    void run(Dialer dialer, Relay relay, Envelope envelope, byte[] message) {
        try (var connection = dialer.open(relay)) {
            begins(Phase.MAIL);
            switch (connection.hand(envelope, message)) {
                case Handover.Ready _ -> finish(connection);
                case Handover.Refused(var _, var reply) -> fails(reply);
                case Handover.Deferred(var _, var reply) -> fails(reply);
                case Handover.Lost(var _, var cause) -> fails(cause);
            }
        } catch (RelayUnavailable e) {
            var reply = e.reply();
            if (reply == null) fails(Objects.requireNonNullElse(e.getMessage(), ""));
            else fails(reply);
        }
    }

    private void finish(SmtpConnection connection) {
        switch (connection.finish()) {
            case Answer.Accepted _ -> leave(connection);
            case Answer.Refused(var reply) -> fails(reply);
            case Answer.Deferred(var reply) -> fails(reply);
            case Answer.Unanswered(var cause) -> fails(cause);
            case Answer.Unsent(var cause) -> fails(cause);
        }
    }

    private void leave(SmtpConnection connection) {
        begin(Stage.GOODBYE);
        var reply = connection.leave();
        // The message is there whatever is said now.
        say(reply == null ? "the server hung up without a word" : words(reply));
        end(Outcome.OK, "");
    }

    /** What was done; after a failure, what was not. */
    synchronized List<Step> steps() {
        closed = true;
        return List.copyOf(steps);
    }

    @Override
    public void begins(Phase phase) {
        switch (phase) {
            case CONNECT -> begin(Stage.LOOKUP);
            case GREETING -> {
                begin(greeted ? Stage.HELLO : Stage.GREETING);
                greeted = true;
            }
            case TLS -> begin(Stage.TLS);
            case AUTH -> begin(Stage.AUTH);
            case MAIL -> {
                if (current != Stage.SENDER) skipWhatIsNotNeeded();
                begin(Stage.SENDER);
            }
            case RCPT -> begin(Stage.RECIPIENT);
            case DATA, BODY -> begin(Stage.MESSAGE);
            case DOT -> begin(Stage.ANSWER);
        }
    }

    @Override
    public void found(List<InetAddress> allowed, int others) {
        if (allowed.isEmpty()) return;
        String found =
                allowed.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
        say(others == 0 ? found : found + "; others are not public and are left out");
        begin(Stage.CONNECT);
    }

    @Override
    public void connected(InetAddress address) {
        say("%s, port %d".formatted(address.getHostAddress(), settings.port()));
    }

    @Override
    public void encrypted(SSLSession session) {
        encrypted = true;
        say(session.getProtocol().replace("TLSv", "TLS ") + certificate(session));
    }

    @Override
    public void signsIn(String mechanism) {
        say("accepted, by " + mechanism);
    }

    @Override
    public void answered(Reply reply) {
        // Of the handshake the certificate says more.
        if (current != Stage.TLS) say(words(reply));
    }

    /** Ends it with the step that is under way. */
    synchronized void fails(String cause) {
        fails(cause, null);
    }

    private synchronized void fails(Reply reply) {
        fails(words(reply), reply);
    }

    private void fails(String words, @Nullable Reply reply) {
        if (closed || current == null) return;
        var failed = current;
        say(words);
        end(Outcome.FAILED, TrialAdvice.of(failed, settings, words, reply));
        var order = order();
        order.subList(order.indexOf(failed) + 1, order.size()).forEach(stage -> skip(stage, ""));
        closed = true;
    }

    private List<Stage> order() {
        var order = new ArrayList<>(List.of(Stage.values()));
        if (settings.security() != Security.TLS) {
            order.remove(Stage.TLS);
            if (settings.security() != Security.NONE && !encrypted) {
                order.add(order.indexOf(Stage.AUTH), Stage.TLS);
            }
        }
        if (settings.credentials() == null) order.remove(Stage.AUTH);
        return order;
    }

    private void skipWhatIsNotNeeded() {
        if (current != null) end(Outcome.OK, "");
        if (!encrypted) skip(Stage.TLS, "The relay does not offer it: the mail goes in clear.");
        if (settings.credentials() == null) skip(Stage.AUTH, "No user is set.");
    }

    private synchronized void begin(Stage stage) {
        if (stage == current) {
            if (stage != Stage.HELLO) return;
        }
        if (current != null) end(Outcome.OK, "");
        current = stage;
        detail = "";
        since = System.nanoTime();
    }

    private synchronized void end(Outcome outcome, String advice) {
        if (closed || current == null) return;
        var took = Duration.ofNanos(System.nanoTime() - since);
        steps.add(new Step(current.label, outcome, shown(detail), advice, took));
        current = null;
    }

    private synchronized void skip(Stage stage, String why) {
        if (!closed) steps.add(new Step(stage.label, Outcome.SKIPPED, why, "", Duration.ZERO));
    }

    private synchronized void say(String words) {
        detail = words;
    }

    private String words(Reply reply) {
        if (current != Stage.HELLO) return reply.toString();
        // The first line greets, the others offer.
        String offers = reply.text().lines().skip(1).collect(Collectors.joining(", "));
        return offers.isEmpty() ? reply.toString() : "offers " + offers;
    }

    private static String certificate(SSLSession session) {
        try {
            if (!(session.getPeerCertificates()[0] instanceof X509Certificate certificate)) {
                return "";
            }
            return ", certificate of %s, valid until %s"
                    .formatted(
                            names(certificate), DAY.format(certificate.getNotAfter().toInstant()));
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            String names =
                    all == null
                            ? ""
                            : all.stream()
                                    .filter(name -> name.getFirst().equals(DNS_NAME))
                                    .map(name -> String.valueOf(name.get(1)))
                                    .limit(3)
                                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? certificate.getSubjectX500Principal().getName() : names;
        } catch (CertificateParsingException e) {
            return certificate.getSubjectX500Principal().getName();
        }
    }

    // Neither line ends nor what turns the direction of writing.
    private static String shown(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\s]+", " ").strip();
        return line.length() <= LONGEST_DETAIL ? line : line.substring(0, LONGEST_DETAIL) + "…";
    }
}
