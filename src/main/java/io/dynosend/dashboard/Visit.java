package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import gg.jte.models.runtime.JteModel;
import io.dynosend.account.Principal;
import io.dynosend.account.Role;
import io.dynosend.account.Session;
import io.dynosend.account.Sessions;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.contact.Actor;
import io.dynosend.pages.Page;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpStatus;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** One request of someone who is signed in: all that a page needs to know of them. */
public final class Visit {

    private static final String POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
                    + " img-src 'self' data:; frame-src 'self'; form-action 'self';"
                    + " base-uri 'none'; frame-ancestors 'none'";

    private final Context http;
    private final Session session;
    private final Sessions sessions;
    private final String formToken;

    Visit(Context http, Session session, Sessions sessions, String token) {
        this.http = http;
        this.session = session;
        this.sessions = sessions;
        this.formToken = formToken(token);
    }

    Context http() {
        return http;
    }

    public Session session() {
        return session;
    }

    public Principal user() {
        return session.principal();
    }

    public long account() {
        return user().account();
    }

    /** Whether the page may offer to change something. */
    public boolean writes() {
        return user().role().writes();
    }

    /** Whether they administer the account: its users, domains and relays. */
    public boolean administers() {
        return user().role() == Role.OWNER || user().role() == Role.ADMIN;
    }

    /** Proves that a form came from one of our pages; every form has it. */
    public String formToken() {
        return formToken;
    }

    /** How the contact's history names who does it. */
    Actor actor() {
        return new Actor("dashboard", user().user(), http.ip(), http.userAgent());
    }

    /** A part of the path. */
    String part(String name) {
        return http.pathParam(name);
    }

    /**
     * A number in the path.
     *
     * @throws NotFound if it is none
     */
    long number(String name) {
        String text = part(name);
        if (!text.matches("[0-9]{1,18}")) throw new NotFound("This");
        return Long.parseLong(text);
    }

    /** Of the query; empty if it is not there. */
    String query(String name) {
        var value = http.queryParam(name);
        return value == null ? "" : value.strip();
    }

    /** What the next page says; it says so once. */
    public String notice() {
        return session.notice() == null ? "" : session.notice();
    }

    /** Whether a script asks for a part of the page only. */
    boolean wantsPart() {
        return http.header("HX-Request") != null;
    }

    void show(JteModel page) {
        String html = page.render();
        Page.protect(http);
        http.header("Content-Security-Policy", POLICY);
        // Without a referrer forms would come with “Origin: null” over plain HTTP.
        http.header("Referrer-Policy", "same-origin");
        http.contentType(Page.HTML).result(html);
        if (session.notice() != null && !wantsPart()) sessions.notice(session, null);
    }

    /** After a form: the next page, which says what has been done. */
    void go(String path, @Nullable String notice) {
        if (notice != null) sessions.notice(session, notice);
        http.redirect(Dashboard.ROOT + path, HttpStatus.SEE_OTHER);
    }

    void requireFormToken() {
        var given = http.formParam("form_token");
        if (given == null
                || !MessageDigest.isEqual(given.getBytes(UTF_8), formToken.getBytes(UTF_8))) {
            throw new ForbiddenResponse("This form is too old. Go back, reload it and try again");
        }
    }

    private static String formToken(String sessionToken) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(("form of " + sessionToken).getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
