package io.dynosend.dashboard;

import io.dynosend.account.AuditLog;
import io.dynosend.account.Sessions;
import io.dynosend.account.Users;
import io.dynosend.common.Problem;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;

/** What concerns whoever is signed in: their password, and where else they are signed in. */
public final class YouRoom implements Dashboard.Room {

    private final Users users;
    private final Sessions sessions;
    private final AuditLog audit;
    private final Templates templates = new StaticTemplates();

    public YouRoom(Users users, Sessions sessions, AuditLog audit) {
        this.users = users;
        this.sessions = sessions;
        this.audit = audit;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/you", visit -> show(visit, Form.empty()));
        doors.postOfOwn("/you/password", this::changePassword);
        doors.postOfOwn("/you/theme", Theme::choose);
        doors.postOfOwn("/you/sessions/{session}/close", this::close);
    }

    private void show(Visit visit, Form form) {
        visit.show(templates.dashboardYou(visit, sessions.list(visit.user()), form));
    }

    private void changePassword(Visit visit) {
        var form = Form.of(visit.http());
        var session = visit.session();
        try {
            if (users.signIn(session.email().value(), form.value("current")).isEmpty()) {
                form.wrong("current", "This is not your password");
            } else if (!form.value("wanted").equals(form.value("again"))) {
                form.wrong("again", "The two are not the same");
            } else {
                users.changePassword(visit.user(), form.value("wanted"));
                audit.note(visit.user(), "changed their password", visit.http().ip());
                sessions.closeOthers(visit.user(), session.id());
                visit.go("/you", "Your password is changed. Everywhere else you are signed out.");
                return;
            }
        } catch (Problem.BadInput e) {
            form.wrong("wanted", "Between 8 and 255 characters");
        }
        visit.http().status(422);
        show(visit, form);
    }

    private void close(Visit visit) {
        sessions.close(visit.user(), visit.number("session"));
        visit.go("/you", "Signed out there.");
    }
}
