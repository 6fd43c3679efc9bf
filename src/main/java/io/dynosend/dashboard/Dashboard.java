package io.dynosend.dashboard;

import gg.jte.models.runtime.JteModel;
import io.dynosend.account.AuditLog;
import io.dynosend.account.Principal;
import io.dynosend.account.Session;
import io.dynosend.account.Sessions;
import io.dynosend.common.Problem;
import io.dynosend.pages.SameOrigin;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The door of the dashboard: who is not signed in goes no further, who may not write reads. */
public final class Dashboard {

    /** Where everything of the dashboard is. */
    public static final String ROOT = "/app";

    /** Some pages that belong together. */
    public interface Room {

        void open(Doors doors);
    }

    /** What is behind a door. */
    public interface Handler {

        void handle(Visit visit) throws Exception;
    }

    /**
     * A door: what is behind it can be asked for by this verb and path.
     *
     * @param own everybody may, viewers too: it concerns nobody but them
     */
    public record Door(String verb, String path, boolean own) {}

    /** Adds pages; all paths are below {@link #ROOT}. */
    public final class Doors {

        private final RoutesConfig routes;

        private Doors(RoutesConfig routes) {
            this.routes = routes;
        }

        /** A page that only reads. */
        public void get(String path, Handler handler) {
            open.add(new Door("GET", ROOT + path, false));
            routes.get(ROOT + path, ctx -> enter(ctx, handler));
        }

        /** A file with addresses of people; refused to viewers, as all exports of them are. */
        public void getToKeep(String path, Handler handler) {
            get(
                    path,
                    visit -> {
                        requireWriter(visit);
                        handler.handle(visit);
                    });
        }

        /** A form: refused from other sites, without the session's own token, and to viewers. */
        public void post(String path, Handler handler) {
            open.add(new Door("POST", ROOT + path, false));
            routes.post(ROOT + path, ctx -> enter(ctx, visit -> write(visit, handler)));
        }

        /** As {@link #post}, and refused to all but owners and admins. */
        public void postOfAdmins(String path, Handler handler) {
            post(
                    path,
                    visit -> {
                        visit.requireAdmin();
                        handler.handle(visit);
                    });
        }

        /**
         * As {@link #post}, of a form with a file; whoever may not write does not bring it first.
         *
         * @param most bytes of all of it
         */
        public void upload(String path, long most, Handler handler) {
            routes.post(
                    ROOT + path,
                    ctx ->
                            enter(
                                    ctx,
                                    visit -> {
                                        SameOrigin.require(ctx);
                                        requireWriter(visit);
                                        Uploads.allow(ctx, most);
                                        write(visit, handler);
                                    }));
        }

        /** As {@link #post}, but every user may: it concerns nobody but them. */
        public void postOfOwn(String path, Handler handler) {
            open.add(new Door("POST", ROOT + path, true));
            routes.post(
                    ROOT + path,
                    ctx ->
                            enter(
                                    ctx,
                                    visit -> {
                                        requireOurForm(visit);
                                        handler.handle(visit);
                                    }));
        }
    }

    private final Sessions sessions;
    private final SessionCookie cookie;
    private final AuditLog audit;
    private final boolean builtInMailbox;
    private final List<Room> rooms;
    private final List<Door> open = new ArrayList<>();
    private final Templates templates = new StaticTemplates();

    /**
     * @param builtInMailbox whether mail that no relay of an account takes stays here
     */
    public Dashboard(
            Sessions sessions,
            SessionCookie cookie,
            AuditLog audit,
            boolean builtInMailbox,
            List<? extends Room> rooms) {
        this.sessions = sessions;
        this.cookie = cookie;
        this.audit = audit;
        this.builtInMailbox = builtInMailbox;
        this.rooms = List.copyOf(rooms);
    }

    public void routes(RoutesConfig routes) {
        var doors = new Doors(routes);
        for (var room : rooms) room.open(doors);
    }

    /** All of them, once they are open. */
    public List<Door> doors() {
        return List.copyOf(open);
    }

    private void enter(Context ctx, Handler handler) throws Exception {
        var session = session(ctx);
        if (session.isEmpty()) {
            ctx.redirect(SignInPages.pathBackTo(ctx), HttpStatus.SEE_OTHER);
            return;
        }
        var visit = visit(ctx, session.get());
        try {
            handler.handle(visit);
        } catch (Problem.NotFound e) {
            showMissing(visit, e.getMessage() == null ? "Not found" : e.getMessage());
        }
    }

    private void showMissing(Visit visit, String what) {
        visit.http().status(404);
        visit.show(templates.dashboardMissing(visit, what));
    }

    /**
     * Says among our pages that there is none at this address, to who is signed in.
     *
     * @return false if nobody is, or it is none of ours, and nothing was answered
     */
    public boolean frameMissing(Context ctx) {
        if (!ctx.path().startsWith(ROOT + "/")) return false;
        var session = session(ctx);
        session.ifPresent(each -> showMissing(visit(ctx, each), "There is no such page"));
        return session.isPresent();
    }

    private Visit visit(Context ctx, Session session) {
        return new Visit(
                ctx, session, sessions, audit, cookie.token(ctx).orElseThrow(), builtInMailbox);
    }

    /**
     * Shows a page of the built-in mailbox among ours, to who is signed in.
     *
     * @return false if nobody is, and nothing was answered
     */
    public boolean frameMailbox(Context ctx, String title, JteModel content) {
        var session = session(ctx);
        session.ifPresent(each -> {
            var visit = visit(ctx, each);
            visit.show(templates.dashboardMailboxFrame(visit, title, content));
        });
        return session.isPresent();
    }

    /** Who the request comes from; empty: nobody who is signed in. */
    Optional<Principal> user(Context ctx) {
        return session(ctx).map(Session::principal);
    }

    private Optional<Session> session(Context ctx) {
        return cookie.token(ctx).flatMap(sessions::find);
    }

    private static void write(Visit visit, Handler handler) throws Exception {
        requireOurForm(visit);
        requireWriter(visit);
        handler.handle(visit);
    }

    private static void requireWriter(Visit visit) {
        if (!visit.writes()) throw new ForbiddenResponse("A viewer changes and exports nothing");
    }

    private static void requireOurForm(Visit visit) {
        SameOrigin.require(visit.http());
        visit.requireFormToken();
    }
}
