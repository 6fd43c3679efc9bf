package io.dynosend.account;

import io.dynosend.account.Users.User;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.Forbidden;
import io.dynosend.common.Problem.NotFound;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Who may sign in to an account, as its owners and admins decide. What concerns an owner is up to
 * owners alone. Everything is noted in the audit log.
 */
public final class People {

    private final Jdbi jdbi;
    private final Users users;
    private final PasswordLinks links;
    private final AuditLog audit;

    public People(Jdbi jdbi, Users users, PasswordLinks links, AuditLog audit) {
        this.jdbi = jdbi;
        this.users = users;
        this.links = links;
        this.audit = audit;
    }

    /**
     * Those of the account, the oldest first.
     *
     * @throws Forbidden unless they are an owner or an admin
     */
    public List<User> list(Principal by) {
        refuseUnlessAdministers(by);
        return users.list(by.account());
    }

    /**
     * Adds somebody, who chooses a password by a link.
     *
     * @return the key of the link, for the only time
     * @throws Conflict if the address signs in already, here or in another account
     */
    public String invite(Principal by, EmailAddress email, Role role, @Nullable String ipAddress) {
        refuseUnlessMayGive(by, role);
        return jdbi.inTransaction(tx -> {
            var user = users.add(by.account(), email, Accounts.randomPassword(), role);
            audit.note(tx, by, "invited %s as %s".formatted(email.value(), role.wire()), ipAddress);
            return links.make(user, false);
        });
    }

    /**
     * A link by which a user chooses another password; the present one stays good until then.
     *
     * @return its key, for the only time
     * @throws NotFound if the account has no such user
     */
    public String link(Principal by, long user, @Nullable String ipAddress) {
        var whom = find(by, user);
        return jdbi.inTransaction(tx -> {
            note(by, "made a password link for", whom, ipAddress);
            return links.make(principal(by, whom), false);
        });
    }

    /**
     * Gives a user another role; they have to sign in again.
     *
     * @throws NotFound if the account has no such user
     * @throws Conflict if the account would be left without an owner
     */
    public void changeRole(Principal by, long user, Role role, @Nullable String ipAddress) {
        refuseUnlessMayGive(by, role);
        var whom = find(by, user);
        if (whom.role() == role) return;
        jdbi.useTransaction(tx -> {
            users.changeRole(principal(by, whom), role);
            Sessions.closeAll(tx, principal(by, whom));
            note(by, "gave the role %s to".formatted(role.wire()), whom, ipAddress);
        });
    }

    /**
     * Removes a user with their sessions and tokens.
     *
     * @throws NotFound if the account has no such user
     * @throws Conflict if the account would be left without an owner
     */
    public void remove(Principal by, long user, @Nullable String ipAddress) {
        var whom = find(by, user);
        jdbi.useTransaction(tx -> {
            // In the order of all others: first the owners, then the log.
            Users.lockOwners(tx, by.account());
            // Before: who removes themselves would not be there afterwards.
            note(by, "removed", whom, ipAddress);
            users.remove(principal(by, whom));
        });
    }

    /**
     * Turns the second step of a user's sign-in off, for who has lost phone and recovery codes;
     * they have to sign in again.
     *
     * @throws NotFound if the account has no such user
     */
    public void turnOffTwoStep(Principal by, long user, @Nullable String ipAddress) {
        var whom = find(by, user);
        jdbi.useTransaction(tx -> {
            TwoStep.forget(tx, principal(by, whom));
            Sessions.closeAll(tx, principal(by, whom));
            note(by, "turned off two-step sign-in of", whom, ipAddress);
        });
    }

    /**
     * Somebody whom they may decide about.
     *
     * @throws Forbidden if they may not
     * @throws NotFound if the account has no such user
     */
    public User find(Principal by, long id) {
        var user =
                list(by).stream()
                        .filter(each -> each.id() == id)
                        .findFirst()
                        .orElseThrow(() -> new NotFound("User"));
        refuseUnlessMayGive(by, user.role());
        return user;
    }

    private void note(Principal by, String what, User whom, @Nullable String ipAddress) {
        audit.note(by, what + " " + whom.email().value(), ipAddress);
    }

    private static Principal principal(Principal by, User user) {
        return new Principal(by.account(), user.id(), user.role());
    }

    private static void refuseUnlessMayGive(Principal by, Role role) {
        refuseUnlessAdministers(by);
        if (role == Role.OWNER && by.role() != Role.OWNER) {
            throw new Forbidden("Only an owner decides about owners");
        }
    }

    private static void refuseUnlessAdministers(Principal by) {
        if (!by.role().administers()) throw new Forbidden();
    }
}
