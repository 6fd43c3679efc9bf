package io.dynosend.dashboard;

import io.dynosend.account.Passkeys;
import io.dynosend.account.Session;
import io.dynosend.account.Sessions;
import io.dynosend.account.SignInAttempts;
import io.dynosend.account.TwoStep;
import io.dynosend.account.Users;
import io.dynosend.common.Problem;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.List;
import java.util.Map;

/** What concerns whoever is signed in: their name, how they sign in, and where they have. */
public final class YouRoom implements Dashboard.Room {

    /** How somebody signs in, at a glance. */
    public record WaysIn(
            String name,
            List<Session> sessions,
            int passkeys,
            boolean twoStep,
            int recoveryCodes) {}

    private final Users users;
    private final Sessions sessions;
    private final TwoStep twoStep;
    private final Passkeys passkeys;
    private final Proof proof;
    private final Templates templates = new StaticTemplates();

    public YouRoom(
            Users users,
            Sessions sessions,
            SignInAttempts attempts,
            TwoStep twoStep,
            Passkeys passkeys) {
        this.users = users;
        this.sessions = sessions;
        this.twoStep = twoStep;
        this.passkeys = passkeys;
        this.proof = new Proof(users, attempts);
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/you", visit -> show(visit, Form.empty()));
        doors.postOfOwn("/you/name", this::rename);
        doors.postOfOwn("/you/password", this::changePassword);
        doors.postOfOwn("/you/theme", Theme::choose);
        doors.postOfOwn("/you/sessions/{session}/close", this::close);
        doors.postOfOwn("/you/sessions/close-others", this::closeOthers);
        doors.get("/you/two-step", visit -> showTwoStep(visit, Form.empty(), List.of()));
        doors.postOfOwn("/you/two-step/begin", this::beginTwoStep);
        doors.postOfOwn("/you/two-step/confirm", this::confirmTwoStep);
        doors.postOfOwn("/you/two-step/codes", this::renewCodes);
        doors.postOfOwn("/you/two-step/off", this::turnOffTwoStep);
        doors.get("/you/passkeys", visit -> showPasskeys(visit, Form.empty()));
        doors.postOfOwn("/you/passkeys/options", this::beginPasskey);
        doors.postOfOwn("/you/passkeys", this::addPasskey);
        doors.postOfOwn("/you/passkeys/{passkey}/remove", this::removePasskey);
    }

    private void show(Visit visit, Form form) {
        var user = visit.user();
        var overview =
                new WaysIn(
                        users.name(user),
                        sessions.list(user),
                        passkeys.list(user).size(),
                        twoStep.isOn(user),
                        twoStep.recoveryCodes(user));
        visit.show(templates.dashboardYou(visit, overview, form));
    }

    private void rename(Visit visit) {
        var form = Form.of(visit.http());
        try {
            users.rename(visit.user(), form.text("name"));
            visit.go("/you", "Your name is saved.");
        } catch (Problem.BadInput e) {
            visit.http().status(422);
            show(visit, form.wrong("name", "At most 255 characters, in one line"));
        }
    }

    private void changePassword(Visit visit) {
        var form = Form.of(visit.http());
        try {
            if (!form.value("wanted").equals(form.value("again"))) {
                form.wrong("again", "The two are not the same");
            } else if (proof.isThem(visit, form)) {
                users.changePassword(visit.user(), form.value("wanted"));
                sessions.closeOthers(visit.user(), visit.session().id());
                visit.note("changed their password");
                visit.go("/you", "Your password is changed. Everywhere else you are signed out.");
                return;
            }
        } catch (Problem.BadInput e) {
            form.wrong("wanted", e.getMessage());
        }
        visit.http().status(422);
        show(visit, form);
    }

    private void close(Visit visit) {
        sessions.close(visit.user(), visit.number("session"));
        visit.note("signed out another browser");
        visit.go("/you", "Signed out there.");
    }

    private void closeOthers(Visit visit) {
        sessions.closeOthers(visit.user(), visit.session().id());
        visit.note("signed out all other browsers");
        visit.go("/you", "Signed out everywhere but here.");
    }

