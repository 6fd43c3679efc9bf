package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.audience.Audience;
import io.dynosend.audience.Audience.ContactInformation;
import io.dynosend.audience.Audience.Statistics;
import io.dynosend.audience.AudienceChanges;
import io.dynosend.audience.AudienceChanges.Lines;
import io.dynosend.audience.AudienceChanges.MailChange;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Audiences.NewAudience;
import io.dynosend.audience.Field;
import io.dynosend.audience.FieldType;
import io.dynosend.audience.ResponseMail;
import io.dynosend.audience.ResponseMail.Occasion;
import io.dynosend.audience.TrackingMode;
import io.dynosend.campaign.AudienceDeletion;
import io.dynosend.common.Fraction;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import io.dynosend.optin.ResponseMails;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Section "Audiences" of the API document, in its order. */
public final class AudiencesApi implements Section {

    private static final Field EMAIL = new Field("Email", FieldType.TEXT, "EMAIL", true, true);

    private final Audiences audiences;
    private final AudienceDeletion deletion;

    public AudiencesApi(Audiences audiences, AudienceDeletion deletion) {
        this.audiences = audiences;
        this.deletion = deletion;
    }

    @Override
    public Scope scope() {
        return Scope.CONTACTS;
    }

    @Override
    public void operations(Operations operations) {
        operations.get("/audiences", this::listOrGet);
        operations.post("/audiences", this::create);
        operations.post("/audiences/add-field", this::addField);
        operations.patch("/audiences/update", this::update);
        operations.delete("/audiences", this::delete);
    }

    private void listOrGet(Call call) {
        if (call.params().has("audience_uid")) {
            get(call);
        } else {
            call.answer(
                    audiences.list(call.account()).stream().map(AudiencesApi::summary).toList());
        }
    }

    private void get(Call call) {
        var audience = audiences.get(call.account(), call.params().required("audience_uid"));
        var answer = new LinkedHashMap<String, Object>();
        answer.put(
                "audience", withFields(audience, audiences.fields(call.account(), audience.id())));
        answer.put("contact_information", contactInformation(audience.contactInformation()));
        answer.put("statistics", statistics(audiences.statistics(call.account(), audience.id())));
        // The document knows none of these: who has not set them does not see them.
        if (audience.tracking() != TrackingMode.INDIVIDUAL) {
            answer.put("tracking", audience.tracking().wire());
        }
        for (var occasion : Occasion.values()) {
            audiences
                    .responseMail(call.account(), audience.id(), occasion)
                    .ifPresent(mail -> answer.put(name(occasion), mail(mail)));
        }
        call.answer(answer);
    }

    private void create(Call call) {
        var params = call.params();
        var wanted =
                new NewAudience(
                        params.required("name"),
                        params.line("default_subject").orElse(""),
                        params.email("from_email"),
                        params.required("from_name"),
                        params.flag("double_opt_in"),
                        params.optional("tracking")
                                .map(TrackingMode::of)
                                .orElse(TrackingMode.INDIVIDUAL),
                        contactInformation(params.object("contact_information")),
                        mail(params, "welcome_mail"),
                        mail(params, "goodbye_mail"));
        call.success("Audience created", "audience_uid", audiences.create(call.account(), wanted));
    }

    private void addField(Call call) {
        var params = call.params();
        audiences.addField(
                call.account(),
                params.required("audience_uid"),
                FieldType.of(params.required("type")),
                params.required("label"),
                params.required("tag"));
        call.success("Custom field created");
    }

    private void update(Call call) {
        var params = call.params();
        String uid = params.required("audience_uid");
        var changes =
                new AudienceChanges(
                        params.optional("name").orElse(null),
                        params.has("default_subject")
                                ? params.line("default_subject").orElse("")
                                : null,
                        params.optionalEmail("from_email").orElse(null),
                        params.line("from_name").orElse(null),
                        params.optional("double_opt_in").isPresent()
                                ? params.flag("double_opt_in")
                                : null,
                        params.optional("tracking").map(TrackingMode::of).orElse(null),
                        lines(params.object("contact_information")),
                        mailIfGiven(params, "welcome_mail"),
                        mailIfGiven(params, "goodbye_mail"));
        audiences.update(call.account(), uid, changes);
        call.success("Audience updated", "audience_uid", uid);
    }

