package io.dynosend.mailbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The mailbox for programs. */
final class MailboxJson {

    private static final int MOST = 1000;
    private static final int USUALLY = 100;

    private final Messages messages;
    private final MailboxAccess access;

    /**
     * @param to the envelope's recipients
     * @param receivedAt ISO 8601, UTC
     * @param size octets
     */
    private record Summary(
            String id,
            String from,
            String to,
            String subject,
            @JsonProperty("received_at") String receivedAt,
            long size) {

        static Summary of(StoredMessage message) {
            return new Summary(
                    message.id().toString(),
                    message.from(),
                    message.to(),
                    message.subject(),
                    message.id().time().toString(),
                    message.size());
        }
    }

    private record Summaries(List<Summary> messages) {}

    private record Whole(
            String id,
            String from,
            String to,
            String subject,
            @JsonProperty("received_at") String receivedAt,
            long size,
            @JsonProperty("mail_from") String mailFrom,
            @JsonProperty("rcpt_to") List<String> rcptTo,
            List<List<String>> headers,
            String text,
            String html,
            List<String> links,
            List<Contents.Attachment> attachments) {}

    private record Refusal(String status, String message) {}

    MailboxJson(Messages messages, MailboxAccess access) {
        this.messages = messages;
        this.access = access;
    }

    void routes(RoutesConfig routes) {
        routes.get("/mailbox/messages", access.guarding(this::list));
        routes.get("/mailbox/messages/{id}", access.guarding(this::one));
    }

    /** Oldest first, so that a program can follow by passing the last id it saw. */
    private void list(Context ctx) throws IOException {
        var after = after(ctx);
        var limit = limit(ctx);
        if (after.isEmpty()) refuse(ctx, 400, "after is the id of a message");
        else if (limit.isEmpty()) refuse(ctx, 400, "limit is a number from 1 to " + MOST);
        else ctx.json(new Summaries(summaries(messages.after(after.get(), limit.get()))));
    }

    private void one(Context ctx) throws IOException {
        var message = messages.find(ctx.pathParam("id"));
        if (message.isEmpty()) refuse(ctx, 404, "Message not found");
        else ctx.json(whole(message.get()));
    }

    private static Optional<MessageId> after(Context ctx) {
        var after = ctx.queryParam("after");
        return after == null || after.isEmpty()
                ? Optional.of(MessageId.FIRST)
                : MessageId.parse(after);
    }

    private static Optional<Integer> limit(Context ctx) {
        var limit = Objects.requireNonNullElse(ctx.queryParam("limit"), "" + USUALLY);
        if (!limit.matches("\\d{1,4}")) return Optional.empty();
        return Optional.of(Integer.parseInt(limit)).filter(it -> it >= 1 && it <= MOST);
    }

    private List<Summary> summaries(List<MessageId> ids) throws IOException {
        var summaries = new ArrayList<Summary>();
        for (var id : ids) messages.find(id).map(Summary::of).ifPresent(summaries::add);
        return summaries;
    }

    private static Whole whole(StoredMessage message) throws IOException {
        var contents = message.contents();
        return new Whole(
                message.id().toString(),
                message.from(),
                message.to(),
                message.subject(),
                message.id().time().toString(),
                message.size(),
                message.envelope().from(),
                message.envelope().to(),
                message.headers().stream().map(it -> List.of(it.name(), it.value())).toList(),
                contents.text(),
                contents.html(),
                contents.links(),
                contents.attachments());
    }

    private static void refuse(Context ctx, int status, String why) {
        ctx.status(status).json(new Refusal("error", why));
    }
}
