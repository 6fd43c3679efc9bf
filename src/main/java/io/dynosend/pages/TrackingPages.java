package io.dynosend.pages;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.TrackingMode;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactStatus;
import io.dynosend.contact.Contacts;
import io.dynosend.content.LinkTarget;
import io.dynosend.tracking.Engagements;
import io.dynosend.tracking.Engagements.Visitor;
import io.dynosend.tracking.Links;
import io.dynosend.tracking.TrackingRefusals;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.tracking.TrackingTokens.AnonymousClick;
import io.dynosend.tracking.TrackingTokens.Click;
import io.dynosend.tracking.TrackingTokens.Unsubscribe;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the links of a message lead: the open pixel, a click's redirect, the way out. */
public final class TrackingPages {

    private static final Logger log = LoggerFactory.getLogger(TrackingPages.class);

    // 1×1, transparent.
    private static final byte[] PIXEL =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    private record Subscription(
            String email, String audience, boolean subscribed, boolean tracked) {}

    private final UnsubscribePage page = new UnsubscribePage();
    private final TrackingTokens tokens;
    private final Engagements engagements;
    private final Links links;
    private final TrackingRefusals refusals;
    private final Contacts contacts;
    private final Audiences audiences;

    public TrackingPages(
            TrackingTokens tokens,
            Engagements engagements,
            Links links,
            TrackingRefusals refusals,
            Contacts contacts,
            Audiences audiences) {
        this.tokens = tokens;
        this.engagements = engagements;
        this.links = links;
        this.refusals = refusals;
        this.contacts = contacts;
        this.audiences = audiences;
    }

    public void routes(RoutesConfig routes) {
        routes.get("/o/{token}.gif", this::open);
        routes.get("/c/{token}", this::click);
        routes.get("/r/{token}", this::clickTo);
        routes.get("/i/{token}.gif", this::anonymousOpen);
        routes.get("/l/{token}", this::anonymousClick);
        routes.get("/u/{token}", this::askUnsubscribe);
        routes.post("/u/{token}", this::unsubscribe);
        routes.post("/u/{token}/untracked", this::refuseTracking);
    }

    // The reader sees the same picture whatever becomes of the count.
    private void open(Context http) {
        tokens.open(http.pathParam("token"))
                .ifPresent(
                        open -> survive(() -> engagements.opened(open.delivery(), visitor(http))));
        showPicture(http);
    }

    private void anonymousOpen(Context http) {
        tokens.anonymousOpen(http.pathParam("token"))
                .ifPresent(open ->
                        survive(() ->
                                engagements.openedBySomebody(open.account(), open.mailing())));
        showPicture(http);
    }

    private void click(Context http) {
        var click = tokens.click(http.pathParam("token"));
        var target = click.flatMap(this::target);
        if (target.isEmpty()) {
            ErrorPages.notFound(http);
            return;
        }
        survive(() ->
                engagements.clicked(click.get().delivery(), click.get().link(), visitor(http)));
        redirect(http, target.get().filled(click.get().filling()));
    }

    private void anonymousClick(Context http) {
        var click = tokens.anonymousClick(http.pathParam("token"));
        var target = click.flatMap(this::target).filter(each -> each.frame() == null);
        if (target.isEmpty()) {
            ErrorPages.notFound(http);
            return;
        }
        survive(() ->
                engagements.clickedBySomebody(
                        click.get().account(), click.get().mailing(), click.get().link()));
        redirect(http, target.get().url());
    }

    private void clickTo(Context http) {
        var click = tokens.clickTo(http.pathParam("token"));
        if (click.isEmpty()) {
            ErrorPages.notFound(http);
            return;
        }
        survive(() -> engagements.clicked(click.get().delivery(), null, visitor(http)));
        redirect(http, click.get().url());
    }

    private void askUnsubscribe(Context http) {
        String token = http.pathParam("token");
        tokens.unsubscribe(token)
                .flatMap(this::subscription)
                .ifPresentOrElse(
                        found -> {
                            if (found.subscribed()) {
                                page.ask(
                                        http,
                                        found.email(),
                                        found.audience(),
                                        token,
                                        found.tracked());
                            } else {
                                page.done(http, found.email(), found.audience());
                            }
                        },
                        () -> ErrorPages.unknownLink(http));
    }

    // Of the page's button and of a mail program's one click (RFC 8058 §3.2) alike. Whoever has
    // been erased since is out already.
    private void unsubscribe(Context http) {
        var link = tokens.unsubscribe(http.pathParam("token"));
        if (link.isEmpty()) {
            ErrorPages.unknownLink(http);
            return;
        }
        engagements.unsubscribed(link.get(), visitor(http));
        subscription(link.get())
                .ifPresentOrElse(
                        found -> page.done(http, found.email(), found.audience()),
                        () -> page.gone(http));
    }

    private void refuseTracking(Context http) {
        tokens.unsubscribe(http.pathParam("token"))
                .ifPresentOrElse(
                        link -> {
                            refusals.refuse(link.delivery().account(), link.contact());
                            page.untracked(http);
                        },
                        () -> ErrorPages.unknownLink(http));
    }

    private Optional<LinkTarget> target(Click click) {
        return links.target(click.delivery().account(), click.delivery().mailing(), click.link());
    }

    private Optional<LinkTarget> target(AnonymousClick click) {
        return links.target(click.account(), click.mailing(), click.link());
    }

    private Optional<Subscription> subscription(Unsubscribe link) {
        long account = link.delivery().account();
        return Optional.ofNullable(
                        contacts.byId(account, List.of(link.contact())).get(link.contact()))
                .map(contact ->
                        subscription(account, contact, audiences.get(account, contact.audience())));
    }

    private Subscription subscription(long account, Contact contact, Audience audience) {
        boolean refused = refusals.among(account, List.of(contact.id())).contains(contact.id());
        return new Subscription(
                contact.email().value(),
                audience.name(),
                contact.status() == ContactStatus.SUBSCRIBED,
                audience.tracking() == TrackingMode.INDIVIDUAL && !refused);
    }

    private static void showPicture(Context http) {
        http.header("Cache-Control", "no-store, private").contentType("image/gif").result(PIXEL);
    }

    // A reader who clicks wants the page; that we cannot count them is not their trouble.
    private static void survive(Runnable counting) {
        try {
            counting.run();
        } catch (RuntimeException e) {
            log.error("An open or click was not counted", e);
        }
    }

    private static void redirect(Context http, String target) {
        http.header("Cache-Control", "no-store, private")
                .header("Referrer-Policy", "no-referrer")
                .redirect(ascii(target), HttpStatus.FOUND);
    }

    // A header carries ASCII (RFC 9110 §5.5); what else an author wrote is percent-encoded (RFC
    // 3987 §3.1), the host too: browsers decode it.
    private static String ascii(String url) {
        var ascii = new StringBuilder(url.length());
        for (byte b : url.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f) ascii.append((char) b);
            else ascii.append("%%%02X".formatted(b & 0xff));
        }
        return ascii.toString();
    }

    private static Visitor visitor(Context http) {
        return new Visitor(http.ip(), http.userAgent());
    }
}
