package io.dynosend.dashboard;

import io.dynosend.account.AuditLog;
import io.dynosend.account.People;
import io.dynosend.account.Role;
import io.dynosend.common.Problem;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.http.ForbiddenResponse;
import java.util.Arrays;

/** Who may sign in, in which role, and what was done last by whom. */
public final class PeopleRoom implements Dashboard.Room {

    private static final int LATEST = 50;

    private final People people;
    private final AuditLog audit;
    private final String baseUrl;
    private final Templates templates = new StaticTemplates();

    /**
     * @param baseUrl of this installation, which links begin with
     */
    public PeopleRoom(People people, AuditLog audit, String baseUrl) {
        this.people = people;
        this.audit = audit;
        this.baseUrl = baseUrl;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/people", visit -> decided(() -> show(visit, Form.empty(), "")));
        doors.post("/people/invite", visit -> decided(() -> invite(visit)));
        doors.post("/people/{user}/link", visit -> decided(() -> link(visit)));
        doors.post("/people/{user}/role", visit -> decided(() -> changeRole(visit)));
        doors.post("/people/{user}/remove", visit -> decided(() -> remove(visit)));
    }

    private void invite(Visit visit) {
        var form = Form.of(visit.http());
        var email = form.email("email");
        if (form.isFine()) {
            try {
                String key = people.invite(visit.user(), email, role(form), visit.http().ip());
                show(visit, Form.empty(), PasswordPages.link(baseUrl, key));
                return;
            } catch (Conflict e) {
                form.wrong("email", "Somebody signs in with this address already");
            }
        }
        visit.http().status(422);
        show(visit, form, "");
    }

    private void link(Visit visit) {
        String key = people.link(visit.user(), visit.number("user"), visit.http().ip());
        show(visit, Form.empty(), PasswordPages.link(baseUrl, key));
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

    private void remove(Visit visit) {
        changed(
                visit,
                () -> people.remove(visit.user(), visit.number("user"), visit.http().ip()),
                "Removed, and signed out everywhere.");
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
     */
    private void show(Visit visit, Form form, String link) {
        visit.show(
                templates.dashboardPeople(
                        visit,
                        people.list(visit.user()),
                        audit.latest(visit.account(), LATEST),
                        form,
                        link));
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
