package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.contact.Timeline;
import io.dynosend.contact.Timeline.Entry;
import java.util.LinkedHashMap;
import java.util.Map;

/** All that happened to a contact. Beyond the document, in its style. */
public final class TimelineApi implements Section {

    private static final long LARGEST_PAGE = 1_000;

    private final Timeline timeline;

    public TimelineApi(Timeline timeline) {
        this.timeline = timeline;
    }

    @Override
    public Scope scope() {
        return Scope.CONTACTS;
    }

    @Override
    public void operations(Operations operations) {
        operations.get("/contacts/timeline", this::page);
    }

    private void page(Call call) {
        var params = call.params();
        var page = Page.of(params);
        if (page.size() > LARGEST_PAGE) {
            throw new BadInput("per_page must be %d or less".formatted(LARGEST_PAGE));
        }
        var entries =
                timeline.page(
                        call.account(),
                        params.required("audience_uid"),
                        params.contact(),
                        page.number(),
                        page.size());
        call.answer(Map.of("timeline", entries.stream().map(TimelineApi::entry).toList()));
    }

    private static Map<String, Object> entry(Entry entry) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("at", time(entry.at()));
        answer.put("type", entry.type());
        answer.putAll(entry.details());
        return answer;
    }
}
