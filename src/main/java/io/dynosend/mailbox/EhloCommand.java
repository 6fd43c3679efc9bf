package io.dynosend.mailbox;

import java.io.IOException;
import org.subethamail.smtp.internal.server.BaseCommand;
import org.subethamail.smtp.server.Session;

/**
 * EHLO (RFC 5321 §4.1.1.1). The library's own keeps to itself that pipelining works (RFC 2920), and
 * offers CHUNKING, which ours does not need.
 */
final class EhloCommand extends BaseCommand {

    EhloCommand() {
        super("EHLO", "Introduce yourself", "<hostname>");
    }

    @Override
    public void execute(String line, Session session) throws IOException {
        var words = getArgs(line);
        if (words.length < 2) {
            session.sendResponse("501 5.5.4 Syntax: EHLO hostname");
            return;
        }
        session.resetMailTransaction();
        session.setHelo(words[1]);
        session.sendResponse(
                String.join(
                        "\r\n",
                        "250-" + session.getServer().getHostName(),
                        "250-PIPELINING",
                        "250-8BITMIME",
                        "250-SIZE " + Messages.LARGEST,
                        "250 SMTPUTF8"));
    }
}
