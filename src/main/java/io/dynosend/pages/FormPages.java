package io.dynosend.pages;

import io.dynosend.audience.Field;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.TooManyRequests;
import io.dynosend.optin.SignUpForm;
import io.dynosend.optin.SignUpForms;
import io.dynosend.optin.SignUps;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.dynosend.tracking.Engagements.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The form by which strangers join an audience: a page of its own, and where a copy of it on any
 * other site sends what was typed. It takes no cookie, and leads nowhere that a request names.
 */
public final class FormPages {

    /** No person sees this field: what fills it in is a program. */
    public static final String TRAP = "nickname";

    /** What says that they agree to the wording of the form. */
    public static final String AGREED = "agree";

    /** Every answer takes at least so long, or its time would tell what it does not say. */
    private static final Duration HELD = Duration.ofMillis(250);

    private final Templates templates = new StaticTemplates();
    private final SignUpForms forms;
    private final SignUps signUps;

    public FormPages(SignUpForms forms, SignUps signUps) {
        this.forms = forms;
        this.signUps = signUps;
    }

    public void routes(RoutesConfig routes) {
        routes.get("/f/{form}", this::show);
        routes.post("/f/{form}", this::take);
    }

    /** The type of the HTML input for a field; {@code textarea} is an element of its own. */
    public static String input(Field field) {
        return switch (field.type()) {
            case TEXT, DATETIME -> "text";
            case NUMBER -> "number";
            case TEXTAREA -> "textarea";
            case DATE -> "date";
            case TIME -> "time";
        };
    }

    private void show(Context http) {
        form(http)
                .ifPresentOrElse(
                        form ->
                                Page.show(
                                        http, templates.pagesForm(form, Map.of(), "", path(form))),
                        () -> ErrorPages.unknownLink(http));
    }

    private void take(Context http) {
        long start = System.nanoTime();
        var found = form(http);
        if (found.isEmpty()) {
            ErrorPages.unknownLink(http);
            return;
        }
        var form = found.get();
        var typed = typed(http, form);
        try {
            if (!value(http, AGREED).equals("yes")) {
                throw new BadInput("Please tick the box to say that you agree");
            }
            if (isPerson(http)) {
                signUps.signUp(
                        form,
                        typed.getOrDefault("EMAIL", ""),
                        new LinkedHashMap<String, @Nullable Object>(typed),
                        http.header("Referer"),
                        new Visitor(http.ip(), http.userAgent()));
            }
            hold(start);
            Page.show(
                    http,
                    templates.pagesMessage(
                            "Please look into your mailbox",
                            "If this address can be subscribed, a message with a link is on its way"
                                    + " to it. Nothing is sent before the link is confirmed. It may be"
                                    + " in the spam folder."));
        } catch (BadInput e) {
            http.status(422);
            Page.show(http, templates.pagesForm(form, typed, complaint(form, e), path(form)));
        } catch (TooManyRequests e) {
            http.status(429);
            http.header("Retry-After", Long.toString(e.retryAfter().toSeconds()));
            Page.show(
                    http,
                    templates.pagesMessage(
                            "Too many at once",
                            "This form was sent too often from here. Please try again in a quarter"
                                    + " of an hour."));
        }
    }

    private Optional<SignUpForm> form(Context http) {
        return forms.open(http.pathParam("form"));
    }

    private static Map<String, String> typed(Context http, SignUpForm form) {
        var typed = new LinkedHashMap<String, String>();
        typed.put("EMAIL", value(http, "EMAIL"));
        for (var field : form.fields()) typed.put(field.tag(), value(http, field.tag()));
        return typed;
    }

    private static String value(Context http, String name) {
        var value = http.formParam(name);
        return value == null ? "" : value;
    }

    private static boolean isPerson(Context http) {
        return value(http, TRAP).isEmpty();
    }

    private static void hold(long start) {
        LockSupport.parkNanos(HELD.toNanos() - (System.nanoTime() - start));
    }

    private static String path(SignUpForm form) {
        return "/f/" + form.uid();
    }

    // Readers know fields by their label.
    private static String complaint(SignUpForm form, BadInput problem) {
        String text = String.valueOf(problem.getMessage());
        for (var field : form.fields()) {
            if (text.startsWith(field.tag() + " ")) {
                return field.label() + text.substring(field.tag().length());
            }
        }
        return text;
    }
}
