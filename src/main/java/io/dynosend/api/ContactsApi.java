package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.contact.Contact;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.Contacts.Changes;
import io.dynosend.contact.Contacts.NewContact;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Section "Contacts" of the API document, in its order. */
public final class ContactsApi implements Section {

    private static final long DEFAULT_PAGE_SIZE = 20;

    // A list that breaks off must not look like a whole one; and a flush for each contact would
    // make a chunk of each.
    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
                                    .build())
                    .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                    .build();

    private final Contacts contacts;
    private final Audiences audiences;

    public ContactsApi(Contacts contacts, Audiences audiences) {
        this.contacts = contacts;
        this.audiences = audiences;
    }

    @Override
    public Scope scope() {
        return Scope.CONTACTS;
    }

    @Override
    public void operations(Operations operations) {
        operations.get("/contacts", this::listOrGet);
        operations.post("/contacts", this::create);
        operations.patch("/contacts/update", this::update);
        operations.patch("/contacts/unsubscribe", this::unsubscribe);
    }

    private void listOrGet(Call call) {
        var params = call.params();
        if (params.has("contact_uid") || params.has("email")) {
            get(call);
        } else if (params.optional("page").isPresent() || params.optional("per_page").isPresent()) {
            list(
                    call,
                    params.positive("page").orElse(1L),
                    params.positive("per_page").orElse(DEFAULT_PAGE_SIZE));
        } else {
            list(call, 1, Long.MAX_VALUE);
        }
    }

    // Written as it is read: in constant memory, whatever the size of the page.
    private void list(Call call, long page, long perPage) {
        var audience = audiences.get(call.account(), call.params().required("audience_uid"));
        var fields = audiences.fields(call.account(), audience.id());
        call.stream(out -> write(call, audience.id(), fields, page, perPage, out));
    }

    private void write(
            Call call, long audience, List<Field> fields, long page, long perPage, OutputStream out)
            throws IOException {
        try (var json = JSON.createGenerator(out)) {
            json.writeStartArray();
            contacts.forEach(
                    call.account(),
                    audience,
                    page,
                    perPage,
                    contact -> write(json, contact(contact, fields)));
            json.writeEndArray();
        }
    }

    private void create(Call call) {
        var params = call.params();
        String audience = params.required("audience_uid");
        var wanted =
                new NewContact(
                        emailOf(params),
                        Optional.ofNullable(params.tags()).orElse(List.of()),
                        params.all(),
                        params.flag("ignore_doi"),
                        "api",
                        call.ipAddress());
        call.success(
                "Contact created",
                "contact_uid",
                contacts.create(call.account(), audience, wanted));
    }

    private void get(Call call) {
        var params = call.params();
        var audience = audiences.get(call.account(), params.required("audience_uid"));
        var contact = contacts.get(call.account(), audience.id(), params.contact());
        var fields = audiences.fields(call.account(), audience.id());
        call.answer(Map.of("contact", contact(contact, fields)));
    }

    private void update(Call call) {
        var params = call.params();
        var changes =
                new Changes(
                        params.optionalEmail("new_email")
                                .or(() -> params.optionalEmail("EMAIL"))
                                .orElse(null),
                        params.tags(),
                        params.all());
        String uid =
                contacts.update(
                        call.account(), params.required("audience_uid"), params.contact(), changes);
        call.success("Contact updated", "contact_uid", uid);
    }

    private void unsubscribe(Call call) {
        var params = call.params();
        contacts.unsubscribe(call.account(), params.required("audience_uid"), params.contact());
        call.success("Contact unsubscribed");
    }

    private static EmailAddress emailOf(Params params) {
        return params.optionalEmail("EMAIL")
                .or(() -> params.optionalEmail("email"))
                .orElseThrow(() -> BadInput.missing("EMAIL"));
    }

    private static Map<String, Object> contact(Contact contact, List<Field> fields) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("id", contact.id());
        answer.put("contact_uid", contact.uid());
        answer.put("email", contact.email().value());
        answer.put("status", contact.status().wire());
        answer.put("source", contact.source());
        answer.put("ip_address", contact.ipAddress());
        answer.put("tags", String.join(",", contact.tags()));
        answer.put("created_at", time(contact.createdAt()));
        answer.put("updated_at", time(contact.updatedAt()));
        fields.forEach(field -> answer.put(field.tag(), contact.fields().get(field.tag())));
        return answer;
    }

    private static void write(JsonGenerator json, Object value) {
        try {
            json.writePOJO(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
