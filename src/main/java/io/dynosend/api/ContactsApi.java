package io.dynosend.api;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Schema;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Forbidden;
import io.dynosend.contact.Contact;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.Contacts.Changes;
import io.dynosend.contact.Contacts.NewContact;
import io.dynosend.contact.CustomFields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Section "Contacts" of the API document, in its order; events have a class of their own. */
public final class ContactsApi implements Section {

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
        operations.get("/contacts/duplicate", this::duplicate);
        operations.patch("/contacts/update", this::update);
        operations.patch("/contacts/addtag", this::addTag);
        operations.patch("/contacts/removetag", this::removeTag);
        operations.patch("/contacts/subscribe", this::subscribe);
        operations.patch("/contacts/unsubscribe", this::unsubscribe);
        operations.delete("/contacts", this::delete);
    }

    private void listOrGet(Call call) {
        var params = call.params();
        if (params.has("contact_uid") || params.has("email")) get(call);
        else list(call);
    }

    private void list(Call call) {
        var params = call.params();
        var page = Page.orAll(params);
        var audience = audiences.schema(call.account(), params.required("audience_uid"));
        var tags = audience.tags();
        ListStream.<Contact>answer(
                call,
                page,
                (after, skip, limit) ->
                        contacts.page(call.account(), audience.id(), id(after), skip, limit),
                contact -> ContactJson.of(contact, tags));
    }

    private void create(Call call) {
        var params = call.params();
        String audienceUid = params.required("audience_uid");
        var named = newContact(params);
        var audience = audiences.schema(call.account(), audienceUid);
        var wanted = withFields(named, params, audience);
        refuseUnlessAllowed(call, wanted.ignoreDoubleOptIn());
        call.success(
                "Contact created",
                "contact_uid",
                contacts.create(call.account(), audience, wanted, call.actor()));
    }

    private void get(Call call) {
        var params = call.params();
        var profile =
                contacts.get(call.account(), params.required("audience_uid"), params.contact());
        call.answer(Map.of("contact", ContactJson.of(profile)));
    }

    private void duplicate(Call call) {
        var found = contacts.duplicates(call.account(), call.params().email("email"));
        call.answer(Map.of("contacts", found.stream().map(ContactJson::withAudience).toList()));
    }

    private void update(Call call) {
        var params = call.params();
        String audienceUid = params.required("audience_uid");
        var ref = params.contact();
        var email = params.optionalEmail("new_email").or(() -> params.optionalEmail("EMAIL"));
        var tags = params.tags();
        var audience = audiences.schema(call.account(), audienceUid);
        var fields = CustomFields.checked(audience.fields(), params.all());
        var changes = new Changes(email.orElse(null), tags, fields);
        String uid = contacts.update(call.account(), audienceUid, ref, changes, call.actor());
        call.success("Contact updated", "contact_uid", uid);
    }

    private void addTag(Call call) {
        var params = call.params();
        contacts.addTags(
                call.account(),
                params.required("audience_uid"),
                params.contact(),
                requiredTags(params),
                call.actor());
        call.success("Tag added");
    }

    private void removeTag(Call call) {
        var params = call.params();
        contacts.removeTags(
                call.account(),
                params.required("audience_uid"),
                params.contact(),
                requiredTags(params),
                call.actor());
        call.success("Tag removed");
    }

    private void subscribe(Call call) {
        var params = call.params();
        contacts.subscribe(
                call.account(), params.required("audience_uid"), params.contact(), call.actor());
        call.success("Contact subscribed");
    }

    private void unsubscribe(Call call) {
        var params = call.params();
        contacts.unsubscribe(
                call.account(), params.required("audience_uid"), params.contact(), call.actor());
        call.success("Contact unsubscribed");
    }

    private void delete(Call call) {
        var params = call.params();
        contacts.delete(call.account(), params.required("audience_uid"), params.contact());
        call.success("Contact deleted");
    }

    /**
     * A contact as the parameters of "Create a contact" tell it, without custom fields.
     *
     * @throws BadInput naming what is missing or wrong
     */
    static NewContact newContact(Params params) {
        return new NewContact(
                emailOf(params),
                Optional.ofNullable(params.tags()).orElse(List.of()),
                Map.of(),
                params.flag("ignore_doi"));
    }

    /** The same with those keys that are custom fields of its audience. */
    static NewContact withFields(NewContact contact, Params params, Schema audience) {
        return contact.with(CustomFields.given(audience.fields(), params.all()));
    }

    /**
     * @throws Forbidden if double opt-in is to be ignored by someone who may not
     */
    static void refuseUnlessAllowed(Call call, boolean ignoreDoubleOptIn) {
        if (ignoreDoubleOptIn && !call.principal().role().ignoresDoubleOptIn()) {
            throw new Forbidden(
                    "Your role may not use ignore_doi; contact your account administrator");
        }
    }

    private static EmailAddress emailOf(Params params) {
        return params.optionalEmail("EMAIL")
                .or(() -> params.optionalEmail("email"))
                .orElseThrow(() -> BadInput.missing("EMAIL"));
    }

    private static List<String> requiredTags(Params params) {
        var tags = params.tags();
        if (tags == null || tags.isEmpty()) throw BadInput.missing("tag");
        return tags;
    }

    private static long id(@Nullable Contact contact) {
        return contact == null ? 0 : contact.id();
    }
}
