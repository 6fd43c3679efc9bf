package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import gg.jte.models.runtime.JteModel;
import io.dynosend.pages.Leaving;
import io.dynosend.pages.Page;
import io.dynosend.pages.SameOrigin;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** The mailbox for people, and through {@link MailboxJson} for programs. */
public final class MailboxPages {

    private static final int MOST_SHOWN = 500_000; // characters or octets; the file has the rest
    private static final String LOCAL_IMAGES = "img-src data:";
    private static final String ALL_IMAGES = "img-src data: http: https:";
    private static final String FRAME_POLICY =
            "; default-src 'none'; style-src 'unsafe-inline'; form-action 'none';"
                    + " base-uri 'none'; frame-ancestors 'self'; sandbox";

    private final Messages messages;
    private final int smtpPort;
    private final MailboxAccess access;
    private final Supplier<Leaving> leaving;
    private final MailboxFrame frame;
    private final Templates templates = new StaticTemplates();

    private enum View {
        HTML,
        TEXT,
        LINKS,
        HEADERS,
        SOURCE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private interface Answer {

        void give(Context ctx, StoredMessage message) throws IOException;
    }

    /**
     * Shows this mailbox, also after it is closed.
     *
     * @param leaving which mail does not end here, of which the pages tell
     */
    public MailboxPages(Mailbox mailbox, MailboxAccess access, Supplier<Leaving> leaving) {
        this(mailbox, access, leaving, MailboxFrame.NONE);
    }

    /** The same within a frame. */
    public MailboxPages(
            Mailbox mailbox, MailboxAccess access, Supplier<Leaving> leaving, MailboxFrame frame) {
        this.messages = mailbox.messages();
        this.smtpPort = mailbox.smtpPort();
        this.access = access;
        this.leaving = leaving;
        this.frame = frame;
    }

    public void routes(RoutesConfig routes) {
        routes.get("/mailbox", access.guarding(this::list));
        new MailboxJson(messages, access).routes(routes);
        routes.get("/mailbox/clear", access.guarding(this::askToClear));
        routes.post("/mailbox/clear", access.guarding(this::clear));
        routes.get("/mailbox/{id}.eml", access.guarding(ctx -> withMessage(ctx, this::download)));
        routes.get("/mailbox/{id}", access.guarding(ctx -> withMessage(ctx, this::show)));
        routes.get("/mailbox/{id}/html", access.guarding(ctx -> withMessage(ctx, this::frame)));
        routes.get("/mailbox/{id}/source", access.guarding(ctx -> withMessage(ctx, this::source)));
    }

    private void list(Context ctx) throws IOException {
        var search = Objects.requireNonNullElse(ctx.queryParam("search"), "").strip();
        var before = Optional.ofNullable(ctx.queryParam("before")).flatMap(MessageId::parse);

        var page = Listing.before(before.orElse(MessageId.LAST), search, messages);
        show(
                ctx,
                "Mailbox",
                templates.mailboxList(
                        page.messages().stream().map(MessageRow::of).toList(),
                        search,
                        shown(page, search),
                        before.isPresent() ? listLink(search, newerPage(before.get(), search)) : "",
                        page.resume().map(it -> listLink(search, Optional.of(it))).orElse(""),
                        messages.count(),
                        smtpPort,
                        leaving.get(),
                        frame.mayClear(ctx)));
    }

    private void show(Context ctx, StoredMessage message) throws IOException {
        var contents = message.contents();
        var view = view(ctx, contents);
        boolean images = "1".equals(ctx.queryParam("images"));
        show(
                ctx,
                message.subject().isEmpty() ? "(no subject)" : message.subject(),
                templates.mailboxMessage(
                        MessageRow.of(message),
                        tabs(message, contents, view),
                        body(message, contents, view, images),
                        contents.attachments(),
                        messageLink(messages.after(message.id(), 1)),
                        messageLink(messages.before(message.id(), 1)),
                        leaving.get()));
    }

    /** The message's own HTML, for the frame: no script, no origin, and no picture unless asked. */
    private void frame(Context ctx, StoredMessage message) throws IOException {
        boolean images = "1".equals(ctx.queryParam("images"));
        var html = message.contents().html();
        Page.protect(ctx);
        ctx.header("Content-Security-Policy", (images ? ALL_IMAGES : LOCAL_IMAGES) + FRAME_POLICY);
        ctx.header("X-Frame-Options", "SAMEORIGIN");
        ctx.contentType(Page.HTML).result(html);
    }

    private void source(Context ctx, StoredMessage message) throws IOException {
        Page.protect(ctx);
        ctx.contentType("text/plain; charset=utf-8").result(Files.newInputStream(message.file()));
    }

    private void download(Context ctx, StoredMessage message) throws IOException {
        Page.protect(ctx);
        ctx.header(
                "Content-Disposition", "attachment; filename=\"" + message.id().fileName() + '"');
        ctx.contentType("message/rfc822").result(Files.newInputStream(message.file()));
    }