    private void delete(Call call) {
        deletion.delete(call.account(), call.params().required("audience_uid"));
        call.success("Audience deleted");
    }

    private static SequencedMap<String, Object> summary(Audience audience) {
        var summary = new LinkedHashMap<String, Object>();
        summary.put("id", audience.id());
        summary.put("uid", audience.uid());
        summary.put("name", audience.name());
        summary.put("default_subject", audience.defaultSubject());
        summary.put("from_email", audience.fromEmail().value());
        summary.put("from_name", audience.fromName());
        summary.put("created_at", time(audience.createdAt()));
        summary.put("updated_at", time(audience.updatedAt()));
        return summary;
    }

    private static SequencedMap<String, Object> withFields(Audience audience, List<Field> custom) {
        var fields = new ArrayList<Map<String, Object>>();
        fields.add(field(EMAIL));
        custom.forEach(field -> fields.add(field(field)));
        var answer = summary(audience);
        answer.put("fields", fields);
        return answer;
    }

    private static Map<String, Object> field(Field field) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("label", field.label());
        answer.put("type", field.type().wire());
        answer.put("tag", field.tag());
        answer.put("visible", field.visible());
        answer.put("required", field.required());
        return answer;
    }

    private static Map<String, Object> contactInformation(ContactInformation information) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("company", information.company());
        answer.put("address_1", information.address1());
        answer.put("address_2", information.address2());
        answer.put("country", information.country());
        answer.put("state", information.state());
        answer.put("zip", information.zip());
        answer.put("city", information.city());
        answer.put("phone", information.phone());
        answer.put("website", information.website());
        answer.put("email", information.email());
        return answer;
    }

    private static ContactInformation contactInformation(Params given) {
        return new ContactInformation(
                line(given, "company"),
                line(given, "address_1"),
                line(given, "address_2"),
                line(given, "country"),
                line(given, "state"),
                line(given, "zip"),
                line(given, "city"),
                line(given, "phone"),
                line(given, "website"),
                line(given, "email"));
    }

    private static Lines lines(Params given) {
        return new Lines(
                lineIfGiven(given, "company"),
                lineIfGiven(given, "address_1"),
                lineIfGiven(given, "address_2"),
                lineIfGiven(given, "country"),
                lineIfGiven(given, "state"),
                lineIfGiven(given, "zip"),
                lineIfGiven(given, "city"),
                lineIfGiven(given, "phone"),
                lineIfGiven(given, "website"),
                lineIfGiven(given, "email"));
    }

    private static @Nullable String lineIfGiven(Params given, String name) {
        return given.has(name) ? line(given, name) : null;
    }

    private static String line(Params given, String name) {
        return SingleLine.checked(name, given.optional(name).orElse(""));
    }

    private static @Nullable MailChange mailIfGiven(Params params, String name) {
        return params.has(name) ? new MailChange(mail(params, name)) : null;
    }

    /** Null: there is to be none, which is what null, an empty object and a blank say. */
    private static @Nullable ResponseMail mail(Params params, String name) {
        if (params.isBlank(name)) return null;
        var given = params.object(name);
        var subject = given.line("subject");
        var html = given.verbatim("html");
        var text = given.verbatim("text");
        if (subject.isEmpty() && html.isEmpty() && text.isEmpty()) return null;
        if (subject.isEmpty()) throw BadInput.missing(name + ".subject");
        if (html.isEmpty() && text.isEmpty()) throw BadInput.missing(name + ".html");
        return ResponseMails.checked(
                name, new ResponseMail(subject.get(), html.orElse(null), text.orElse(null)));
    }

    private static Map<String, @Nullable Object> mail(ResponseMail mail) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("subject", mail.subject());
        answer.put("html", mail.html());
        answer.put("text", mail.text());
        return answer;
    }

    private static String name(Occasion occasion) {
        return switch (occasion) {
            case WELCOME -> "welcome_mail";
            case GOODBYE -> "goodbye_mail";
        };
    }

    private static Map<String, Object> statistics(Statistics statistics) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("contact_count", statistics.contacts());
        answer.put("subscribe_rate", Fraction.of(statistics.subscribed(), statistics.contacts()));
        answer.put(
                "unsubscribe_rate", Fraction.of(statistics.unsubscribed(), statistics.contacts()));
        answer.put("subscribe_count", statistics.subscribed());
        answer.put("unsubscribe_count", statistics.unsubscribed());
        return answer;
    }
}
