package io.dynosend.pages;

import io.dynosend.common.Problem;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people see when a page cannot be shown. */
public final class ErrorPages {

    private static final Logger log = LoggerFactory.getLogger(ErrorPages.class);

    private static final Templates TEMPLATES = new StaticTemplates();

    private ErrorPages() {}

    public static void problem(Problem problem, Context http) {
        message(http, 400, "That did not work", problem.getMessage());
    }

    public static void refused(HttpResponseException refusal, Context http) {
        if (refusal.getStatus() == 404) {
            notFound(http);
        } else if (refusal.getStatus() == 403) {
            message(http, 403, "You may not do this", refusal.getMessage() + ".");
        } else {
            message(
                    http,
                    refusal.getStatus(),
                    "That did not work",
                    "The server cannot read this request.");
        }
    }

    public static void bug(Exception bug, Context http) {
        log.error("{} {} failed", http.method(), http.path(), bug);
        message(
                http,
                500,
                "Something went wrong",
                "That is our fault, not yours. Please try again in a moment.");
    }

    static void notFound(Context http) {
        message(
                http,
                404,
                "There is nothing here",
                "The link may be incomplete. Please copy it whole, or write to whoever sent it.");
    }

    /** The same answer for every link that is broken, forged or of something deleted. */
    static void unknownLink(Context http) {
        message(
                http,
                404,
                "This link does not work",
                "It may have been cut in two by your mail program, or what it was about is gone."
                        + " Try the link in the message again, or reply to its sender.");
    }

    /** The same for every link that was never made, has been used or is too old. */
    public static void expiredLink(Context http) {
        message(
                http,
                404,
                "This link does not work any more",
                "It works once, and for a limited time. Ask for a new one under “Forgot your"
                        + " password?”, or ask whoever gave it to you; who runs the server gets"
                        + " one with ./dynosend user link.");
    }

    private static void message(Context http, int status, String title, String text) {
        http.status(status);
        Page.show(http, TEMPLATES.pagesMessage(title, text));
    }
}
