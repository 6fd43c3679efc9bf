package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.blacklist.Blacklist;
import io.dynosend.blacklist.Blacklist.Listed;
import io.dynosend.blacklist.Blacklist.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Section "Blacklist" of the API document, in its order. */
public final class BlacklistApi implements Section {

    private final Blacklist blacklist;

    public BlacklistApi(Blacklist blacklist) {
        this.blacklist = blacklist;
    }

    @Override
    public Scope scope() {
        return Scope.CONTACTS;
    }

    @Override
    public void operations(Operations operations) {
        operations.postToRead("/blacklist", this::check);
        operations.post("/blacklist/add", this::add);
        operations.post("/blacklist/remove", this::remove);
        operations.get("/blacklist/list", this::list);
    }

    private void check(Call call) {
        var email = call.params().email("email");
        call.answer(answer(email.value(), blacklist.find(call.account(), email).orElse(null)));
    }

    private void add(Call call) {
        blacklist.add(call.account(), call.params().email("email"), Reason.MANUAL);
        call.nothing();
    }

    private void remove(Call call) {
        blacklist.remove(call.account(), call.params().email("email"));
        call.success("Removed from blacklist");
    }

    private void list(Call call) {
        var page = Page.of(call.params());
        ListStream.<Listed>answer(
                call,
                page,
                (after, skip, limit) -> blacklist.page(call.account(), after, skip, limit),
                BlacklistApi::listed);
    }

    private static Map<String, @Nullable Object> answer(String email, @Nullable Listed listed) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("status", "success");
        answer.put("email", email);
        answer.put("blacklisted", listed != null);
        answer.put("blacklist_time", listed == null ? null : time(listed.at()));
        answer.put("reason", listed == null ? null : listed.reason().wire());
        return answer;
    }

    private static Object listed(Listed listed) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("email", listed.email().value());
        answer.put("blacklist_time", time(listed.at()));
        answer.put("reason", listed.reason().wire());
        return answer;
    }
}