    private void askToClear(Context ctx) {
        requireClearing(ctx);
        int count = messages.count();
        String question =
                count == 1
                        ? "Delete the only message?"
                        : String.format(Locale.ENGLISH, "Delete all %,d messages?", count);
        show(ctx, question, templates.mailboxClear(question));
        // Without a referrer the form below would come with “Origin: null” over plain HTTP.
        ctx.header("Referrer-Policy", "same-origin");
    }

    private void clear(Context ctx) throws IOException {
        SameOrigin.require(ctx);
        requireClearing(ctx);
        messages.clear();
        frame.cleared(ctx);
        ctx.redirect("/mailbox", HttpStatus.SEE_OTHER);
    }

    private void requireClearing(Context ctx) {
        if (!frame.mayClear(ctx)) throw new ForbiddenResponse("A viewer deletes nothing");
    }

    private void withMessage(Context ctx, Answer answer) throws IOException {
        var message = messages.find(ctx.pathParam("id"));
        if (message.isPresent()) {
            answer.give(ctx, message.get());
        } else {
            ctx.status(404);
            show(ctx, "Message not found", templates.mailboxUnknown());
        }
    }

    private void show(Context ctx, String title, JteModel content) {
        if (!frame.show(ctx, title, content)) {
            Page.show(ctx, templates.mailboxPage(title, content));
        }
    }

    private String shown(Listing page, String search) {
        if (!search.isEmpty() || page.messages().isEmpty()) return "";
        int first = messages.countAfter(page.messages().getFirst().id()) + 1;
        int last = first + page.messages().size() - 1;
        return String.format(Locale.ENGLISH, "%,d–%,d of %,d", first, last, messages.count());
    }

    // A search goes back to its newest page: how far the page before reached is not known.
    private Optional<MessageId> newerPage(MessageId before, String search) {
        if (!search.isEmpty()) return Optional.empty();
        var newer = messages.after(new MessageId(before.micros() - 1), Listing.PAGE + 1);
        return newer.size() > Listing.PAGE ? Optional.of(newer.getLast()) : Optional.empty();
    }

    private static String listLink(String search, Optional<MessageId> before) {
        var query = search.isEmpty() ? "" : "&search=" + URLEncoder.encode(search, UTF_8);
        var cursor = before.map(id -> "&before=" + id).orElse("");
        var both = query + cursor;
        return both.isEmpty() ? "/mailbox" : "/mailbox?" + both.substring(1);
    }

    private static String messageLink(List<MessageId> ids) {
        return ids.isEmpty() ? "" : "/mailbox/" + ids.getFirst();
    }

    private static View view(Context ctx, Contents contents) {
        var wanted = ctx.queryParam("view");
        return Arrays.stream(View.values())
                .filter(view -> view.word().equals(wanted))
                .findFirst()
                .orElse(contents.html().isEmpty() ? View.TEXT : View.HTML);
    }

    private static List<Tab> tabs(StoredMessage message, Contents contents, View current) {
        return Arrays.stream(View.values())
                .map(view ->
                        new Tab(
                                title(view, contents),
                                "/mailbox/" + message.id() + "?view=" + view.word(),
                                view == current))
                .toList();
    }

    private static String title(View view, Contents contents) {
        return switch (view) {
            case HTML -> "HTML";
            case TEXT -> "Text";
            case LINKS -> "Links (" + contents.links().size() + ")";
            case HEADERS -> "Headers";
            case SOURCE -> "Source";
        };
    }

    private JteModel body(StoredMessage message, Contents contents, View view, boolean images)
            throws IOException {
        var id = message.id().toString();
        return switch (view) {
            case HTML -> templates.mailboxHtml(id, !contents.html().isEmpty(), images);
            case TEXT -> templates.mailboxText(readable(contents.text()), id);
            case LINKS -> templates.mailboxLinks(contents.links());
            case HEADERS -> templates.mailboxHeaders(envelope(message), message.headers());
            case SOURCE -> templates.mailboxText(readable(beginning(message)), id);
        };
    }

    private static List<Header> envelope(StoredMessage message) {
        var envelope = message.envelope();
        return List.of(
                new Header("MAIL FROM", "<" + envelope.from() + ">"),
                new Header("RCPT TO", message.to()),
                new Header("EHLO", Text.printable(envelope.helo())),
                new Header("Client", envelope.client()),
                new Header("Received", message.id().time().toString()));
    }

    private static String beginning(StoredMessage message) throws IOException {
        try (var in = Files.newInputStream(message.file())) {
            return new String(in.readNBytes(MOST_SHOWN + 1), UTF_8);
        }
    }

    private static String readable(String text) {
        return Text.readable(Text.shortened(text, MOST_SHOWN));
    }
}
