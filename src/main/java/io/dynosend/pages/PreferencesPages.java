package io.dynosend.pages;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Field;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.contact.Actor;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactRef;
import io.dynosend.contact.ContactStatus;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.Contacts.Changes;
import io.dynosend.contact.CustomFields;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.tracking.TrackingTokens.Preferences;
import io.dynosend.tracking.TrackingTokens.Unsubscribe;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a contact sees what an audience knows of it, and changes that: the custom fields that are
 * visible. The link from the mail is all the proof it needs; looking changes nothing.
 */
public final class PreferencesPages {

    /**
     * A field as the page shows it.
     *
     * @param type of the HTML input; {@code textarea} is an element of its own
     */
    public record Input(String tag, String label, String type, String value, boolean required) {}

    /**
     * What the page says of what was just done.
     *
     * @param problem whether it was not done
     */
    public record Notice(String text, boolean problem) {

        static final Notice NONE = new Notice("", false);
        static final Notice SAVED = new Notice("Your changes are saved.", false);
    }

    private record Reader(Contact contact, Audience audience, List<Field> fields) {}

    private final Templates templates = new StaticTemplates();
    private final TrackingTokens tokens;
    private final Contacts contacts;
    private final Audiences audiences;

    public PreferencesPages(TrackingTokens tokens, Contacts contacts, Audiences audiences) {
        this.tokens = tokens;
        this.contacts = contacts;
        this.audiences = audiences;
    }

    public void routes(RoutesConfig routes) {
        routes.get("/p/{token}", this::look);
        routes.post("/p/{token}", this::change);
    }

    private void look(Context http) {
        var link = tokens.preferences(http.pathParam("token"));
        var reader = link.flatMap(this::reader);
        if (link.isEmpty() || reader.isEmpty()) {
            ErrorPages.unknownLink(http);
            return;
        }
        show(http, link.get(), reader.get(), known(reader.get()), Notice.NONE);
    }

    private void change(Context http) {
        var link = tokens.preferences(http.pathParam("token"));
        var reader = link.flatMap(this::reader);
        if (link.isEmpty() || reader.isEmpty()) {
            ErrorPages.unknownLink(http);
            return;
        }
        var given = given(http, reader.get());
        try {
            save(http, link.get().delivery().account(), reader.get(), given);
            var now = reader(link.get()).orElse(reader.get());
            show(http, link.get(), now, known(now), Notice.SAVED);
        } catch (BadInput e) {
            http.status(400);
            show(
                    http,
                    link.get(),
                    reader.get(),
                    field -> given.getOrDefault(field.tag(), ""),
                    new Notice(complaint(reader.get(), e), true));
        }
    }

    private Optional<Reader> reader(Preferences link) {
        long account = link.delivery().account();
        return Optional.ofNullable(
                        contacts.byId(account, List.of(link.contact())).get(link.contact()))
                .map(contact ->
                        new Reader(
                                contact,
                                audiences.get(account, contact.audience()),
                                audiences.fields(account, contact.audience()).stream()
                                        .filter(Field::visible)
                                        .toList()));
    }

    private static Map<String, String> given(Context http, Reader reader) {
        var given = new LinkedHashMap<String, String>();
        for (var field : reader.fields()) {
            String value = http.formParam(field.tag());
            // Browsers end lines of a textarea in CRLF.
            if (value != null) given.put(field.tag(), value.replace("\r\n", "\n"));
        }
        return given;
    }

    private void save(Context http, long account, Reader reader, Map<String, String> given) {
        for (var field : reader.fields()) {
            String value = given.get(field.tag());
            if (field.required() && value != null && value.isBlank()) {
                throw new BadInput("%s is needed".formatted(field.label()));
            }
        }
        var changes = new LinkedHashMap<String, @Nullable String>();
        CustomFields.checked(reader.fields(), new LinkedHashMap<>(given))
                .forEach((tag, value) -> {
                    if (!Objects.equals(value, reader.contact().fields().get(tag))) {
                        changes.put(tag, value);
                    }
                });
        if (changes.isEmpty()) return;
        contacts.update(
                account,
                reader.audience().uid(),
                new ContactRef.ByUid(reader.contact().uid()),
                new Changes(null, null, changes),
                new Actor("link", null, http.ip(), http.userAgent()));
    }

    private void show(
            Context http,
            Preferences link,
            Reader reader,
            Function<Field, String> values,
            Notice notice) {
        var inputs = reader.fields().stream().map(field -> input(field, values.apply(field)));
        Page.show(
                http,
                templates.pagesPreferences(
                        reader.contact().email().value(),
                        reader.audience().name(),
                        reader.contact().status() == ContactStatus.SUBSCRIBED,
                        tokens.of(new Unsubscribe(link.delivery(), link.contact())),
                        inputs.toList(),
                        notice));
    }

    private static Function<Field, String> known(Reader reader) {
        return field -> reader.contact().fields().getOrDefault(field.tag(), "");
    }

    // Dates with times are text: the browser's own field would drop a zone.
    private static Input input(Field field, String value) {
        String type =
                switch (field.type()) {
                    case TEXT, NUMBER, DATETIME -> "text";
                    case TEXTAREA -> "textarea";
                    case DATE -> "date";
                    case TIME -> "time";
                };
        return new Input(field.tag(), field.label(), type, value, field.required());
    }

    // Readers know fields by their label.
    private static String complaint(Reader reader, BadInput problem) {
        String text = String.valueOf(problem.getMessage());
        for (var field : reader.fields()) {
            if (text.startsWith(field.tag() + " ")) {
                return field.label() + text.substring(field.tag().length());
            }
        }
        return text;
    }
}
