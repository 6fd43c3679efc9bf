package io.dynosend.mailbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/**
 * Takes mail over SMTP on 127.0.0.1 and keeps it in a folder, where it survives restarts. Some
 * recipients are refused on purpose: see {@link RecipientRule}.
 */
public final class Mailbox implements AutoCloseable {

    private static final int MOST_CONNECTIONS = 1000;
    private static final int MOST_RECIPIENTS = 100; // of one message: RFC 5321 §4.5.3.1.8
    private static final int MINUTES_OF_SILENCE = 5; // RFC 5321 §4.5.3.2.7

    private final Messages messages;
    private final SMTPServer smtp;

    private Mailbox(Messages messages, SMTPServer smtp) {
        this.messages = messages;
        this.smtp = smtp;
    }

    /**
     * Listens at once.
     *
     * @param folder made when there is none; for one process at a time
     * @param smtpPort 0 takes any free one
     * @throws UncheckedIOException if the folder cannot be used or the port is taken
     */
    public static Mailbox start(Path folder, int smtpPort, InstantSource clock) {
        try {
            var messages = Messages.open(folder, clock);
            return new Mailbox(messages, listening(smtp(smtpPort, messages)));
        } catch (IOException e) {
            throw new UncheckedIOException("The mailbox cannot use the folder " + folder, e);
        }
    }

    public int smtpPort() {
        return smtp.getPortAllocated();
    }

    /** Ends all connections; a message whose final dot has come is kept. */
    @Override
    public void close() {
        smtp.stop();
    }

    Messages messages() {
        return messages;
    }

    private static SMTPServer listening(SMTPServer smtp) {
        try {
            smtp.start();
            return smtp;
        } catch (RuntimeException e) { // the library's way to pass on an IOException
            if (!(e.getCause() instanceof IOException cause)) throw e;
            var what = "The mailbox cannot listen on port " + smtp.getPort();
            throw new UncheckedIOException(what, cause);
        }
    }

    private static SMTPServer smtp(int port, Messages messages) {
        var greylist = new Greylist();
        var server =
                SMTPServer.port(port)
                        .bindAddress(InetAddress.ofLiteral("127.0.0.1"))
                        .hostName("localhost")
                        .softwareName("Dynosend mailbox")
                        .executorService(Executors.newVirtualThreadPerTaskExecutor())
                        .maxConnections(MOST_CONNECTIONS)
                        .backlog(MOST_CONNECTIONS)
                        .maxRecipients(MOST_RECIPIENTS)
                        .maxMessageSize(Messages.LARGEST)
                        .connectionTimeout(MINUTES_OF_SILENCE, TimeUnit.MINUTES)
                        .fromAddressValidator(Transaction::isSender)
                        .sessionHandler(new AnswersAtOnce())
                        .messageHandlerFactory(
                                client -> new Transaction(client, messages, greylist))
                        .build();
        server.getCommandHandler().addCommand(new EhloCommand());
        server.getCommandHandler().addCommand(new DataCommand());
        server.getCommandHandler().addCommand(new NoBdatCommand());
        return server;
    }

    // The answers to pipelined commands go out one by one; without this each would wait for the
    // client's acknowledgement of the one before, up to 40 ms.
    private static final class AnswersAtOnce implements SessionHandler {

        @Override
        public SessionAcceptance accept(Session session) {
            try {
                session.getSocket().setTcpNoDelay(true);
                return SessionAcceptance.success();
            } catch (SocketException e) {
                return SessionAcceptance.failure(421, "4.3.0 " + e.getMessage());
            }
        }

        @Override
        public void onSessionEnd(Session session) {}
    }
}
