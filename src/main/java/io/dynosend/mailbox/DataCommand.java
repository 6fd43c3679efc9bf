package io.dynosend.mailbox;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.internal.server.BaseCommand;
import org.subethamail.smtp.server.Session;

/**
 * DATA (RFC 5321 §4.1.1.4). The library's own reads byte by byte and leaves the transaction open
 * when the content was refused, so that the next MAIL fails.
 */
final class DataCommand extends BaseCommand {

    private static final Logger log = LoggerFactory.getLogger(DataCommand.class);

    DataCommand() {
        super("DATA", "The message follows, up to a line of one dot");
    }

    @Override
    public void execute(String line, Session session) throws IOException {
        if (!session.isMailTransactionInProgress()) {
            session.sendResponse("503 5.5.1 Need MAIL first");
        } else if (session.getRecipientCount() == 0) {
            session.sendResponse("503 5.5.1 Need a valid recipient first");
        } else {
            session.sendResponse("354 End data with <CR><LF>.<CR><LF>");
            var answer = receive(session);
            session.resetMailTransaction();
            session.sendResponse(answer);
        }
    }

    private static String receive(Session session) throws IOException {
        var content = new DataStream(session.getRawInput());
        String answer;
        try {
            answer = "250 " + session.getMessageHandler().data(content);
        } catch (RejectException e) {
            answer = e.getErrorResponse();
        } catch (EOFException e) {
            // The way of a sender to take a message back: no dot, no message.
            log.debug("A sender hung up before the final dot");
            throw e;
        } catch (IOException e) {
            log.warn("A message could not be kept; its sender is told to try again", e);
            answer = "451 4.3.0 The message could not be kept, try again later";
        }
        content.transferTo(
                OutputStream.nullOutputStream()); // fails if the connection was the cause
        return answer;
    }
}
