package io.dynosend.dashboard;

import gg.jte.models.runtime.JteModel;
import io.dynosend.account.Accounts;
import io.dynosend.account.AuditLog;
import io.dynosend.account.BasicSignIn;
import io.dynosend.account.BasicSignIn.Answer;
import io.dynosend.account.Principal;
import io.dynosend.account.TwoStep;
import io.dynosend.mailbox.MailboxFrame;
import io.javalin.http.Context;
import java.util.Optional;

/**
 * Who may look into the built-in mailbox, which holds the mail of all accounts, links for a new
 * password included: owners and admins of the first account.
 */
public final class MailboxDoor implements MailboxFrame {

    private static final String VISITOR = MailboxDoor.class.getName();

    private final Dashboard dashboard;
    private final BasicSignIn signIn;
    private final TwoStep twoStep;
    private final Accounts accounts;
    private final AuditLog audit;

    public MailboxDoor(
            Dashboard dashboard,
            BasicSignIn signIn,
            TwoStep twoStep,
            Accounts accounts,
            AuditLog audit) {
        this.dashboard = dashboard;
        this.signIn = signIn;
        this.twoStep = twoStep;
        this.accounts = accounts;
        this.audit = audit;
    }

    /** Whether the request comes from one of them, signed in to the dashboard. */
    public boolean isOpen(Context ctx) {
        return dashboard.user(ctx).filter(this::runsTheServer).isPresent();
    }

    /** Signs one of them in for this request. Who has a second factor shows it at the dashboard. */
    public Answer signIn(Context ctx, String email, String password) {
        var answer =
                signIn.signIn(
                        email,
                        password,
                        ctx.ip(),
                        user -> runsTheServer(user) && !twoStep.isOn(user));
        if (answer instanceof Answer.Welcome(var user)) ctx.attribute(VISITOR, user);
        return answer;
    }

    @Override
    public boolean show(Context ctx, String title, JteModel content) {
        return dashboard.frameMailbox(ctx, title, content);
    }

    /** Whoever is not signed in sits at this machine. */
    @Override
    public boolean mayClear(Context ctx) {
        return visitor(ctx).map(user -> user.role().writes()).orElse(true);
    }

    /** Keeps in the audit log who has cleared the mailbox, if they are signed in. */
    @Override
    public void cleared(Context ctx) {
        visitor(ctx).ifPresent(user -> audit.note(user, "cleared the built-in mailbox", ctx.ip()));
    }

    private Optional<Principal> visitor(Context ctx) {
        return Optional.<Principal>ofNullable(ctx.attribute(VISITOR)).or(() -> dashboard.user(ctx));
    }

    private boolean runsTheServer(Principal user) {
        return user.role().administers()
                && accounts.firstOwner()
                        .filter(owner -> owner.account() == user.account())
                        .isPresent();
    }
}
