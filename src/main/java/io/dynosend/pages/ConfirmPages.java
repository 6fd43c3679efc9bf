package io.dynosend.pages;

import io.dynosend.optin.Answer;
import io.dynosend.optin.OptIn;
import io.dynosend.optin.OptIn.State;
import io.dynosend.optin.OptIns;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.dynosend.tracking.Engagements.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Where the link of a confirmation mail leads. Looking changes nothing: scanners look too. */
public final class ConfirmPages {

    private final Templates templates = new StaticTemplates();
    private final OptIns optIns;

    public ConfirmPages(OptIns optIns) {
        this.optIns = optIns;
    }

    public void routes(RoutesConfig routes) {
        routes.get("/confirm/{token}", this::ask);
        routes.post("/confirm/{token}", this::confirm);
        routes.post("/confirm/{token}/resend", this::resend);
    }

    private void ask(Context http) {
        optIns.find(token(http))
                .ifPresentOrElse(optIn -> show(http, optIn), () -> ErrorPages.unknownLink(http));
    }

    private void confirm(Context http) {
        var before = optIns.confirm(token(http), new Visitor(http.ip(), http.userAgent()));
        before.ifPresentOrElse(
                optIn -> {
                    if (optIn.state() == State.WAITING) confirmed(http, optIn);
                    else show(http, optIn);
                },
                () -> ErrorPages.unknownLink(http));
    }

    private void resend(Context http) {
        optIns.resend(token(http))
                .ifPresentOrElse(
                        answer -> {
                            if (answer == Answer.NOT_UNCONFIRMED) ask(http);
                            else resent(http, answer);
                        },
                        () -> ErrorPages.unknownLink(http));
    }

    private void show(Context http, OptIn optIn) {
        switch (optIn.state()) {
            case WAITING ->
                    Page.show(http, templates.pagesConfirm(optIn.email(), optIn.audience()));
            case EXPIRED -> Page.show(http, templates.pagesExpired(optIn.audience(), token(http)));
            case CONFIRMED ->
                    Page.show(
                            http,
                            templates.pagesConfirmed(
                                    "Already confirmed",
                                    optIn.email(),
                                    optIn.audience(),
                                    "is subscribed to"));
            case LEFT ->
                    message(
                            http,
                            "You have unsubscribed",
                            "This link is older than that, so it does not bring you back. To get"
                                    + " mail again, sign up again, or write to the sender.");
        }
    }

    private void confirmed(Context http, OptIn optIn) {
        Page.show(
                http,
                templates.pagesConfirmed(
                        "Subscription confirmed",
                        optIn.email(),
                        optIn.audience(),
                        "is now subscribed to"));
    }

    private void resent(Context http, Answer answer) {
        switch (answer) {
            case SENT ->
                    message(
                            http,
                            "A new link is on its way",
                            "Look into your mailbox in a minute or two. The new link works for"
                                    + " seven days.");
            case TODAY_ALREADY ->
                    message(
                            http,
                            "You were sent a link today",
                            "We send one a day at most. Look into your mailbox, the spam folder"
                                    + " too, or come back tomorrow.");
            case TWICE_ALREADY ->
                    message(
                            http,
                            "We have sent two links already",
                            "We do not send more than that. If neither arrived, write to whoever"
                                    + " asked you to sign up.");
            case NOT_UNCONFIRMED, BLACKLISTED, QUOTA_EXCEEDED, SENDER_UNUSABLE ->
                    message(
                            http,
                            "We cannot send a new link",
                            "Please write to whoever asked you to sign up: they can help.");
        }
    }

    private void message(Context http, String title, String text) {
        Page.show(http, templates.pagesMessage(title, text));
    }

    private static String token(Context http) {
        return http.pathParam("token");
    }
}
