package io.dynosend.mailbox;

import gg.jte.models.runtime.JteModel;
import io.javalin.http.Context;

/** What stands around the pages of the mailbox, where it belongs to a larger house. */
@FunctionalInterface
public interface MailboxFrame {

    /** The mailbox stands alone. */
    MailboxFrame NONE = (_, _, _) -> false;

    /**
     * Answers with the page in its frame.
     *
     * @return false if there is none for this visitor, and nothing was answered
     */
    boolean show(Context ctx, String title, JteModel content);
}
