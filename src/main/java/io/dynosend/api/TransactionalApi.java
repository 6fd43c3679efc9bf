package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.content.Header;
import io.dynosend.transactional.ContentSetting;
import io.dynosend.transactional.CustomHeaders;
import io.dynosend.transactional.CustomHeaders.Given;
import io.dynosend.transactional.Dispatch;
import io.dynosend.transactional.Dispatches;
import io.dynosend.transactional.Dispatches.Filter;
import io.dynosend.transactional.SendRequest;
import io.dynosend.transactional.SendRequest.Content;
import io.dynosend.transactional.Transactional;
import io.dynosend.transactional.Transactionals;
import io.dynosend.transactional.Transactionals.Change;
import io.dynosend.transactional.Transactionals.Changes;
import io.dynosend.transactional.Transactionals.NewTransactional;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Section "Transactional messages" of the API document, and what goes beyond it. */
public final class TransactionalApi implements Section {

    private static final int MOST_TAGS = 1_000;
    private static final long DEFAULT_PAGE_SIZE = 20;
    private static final long LARGEST_PAGE = 1_000;

    private final Transactionals transactionals;
    private final Dispatches dispatches;

    public TransactionalApi(Transactionals transactionals, Dispatches dispatches) {
        this.transactionals = transactionals;
        this.dispatches = dispatches;
    }

    @Override
    public Scope scope() {
        return Scope.TRANSACTIONAL;
    }

    @Override
    public void operations(Operations operations) {
        operations.post("/transactional", this::send);
        operations.get("/transactional", this::listOrGet);
        operations.delete("/transactional", this::delete);
        operations.post("/transactional/create", this::create);
        operations.patch("/transactional/update", this::update);
        operations.get("/transactional/messages", this::messages);
    }

    private void send(Call call) {
        var params = call.params();
        var request =
                new SendRequest(
                        params.email("recipient"),
                        params.verbatim("subject").orElse(null),
                        headers(params),
                        Attachments.of(params),
                        dispatches.sendingTime(params.time("scheduled_at").orElse(null)),
                        call.actor());
        var message = transactionals.get(call.account(), uid(params));
        dispatches.send(call.account(), message, request, content(message, params));
        call.success("Your message has been sent", "sending_time", request.at().getEpochSecond());
    }

    private void listOrGet(Call call) {
        if (call.params().has("transactional_uid")) {
            var message = transactionals.get(call.account(), uid(call.params()));
            call.answer(Map.of("transactional", withContent(message)));
        } else {
            call.answer(
                    transactionals.list(call.account()).stream()
                            .map(TransactionalApi::summary)
                            .toList());
        }
    }

    private void delete(Call call) {
        transactionals.delete(call.account(), uid(call.params()));
        call.success("Transactional message deleted");
    }

    private void create(Call call) {
        var params = call.params();
        var wanted =
                new NewTransactional(
                        params.required("name"),
                        params.required("audience_uid"),
                        ContentSetting.of(params.required("content")),
                        params.verbatim("subject").orElse(null),
                        params.optionalEmail("from_email").orElse(null),
                        params.line("from_name").orElse(null),
                        params.optionalEmail("reply_to").orElse(null),
                        ContentParams.of(params));
        call.success(
                "Transactional message created",
                "transactional_uid",
                transactionals.create(call.account(), wanted));
    }

    private void update(Call call) {
        var params = call.params();
        String uid = uid(params);
        var changes =
                new Changes(
                        params.optional("name").orElse(null),
                        params.optional("content").map(ContentSetting::of).orElse(null),
                        params.verbatim("subject").orElse(null),
                        params.optionalEmail("from_email").orElse(null),
                        params.line("from_name").orElse(null),
                        params.has("reply_to")
                                ? new Change<>(params.optionalEmail("reply_to").orElse(null))
                                : null,
                        ContentParams.of(params));
        transactionals.update(call.account(), uid, changes);
        call.success("Transactional message updated", "transactional_uid", uid);
    }

    private void messages(Call call) {
        var params = call.params();
        var filter =
                new Filter(
                        params.optional("transactional_uid").orElse(null),
                        params.optional("message_uid").orElse(null),
                        params.optionalEmail("recipient").orElse(null));
        long page = params.positive("page").orElse(1L);
        long perPage = params.positive("per_page").orElse(DEFAULT_PAGE_SIZE);
        if (perPage > LARGEST_PAGE) {
            throw new BadInput("per_page must be %d or less".formatted(LARGEST_PAGE));
        }
        var found = dispatches.list(call.account(), filter, page, perPage);
        if (found.isEmpty()) refuseUnknown(call.account(), filter);
        call.answer(found.stream().map(TransactionalApi::dispatch).toList());
    }

    // Of a message that is deleted the log can still be read, so this comes last.
    private void refuseUnknown(long account, Filter filter) {
        if (filter.transactionalUid() != null) {
            transactionals.get(account, filter.transactionalUid());
        }
        if (filter.messageUid() != null) throw new NotFound("Message");
    }

    private static String uid(Params params) {
        return params.required("transactional_uid");
    }

    private static List<Header> headers(Params params) {
        return CustomHeaders.checked(
                NamedValues.of(params, "customHeaders").stream()
                        .map(header -> new Given(header.name(), header.value()))
                        .toList());
    }

    // The group that does not apply is not even looked at: the document's own sample sends both.
    private static Content content(Transactional message, Params params) {
        return switch (message.content()) {
            case INTERNAL -> new Content.Tags(customTags(params));
            case EXTERNAL -> new Content.Bodies(body(params, "htmlBody"), body(params, "textBody"));
        };
    }

    private static Map<String, String> customTags(Params params) {
        var tags = new LinkedHashMap<String, String>();
        var given = NamedValues.of(params, "customTags");
        if (given.size() > MOST_TAGS) {
            throw new BadInput("customTags may hold at most %,d tags".formatted(MOST_TAGS));
        }
        for (var tag : given) {
            tags.put(tag.name().strip(), tag.value());
        }
        return tags;
    }

    private static String body(Params params, String name) {
        return params.verbatim(name).orElseThrow(() -> BadInput.missing(name));
    }

    private static SequencedMap<String, Object> summary(Transactional message) {
        var replyTo = message.replyTo();
        var answer = new LinkedHashMap<String, Object>();
        answer.put("uid", message.uid());
        answer.put("name", message.name());
        answer.put("audience_uid", message.audienceUid());
        answer.put("content", message.content().wire());
        answer.put("subject", message.subject());
        answer.put("from_email", message.fromEmail().value());
        answer.put("from_name", message.fromName());
        answer.put("reply_to", replyTo == null ? null : replyTo.value());
        answer.put("created_at", time(message.createdAt()));
        answer.put("updated_at", time(message.updatedAt()));
        return answer;
    }

    private static Map<String, Object> withContent(Transactional message) {
        var answer = summary(message);
        answer.put("html", message.html());
        answer.put("text", message.text());
        return answer;
    }

    private static Map<String, Object> dispatch(Dispatch dispatch) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("uid", dispatch.uid());
        answer.put("transactional_uid", dispatch.transactionalUid());
        answer.put("recipient", dispatch.recipient());
        answer.put("subject", dispatch.subject());
        answer.put("status", dispatch.status());
        answer.put("tries", dispatch.tries());
        answer.put("reason", dispatch.reason());
        answer.put("reply", dispatch.reply());
        answer.put("queued_at", time(dispatch.queuedAt()));
        answer.put("sent_at", time(dispatch.sentAt()));
        return answer;
    }
}
