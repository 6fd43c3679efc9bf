package io.dynosend.dashboard;

import io.dynosend.account.SignInAttempts;
import io.dynosend.account.Users;

/** Asks whoever changes how they sign in for their password: a browser may be left open. */
final class Proof {

    private final Users users;
    private final SignInAttempts attempts;

    Proof(Users users, SignInAttempts attempts) {
        this.users = users;
        this.attempts = attempts;
    }

    /** Whether the password in the field {@code current} is theirs; else the form says so. */
    boolean isThem(Visit visit, Form form) {
        String email = visit.session().email().value();
        String ip = visit.http().ip();
        if (!attempts.allow(email, ip)) {
            form.wrong("current", "Too many attempts. Wait a quarter of an hour, then try again.");
            return false;
        }
        if (users.signIn(email, form.value("current")).isEmpty()) {
            form.wrong("current", "This is not your password");
            return false;
        }
        attempts.succeeded(email, ip);
        return true;
    }
}
