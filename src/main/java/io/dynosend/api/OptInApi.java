package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.optin.Consents;
import io.dynosend.optin.Consents.Evidence;
import io.dynosend.optin.OptIns;
import java.util.LinkedHashMap;
import java.util.Map;

/** Double opt-in: its evidence, and asking again. Beyond the document, in its style. */
public final class OptInApi implements Section {

    private final OptIns optIns;
    private final Consents consents;

    public OptInApi(OptIns optIns, Consents consents) {
        this.optIns = optIns;
        this.consents = consents;
    }

    @Override
    public Scope scope() {
        return Scope.CONTACTS;
    }

    @Override
    public void operations(Operations operations) {
        operations.get("/contacts/consent", this::consent);
        operations.post("/contacts/confirmation", this::ask);
    }

    private void consent(Call call) {
        var params = call.params();
        var evidence =
                consents.of(call.account(), params.required("audience_uid"), params.contact());
        call.answer(Map.of("consent", evidence.stream().map(OptInApi::entry).toList()));
    }

    private void ask(Call call) {
        var params = call.params();
        optIns.ask(call.account(), params.required("audience_uid"), params.contact());
        call.success("Confirmation sent");
    }

    private static Map<String, Object> entry(Evidence evidence) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("at", time(evidence.at()));
        answer.put("type", evidence.type());
        answer.putAll(evidence.details());
        return answer;
    }
}
