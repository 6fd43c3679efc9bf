package io.dynosend.relay;

import io.dynosend.relay.TrialProtocol.Stage;
import io.dynosend.smtp.Reply;
import io.dynosend.smtp.Security;
import org.jspecify.annotations.Nullable;

/** What to do about a trial that failed. */
final class TrialAdvice {

    private static final int SUBMISSIONS_PORT = 465;
    private static final int NOT_SIGNED_IN = 530;

    private TrialAdvice() {}

    /**
     * @param words of the server, or what went wrong
     * @param reply null: there was no answer
     */
    static String of(Stage failed, RelaySettings settings, String words, @Nullable Reply reply) {
        return switch (failed) {
            case LOOKUP ->
                    words.contains("not allowed")
                            ? "The name leads into a private network. Use a server on the public"
                                    + " internet, or have the operator allow this one with"
                                    + " DYNOSEND_RELAY_HOSTS."
                            : "Check the spelling of the host. Your provider calls it “SMTP"
                                    + " server” or “outgoing server”.";
            case CONNECT ->
                    "Nobody answers on port %d. Check host and port; many networks block port 25"
                                    .formatted(settings.port())
                            + " for outgoing mail: 587 (STARTTLS) or 465 (TLS) often work.";
            case TLS -> encryption(settings, words);
            case GREETING ->
                    settings.port() == SUBMISSIONS_PORT && settings.security() != Security.TLS
                            ? "Port 465 speaks TLS from the first byte: choose TLS as security."
                            : "What answers there does not take mail from us. Check host and"
                                    + " port, and whether the provider allows this server's"
                                    + " address.";
            case HELLO ->
                    "The server does not accept the name that we introduce ourselves with. Ask"
                            + " the provider whether this server's address is allowed.";
            case AUTH ->
                    reply == null
                            ? "Check with the provider how it wants users to sign in, and that"
                                    + " security is TLS or STARTTLS."
                            : "Check user and password. Many providers want an SMTP key or an"
                                    + " app password rather than the one you sign in with"
                                    + " there.";
            case SENDER -> sender(settings, reply);
            case RECIPIENT -> recipient(settings, reply);
            case MESSAGE, ANSWER ->
                    reply == null
                            ? "The connection broke before the relay said yes; the message may"
                                    + " have arrived nevertheless. Try once more."
                            : "The relay has read the message and does not take it. Its answer"
                                    + " says why; often the sender's domain has to be verified"
                                    + " with the provider first.";
            case GOODBYE -> "";
        };
    }

    private static String encryption(RelaySettings settings, String words) {
        if (words.contains("does not offer")) {
            return "The server has no STARTTLS on this port. Try port 465 with TLS.";
        }
        if (settings.security() == Security.TLS && words.contains("SSL message")) {
            return "The server does not begin with TLS on this port. Choose STARTTLS, which is"
                    + " usual on 587.";
        }
        if (words.contains("PKIX") || words.contains("certifi") || words.contains("subject")) {
            return "The certificate is not valid for this host. Use the host name that is in the"
                    + " certificate; a self-signed or expired one has to be replaced.";
        }
        return "No encrypted connection came about. STARTTLS is usual on port 587, TLS on 465.";
    }

    private static String sender(RelaySettings settings, @Nullable Reply reply) {
        if (needsSignIn(settings, reply)) return "The relay wants a user and a password.";
        return "The relay does not accept this sender. Verify the address or its domain with the"
                + " provider.";
    }

    private static String recipient(RelaySettings settings, @Nullable Reply reply) {
        if (needsSignIn(settings, reply) || settings.credentials() == null) {
            return "The relay passes nothing on to this recipient. If it wants a user and a"
                    + " password, enter them; else allow this server's address there.";
        }
        return "The relay does not accept this recipient. New accounts of some providers may write"
                + " to verified addresses only.";
    }

    private static boolean needsSignIn(RelaySettings settings, @Nullable Reply reply) {
        return settings.credentials() == null && reply != null && reply.code() == NOT_SIGNED_IN;
    }
}
