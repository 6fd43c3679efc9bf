package io.dynosend.optin;

import io.dynosend.audience.Schema;
import io.dynosend.blacklist.Blacklist;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.TooManyRequests;
import io.dynosend.contact.Actor;
import io.dynosend.contact.ContactRef.ByEmail;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.Contacts.NewContact;
import io.dynosend.contact.CustomFields;
import io.dynosend.tracking.Engagements.Visitor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strangers who fill in a form. Whoever they say they are, they are asked by mail first, and what
 * they are told is the same for an address that is new, known, or on the blacklist.
 */
public final class SignUps {

    private final Contacts contacts;
    private final Blacklist blacklist;
    private final OptIns optIns;
    private final SignUpLimits limits;

    public SignUps(Contacts contacts, Blacklist blacklist, OptIns optIns, SignUpLimits limits) {
        this.contacts = contacts;
        this.blacklist = blacklist;
        this.optIns = optIns;
        this.limits = limits;
    }

    /**
     * Asks an address to confirm, if it may be asked. A contact that is there keeps its fields: who
     * fills in a form proves nothing.
     *
     * @param given by the tag of the field; what is no visible field is passed over
     * @param page where the form was, as the browser says
     * @throws BadInput if the address or a field is none
     * @throws TooManyRequests beyond what one place, one mailbox or one form may ask
     */
    public void signUp(
            SignUpForm form,
            String address,
            Map<String, @Nullable Object> given,
            @Nullable String page,
            Visitor visitor) {
        limits.take(form, address, visitor.ipAddress());
        if (!EmailAddress.isValid(address.strip())) {
            throw new BadInput("This is not an e-mail address, such as ada@example.org");
        }
        var email = new EmailAddress(address.strip());
        var values = values(form, given);
        var actor =
                new Actor(
                        "form",
                        null,
                        visitor.ipAddress(),
                        visitor.userAgent(),
                        form.wording().consent(),
                        page);
        if (blacklist.find(form.account(), email).isPresent()) return;
        var audience = form.audience();
        // Whatever the audience asks of others: a form is filled in by anybody.
        var schema = new Schema(audience.id(), audience.uid(), true, form.fields());
        try {
            contacts.create(
                    form.account(), schema, new NewContact(email, List.of(), values, false), actor);
        } catch (Problem.Conflict e) {
            askAgain(form, email, actor);
        }
    }

    private void askAgain(SignUpForm form, EmailAddress email, Actor actor) {
        try {
            var ref = new ByEmail(email);
            var contact = contacts.get(form.account(), form.audience().uid(), ref).contact();
            switch (contact.status()) {
                case SUBSCRIBED -> {}
                case UNCONFIRMED -> optIns.ask(form.account(), form.audience().uid(), ref);
                case UNSUBSCRIBED -> optIns.askToReturn(form.account(), contact.id(), actor);
            }
        } catch (Problem.Conflict | Problem.NotFound | Problem.QuotaExceeded e) {
            // Asked often enough, or gone this moment: none of a stranger's business.
        }
    }

    private static Map<String, String> values(
            SignUpForm form, Map<String, @Nullable Object> given) {
        var visible = new LinkedHashMap<String, @Nullable Object>();
        for (var field : form.fields()) {
            Object value = given.get(field.tag());
            boolean empty = value == null || value.toString().isBlank();
            if (field.required() && empty) throw new BadInput(field.label() + " is required");
            visible.put(field.tag(), value);
        }
        return CustomFields.given(form.fields(), visible);
    }
}
