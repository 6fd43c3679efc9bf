package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import gg.jte.models.runtime.JteModel;
import io.dynosend.account.AuditLog;
import io.dynosend.account.Principal;
import io.dynosend.account.Session;
import io.dynosend.account.Sessions;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.contact.Actor;
import io.dynosend.pages.Page;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpStatus;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request of someone who is signed in: all that a page needs to know of them. */
public final class Visit {

    private static final String POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
                    + " img-src 'self' data:; frame-src 'self'; form-action 'self';"
                    + " base-uri 'none'; frame-ancestors 'none'";

    // What a form carries for itself, and a page that asks again makes anew.
    private static final Set<String> ITS_OWN = Set.of("form_token", "confirmed");

    private final Context http;
    private final Session session;
    private final Sessions sessions;
    private final AuditLog audit;
    private final String formToken;
    private final boolean builtInMailbox;
    private final Templates templates = new StaticTemplates();

    Visit(
            Context http,
            Session session,
            Sessions sessions,
            AuditLog audit,
            String token,
            boolean builtInMailbox) {
        this.http = http;
        this.session = session;
        this.sessions = sessions;
        this.audit = audit;
        this.formToken = formToken(token);
        this.builtInMailbox = builtInMailbox;
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
        return user().role().administers();
    }

    /**
     * Ends here for all but owners and admins.
     *
     * @throws ForbiddenResponse for them
     */
    void requireAdmin() {
        if (!administers()) throw new ForbiddenResponse("For owners and admins");
    }

    /** Proves that a form came from one of our pages; every form has it. */
    public String formToken() {
        return formToken;
    }

    /** Whether what nobody else takes ends in the built-in mailbox, which can be looked into. */
    public boolean builtInMailbox() {
        return builtInMailbox;
    }

    /** The part of the dashboard that this is in, such as "audiences"; empty: none. */
    public String room() {
        String[] parts = http.path().split("/", -1);
        return parts.length > 2 ? parts[2] : "";
    }

    /** The theme that was chosen for this browser; empty: that of the system. */
    public String theme() {
        return Theme.of(http);
    }

    /** A field that the confirmation page carries on. */
    public record Carried(String name, String value) {}

    /**
     * Whether whoever sent this form knows what it does. If they were not asked yet, they are: the
     * page that asks is the answer, and the caller ends.
     *
     * @param question what will happen, and to how many
     * @param action what the button says that does it
     */
    boolean confirms(String question, String action) {
        return asks(question, action, true);
    }

    /** As above, where nothing is taken away from anybody. */
    boolean agrees(String question, String action) {
        return asks(question, action, false);
    }

    private boolean asks(String question, String action, boolean loses) {
        if ("yes".equals(http.formParam("confirmed"))) return true;
        var fields = new ArrayList<Carried>();
        http.formParamMap()
                .forEach((name, values) -> {
                    if (ITS_OWN.contains(name)) return;
                    values.forEach(value -> fields.add(new Carried(name, value)));
                });
        show(
                templates.dashboardConfirm(
                        this, question, action, loses, http.path(), fields, cameFrom()));
        return false;
    }

    /** The page of ours that led here; else the first. */
    private String cameFrom() {
        try {
            var from = http.header("Referer");
            // Such as javascript:x has none.
            var path = from == null ? null : new URI(from).getRawPath();
            return path != null && path.startsWith(Dashboard.ROOT + "/") ? path : Dashboard.ROOT;
        } catch (URISyntaxException e) {
            return Dashboard.ROOT;
        }
    }

    /** Keeps in the audit log what the user did, such as "deleted the audience “Readers”". */
    void note(String action) {
        audit.note(user(), action, http.ip());
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
        // PostgreSQL knows no text with NUL in it.
        return value == null ? "" : value.replace("\0", "").strip();
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

    /** What follows is a file to keep, not a page. */
    void download(String type, String name) {
        Page.protect(http);
        http.header("Content-Disposition", "attachment; filename=\"%s\"".formatted(name));
        http.contentType(type);
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
