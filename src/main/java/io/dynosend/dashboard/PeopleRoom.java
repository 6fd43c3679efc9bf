package io.dynosend.dashboard;

import io.dynosend.account.People;
import io.dynosend.account.Role;
import io.dynosend.account.Users.User;
import io.dynosend.common.Problem;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.notification.UserMails;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.http.ForbiddenResponse;
import java.util.Arrays;

/** Who may sign in, and in which role. */
public final class PeopleRoom implements Dashboard.Room {

    private final People people;
    private final UserMails mails;
    private final String baseUrl;
    private final Templates templates = new StaticTemplates();

    /**
     * @param baseUrl of this installation, which links begin with
     */
    public PeopleRoom(People people, UserMails mails, String baseUrl) {
        this.people = people;
        this.mails = mails;
        this.baseUrl = baseUrl;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/people", visit -> decided(() -> show(visit, Form.empty(), "", "")));
        doors.post("/people/invite", visit -> decided(() -> invite(visit)));
        doors.post("/people/{user}/link", visit -> decided(() -> link(visit)));
        doors.post("/people/{user}/role", visit -> decided(() -> changeRole(visit)));
        doors.post("/people/{user}/two-step-off", visit -> decided(() -> turnOffTwoStep(visit)));
        doors.post("/people/{user}/remove", visit -> decided(() -> remove(visit)));
    }

    private void invite(Visit visit) {
        var form = Form.of(visit.http());
        var email = form.email("email");
        if (form.isFine()) {
            try {
                String link = mails.invite(visit.session(), email, role(form), visit.http().ip());
                show(visit, Form.empty(), link, email.value());
                return;
            } catch (Conflict e) {
                form.wrong("email", "Somebody signs in with this address already");
            }
        }
        visit.http().status(422);
        show(visit, form, "", "");
    }

    private void link(Visit visit) {
        String key = people.link(visit.user(), visit.number("user"), visit.http().ip());
        show(visit, Form.empty(), PasswordPages.link(baseUrl, key), "");
    }

    private void changeRole(Visit visit) {
        var form = Form.of(visit.http());
        changed(
                visit,
                () ->
                        people.changeRole(
                                visit.user(), visit.number("user"), role(form), visit.http().ip()),
                "The role is changed. They have to sign in again.");
    }

    private void turnOffTwoStep(Visit visit) {
        var user = user(visit);
        if (!visit.confirms(
                "Turn off two-step sign-in of %s? Until they turn it on again, their password is enough."
                        .formatted(user.email()),
                "Turn it off")) {
            return;
        }
        changed(
                visit,
                () -> people.turnOffTwoStep(visit.user(), user.id(), visit.http().ip()),
                "Two-step sign-in is off. They have to sign in again.");
    }

    private void remove(Visit visit) {
        var user = user(visit);
        if (!visit.confirms(
                "Remove %s? They are signed out, and their API tokens stop working. What they made stays."
                        .formatted(user.email()),
                "Remove")) {
            return;
        }
        changed(
                visit,
                () -> people.remove(visit.user(), user.id(), visit.http().ip()),
                "Removed, and signed out everywhere.");
    }

    private User user(Visit visit) {
        return people.find(visit.user(), visit.number("user"));
    }

    private void changed(Visit visit, Runnable change, String notice) {
        try {
            change.run();
            visit.go("/people", notice);
        } catch (Conflict e) {
            visit.go("/people", "An account needs an owner: make somebody else one first.");
        }
    }

    /**
     * @param link that was just made, which is shown once; empty: none
     * @param mailedTo whom it was also mailed to; empty: nobody
     */
    private void show(Visit visit, Form form, String link, String mailedTo) {
        visit.show(
                templates.dashboardPeople(visit, people.list(visit.user()), form, link, mailedTo));
    }

    private static void decided(Runnable page) {
        try {
            page.run();
        } catch (Problem.Forbidden e) {
            throw new ForbiddenResponse(e.getMessage());
        }
    }

    private static Role role(Form form) {
        return Arrays.stream(Role.values())
                .filter(role -> role.wire().equals(form.value("role")))
                .findFirst()
                .orElse(Role.VIEWER);
    }
}
