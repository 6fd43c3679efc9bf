package io.dynosend.mailbox;

import gg.jte.models.runtime.JteModel;
import io.javalin.http.Context;

/** What stands around the pages of the mailbox, where it belongs to a larger house. */
public interface MailboxFrame {

    /** The mailbox stands alone. */
    MailboxFrame NONE =
            new MailboxFrame() {
                @Override
                public boolean show(Context ctx, String title, JteModel content) {
                    return false;
                }

                @Override
                public boolean mayClear(Context ctx) {
                    return true;
                }

                @Override
                public void cleared(Context ctx) {}
            };

    /**
     * Answers with the page in its frame.
     *
     * @return false if there is none for this visitor, and nothing was answered
     */
    boolean show(Context ctx, String title, JteModel content);

    /** Whether a visitor who may look may also delete all messages. */
    boolean mayClear(Context ctx);

    /** Is told of each request that has deleted them. */
    void cleared(Context ctx);
}