    /**
     * @param codes that were just made, which are shown once; empty: none
     */
    private void showTwoStep(Visit visit, Form form, List<String> codes) {
        var user = visit.user();
        var begun = twoStep.begun(user, visit.session().email());
        visit.show(
                templates.dashboardYouTwoStep(
                        visit,
                        twoStep.isOn(user),
                        twoStep.recoveryCodes(user),
                        begun.map(TwoStep.Enrolment::secret).orElse(""),
                        begun.map(enrolment -> new QrCode(enrolment.uri())).orElse(null),
                        codes,
                        form));
    }

    private void beginTwoStep(Visit visit) {
        var form = Form.of(visit.http());
        if (!proof.isThem(visit, form)) {
            refuseTwoStep(visit, form);
            return;
        }
        try {
            twoStep.begin(visit.user());
        } catch (Problem.Conflict e) {
            visit.go("/you/two-step", "It is on already.");
            return;
        }
        visit.go("/you/two-step", null);
    }

    private void confirmTwoStep(Visit visit) {
        var form = Form.of(visit.http());
        var codes = twoStep.confirm(visit.session(), form.value("code"), visit.http().ip());
        if (codes.isPresent()) showTwoStep(visit, Form.empty(), codes.get());
        else {
            refuseTwoStep(
                    visit,
                    form.wrong(
                            "code",
                            "This is not the code of the moment. Is the clock of your phone right?"));
        }
    }

    private void renewCodes(Visit visit) {
        var form = Form.of(visit.http());
        if (!proof.isThem(visit, form)) {
            refuseTwoStep(visit, form);
            return;
        }
        try {
            showTwoStep(
                    visit,
                    Form.empty(),
                    twoStep.renewRecoveryCodes(visit.user(), visit.http().ip()));
        } catch (Problem.Conflict e) {
            visit.go("/you/two-step", null);
        }
    }

    private void turnOffTwoStep(Visit visit) {
        var form = Form.of(visit.http());
        if (!proof.isThem(visit, form)) {
            refuseTwoStep(visit, form);
            return;
        }
        twoStep.turnOff(visit.session(), visit.http().ip());
        visit.go("/you", "Two-step sign-in is off. Everywhere else you are signed out.");
    }

    private void refuseTwoStep(Visit visit, Form form) {
        visit.http().status(422);
        showTwoStep(visit, form, List.of());
    }

    private void showPasskeys(Visit visit, Form form) {
        visit.show(
                templates.dashboardYouPasskeys(
                        visit, passkeys.list(visit.user()), passkeys.arePossible(), form));
    }

    /** For the script, which knows what a browser makes of it. */
    private void beginPasskey(Visit visit) {
        var form = Form.of(visit.http());
        form.required("name", "Such as “My laptop”");
        if (!proof.isThem(visit, form) || !form.isFine()) {
            visit.http().status(422);
            var errors = Map.of("name", form.error("name"), "current", form.error("current"));
            visit.http().json(errors);
            return;
        }
        visit.http().header("Cache-Control", "no-store");
        visit.http().contentType("application/json").result(passkeys.begin(visit.user()));
    }

    private void addPasskey(Visit visit) {
        var form = Form.of(visit.http());
        try {
            passkeys.add(
                    visit.user(),
                    form.required("name", "Such as “My laptop”"),
                    form.value("credential"),
                    visit.http().ip());
            sessions.closeOthers(visit.user(), visit.session().id());
            visit.go("/you/passkeys", "The passkey is added. Next time, sign in with it.");
        } catch (Problem.BadInput e) {
            visit.http().status(422);
            showPasskeys(visit, form.refused(e));
        }
    }

    private void removePasskey(Visit visit) {
        long id = visit.number("passkey");
        var passkey =
                passkeys.list(visit.user()).stream()
                        .filter(each -> each.id() == id)
                        .findFirst()
                        .orElseThrow(() -> new Problem.NotFound("Passkey"));
        if (!visit.confirms(
                "Remove the passkey “%s”? You can no longer sign in with it."
                        .formatted(passkey.name()),
                "Remove the passkey")) {
            return;
        }
        passkeys.remove(visit.user(), id, visit.http().ip());
        sessions.closeOthers(visit.user(), visit.session().id());
        visit.go("/you/passkeys", "The passkey is removed.");
    }
}
