package io.dynosend.api;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Schema;
import io.dynosend.common.Problem;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.Contacts.NewContact;
import io.dynosend.contact.Contacts.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Many contacts in one call, each with its own result. Beyond the document, in its style. */
public final class ContactBatchApi implements Section {

    private static final int MOST_ROWS = 1_000;

    private final Contacts contacts;
    private final Audiences audiences;

    public ContactBatchApi(Contacts contacts, Audiences audiences) {
        this.contacts = contacts;
        this.audiences = audiences;
    }

    @Override
    public Scope scope() {
        return Scope.CONTACTS;
    }

    @Override
    public void operations(Operations operations) {
        operations.post("/contacts/batch", this::create);
    }

    private void create(Call call) {
        var params = call.params();
        String audienceUid = params.required("audience_uid");
        var rows = rows(params);
        var audience = audiences.schema(call.account(), audienceUid);

        var results = new TreeMap<Integer, Result>();
        var wanted = readable(rows, audience, results);
        boolean ignoresDoubleOptIn =
                wanted.values().stream().anyMatch(NewContact::ignoreDoubleOptIn);
        ContactsApi.refuseUnlessAllowed(call, ignoresDoubleOptIn);
        var places = List.copyOf(wanted.keySet());
        var created =
                contacts.createAll(
                        call.account(), audience, List.copyOf(wanted.values()), call.actor());
        for (int i = 0; i < places.size(); i++) results.put(places.get(i), created.get(i));
        answer(call, List.copyOf(results.values()));
    }

    private static List<Params> rows(Params params) {
        // It stands in each row; here it would be taken for all of them and heeded for none.
        if (params.flag("ignore_doi")) {
            throw new BadInput("ignore_doi belongs into the rows of contacts, not beside them");
        }
        if (!params.has("contacts")) throw BadInput.missing("contacts");
        var rows = params.objects("contacts");
        if (rows.isEmpty()) throw BadInput.missing("contacts");
        if (rows.size() > MOST_ROWS) {
            throw new BadInput("contacts must be %,d at most".formatted(MOST_ROWS));
        }
        return rows;
    }

    /**
     * The contacts of those rows that can be used, by their place; what is wrong with the others.
     */
    private static Map<Integer, NewContact> readable(
            List<Params> rows, Schema audience, Map<Integer, Result> refused) {
        var wanted = new LinkedHashMap<Integer, NewContact>();
        for (int i = 0; i < rows.size(); i++) {
            try {
                var row = rows.get(i);
                wanted.put(i, ContactsApi.withFields(ContactsApi.newContact(row), row, audience));
            } catch (BadInput problem) {
                refused.put(i, new Result.Refused(problem));
            }
        }
        return wanted;
    }

    private static void answer(Call call, List<Result> results) {
        long created = results.stream().filter(Result.Created.class::isInstance).count();
        var more = new LinkedHashMap<String, Object>();
        more.put("created", created);
        more.put("rejected", results.size() - created);
        var rows = new ArrayList<Map<String, Object>>();
        for (var result : results) rows.add(row(rows.size() + 1, result));
        more.put("results", rows);
        call.success("Batch finished", more);
    }

    private static Map<String, Object> row(int number, Result result) {
        var row = new LinkedHashMap<String, Object>();
        row.put("row", number);
        row.putAll(
                switch (result) {
                    case Result.Created(var uid) -> created(uid);
                    case Result.Refused(Problem problem) -> Answers.error(problem);
                });
        return row;
    }

    private static Map<String, Object> created(String uid) {
        var answer = Answers.success("Contact created");
        answer.put("contact_uid", uid);
        return answer;
    }
}
