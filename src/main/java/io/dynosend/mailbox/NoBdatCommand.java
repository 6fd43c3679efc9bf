package io.dynosend.mailbox;

import java.io.IOException;
import org.subethamail.smtp.internal.server.BaseCommand;
import org.subethamail.smtp.server.Session;

/** BDAT is refused, since CHUNKING (RFC 3030) is not offered. */
final class NoBdatCommand extends BaseCommand {

    NoBdatCommand() {
        super("BDAT", "Not offered");
    }

    @Override
    public void execute(String line, Session session) throws IOException {
        session.sendResponse("502 5.5.1 BDAT is not offered");
    }
}
