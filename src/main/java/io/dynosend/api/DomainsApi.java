package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.domain.DnsRecord;
import io.dynosend.domain.SendingDomain;
import io.dynosend.domain.SendingDomains;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sending domains, which the API document does not have. */
public final class DomainsApi implements Section {

    private final SendingDomains domains;

    public DomainsApi(SendingDomains domains) {
        this.domains = domains;
    }

    @Override
    public Scope scope() {
        return Scope.CAMPAIGNS;
    }

    @Override
    public boolean isAboutSending() {
        return true;
    }

    @Override
    public void operations(Operations operations) {
        operations.get("/domains", this::listOrGet);
        operations.post("/domains", this::create);
        operations.post("/domains/check", this::check);
        operations.post("/domains/warm-up", this::warmUp);
        operations.delete("/domains", this::delete);
    }

    private void listOrGet(Call call) {
        var uid = call.params().optional("domain_uid");
        if (uid.isPresent()) answer(call, domains.get(call.account(), uid.get()));
        else call.answer(domains.list(call.account()).stream().map(DomainsApi::domain).toList());
    }

    private void create(Call call) {
        var made = domains.create(call.account(), call.params().required("domain"));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("status", "success");
        answer.put("message", "Domain created");
        answer.put("domain_uid", made.uid());
        answer.put("domain", domain(made));
        call.answer(answer);
    }

    private void check(Call call) {
        answer(call, domains.check(call.account(), uid(call)));
    }

    private void warmUp(Call call) {
        var params = call.params();
        String uid = uid(call);
        var plan =
                params.has("plan")
                        ? params.optional("plan").map(DomainsApi::plan).orElse(List.of())
                        : SendingDomains.USUAL_WARM_UP;
        domains.warmUp(call.account(), uid, plan);
        var more = new LinkedHashMap<String, @Nullable Object>();
        more.put("plan", plan);
        call.success(plan.isEmpty() ? "Domain sends without a plan" : "Domain warms up", more);
    }

    private static List<Integer> plan(String text) {
        if (!text.matches("[0-9]{1,9}( *, *[0-9]{1,9})*")) {
            throw new BadInput("plan must be messages of each day, such as 50, 100, 500");
        }
        return Arrays.stream(text.split(" *, *", -1)).map(Integer::valueOf).toList();
    }

    private void delete(Call call) {
        domains.delete(call.account(), uid(call));
        call.success("Domain deleted");
    }

    private static String uid(Call call) {
        return call.params().required("domain_uid");
    }

    private static void answer(Call call, SendingDomain domain) {
        call.answer(Map.of("domain", domain(domain)));
    }

    private static Map<String, @Nullable Object> domain(SendingDomain domain) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("uid", domain.uid());
        answer.put("domain", domain.domain());
        answer.put("verified", domain.verifiedAt() != null);
        answer.put("verified_at", time(domain.verifiedAt()));
        answer.put("checked_at", time(domain.checkedAt()));
        answer.put("created_at", time(domain.createdAt()));
        answer.put("records", domain.records().stream().map(DomainsApi::record).toList());
        return answer;
    }

    private static Map<String, Object> record(DnsRecord record) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("purpose", record.purpose().wire());
        answer.put("type", "TXT");
        answer.put("name", record.name());
        answer.put("value", record.value());
        answer.put("state", record.finding().state().wire());
        answer.put("found", record.finding().found());
        answer.put("advice", record.finding().advice());
        return answer;
    }
}
