package io.dynosend.notification;

import io.dynosend.account.AccountSettings;
import io.dynosend.account.AccountSettings.Sender;
import io.dynosend.account.PasswordLinks;
import io.dynosend.account.People;
import io.dynosend.account.Principal;
import io.dynosend.account.Role;
import io.dynosend.account.Session;
import io.dynosend.account.Users;
import io.dynosend.audience.Audiences;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.sending.Outbox;
import io.dynosend.tracking.TrackingTokens;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Invitations and resets that go by mail. */
public final class UserMails {

    private static final Logger log = LoggerFactory.getLogger(UserMails.class);

    private final Jdbi jdbi;
    private final Users users;
    private final PasswordLinks links;
    private final People people;
    private final Notifications notifications;
    private final UnaryOperator<String> link;
    private final String host;

    /**
     * @param baseUrl of this installation; never what a request says (its host may be forged)
     * @param link what opens the page of a key
     */
    public UserMails(
            Jdbi jdbi,
            InstantSource clock,
            Users users,
            PasswordLinks links,
            People people,
            AccountSettings settings,
            Audiences audiences,
            Outbox outbox,
            TrackingTokens tokens,
            String baseUrl,
            UnaryOperator<String> link) {
        this.jdbi = jdbi;
        this.users = users;
        this.links = links;
        this.people = people;
        this.link = link;
        this.host = URI.create(baseUrl).getAuthority();
        this.notifications = new Notifications(clock, settings, audiences, outbox, tokens, baseUrl);
    }

    /** Who mails to the users of an account come from. */
    public Sender sender(long account) {
        return notifications.sender(account);
    }

    /**
     * Adds somebody and writes to them.
     *
     * @return the link, for the only time: for who trusts no mail
     * @throws Conflict if the address signs in already, here or in another account
     */
    public String invite(Session by, EmailAddress email, Role role, @Nullable String ipAddress) {
        return jdbi.inTransaction(tx -> {
            String made = link.apply(people.invite(by.principal(), email, role, ipAddress));
            var invited = new Principal(by.principal().account(), by.principal().user(), role);
            var variables =
                    Map.<String, Object>of(
                            "by", by.email().value(),
                            "role", role.wire(),
                            "host", host,
                            "days", PasswordLinks.GOOD_FOR.toDays(),
                            "link", made);
            notifications.send(tx, invited, email, Notifications.INVITATION, variables);
            return made;
        });
    }

    /**
     * Writes to whoever signs in with this address, if anybody does, a moment later: who asks
     * learns nothing from the answer, nor from how long it takes.
     */
    public void reset(String email) {
        if (!EmailAddress.isValid(email)) return;
        Thread.startVirtualThread(() -> resetNow(new EmailAddress(email)));
    }

    private void resetNow(EmailAddress email) {
        try {
            users.find(email)
                    .filter(user -> user.role() != Role.API)
                    .ifPresent(user -> resetNow(user, email));
        } catch (Problem e) {
            log.warn("A mail with a link for a new password is not sent: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("A mail with a link for a new password is not sent", e);
        }
    }

    private void resetNow(Principal user, EmailAddress email) {
        jdbi.useTransaction(tx -> {
            var variables =
                    Map.<String, Object>of(
                            "host", host,
                            "minutes", PasswordLinks.ASKED_FOR_GOOD_FOR.toMinutes(),
                            "link", link.apply(links.ask(tx, user)));
            notifications.send(tx, user, email, Notifications.RESET, variables);
        });
    }
}
