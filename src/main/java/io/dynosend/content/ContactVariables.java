package io.dynosend.content;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Field;
import io.dynosend.contact.Contact;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Liquid can say about a contact and their audience, the same in every kind of message. */
public final class ContactVariables {

    private ContactVariables() {}

    /** The values of the audience's custom fields by tag; empty where the contact has none. */
    public static Map<String, Object> fields(Contact contact, List<Field> fields) {
        var variables = new LinkedHashMap<String, Object>();
        for (var field : fields) {
            variables.put(field.tag(), contact.fields().getOrDefault(field.tag(), ""));
        }
        return variables;
    }

    /** For {@code contact}. */
    public static Map<String, Object> contact(Contact contact) {
        var variables = new LinkedHashMap<String, Object>(contact.fields());
        variables.put("uid", contact.uid());
        variables.put("email", contact.email().value());
        variables.put("status", contact.status().wire());
        variables.put("tags", contact.tags());
        variables.put("created_at", contact.createdAt());
        return variables;
    }

    /** For {@code audience}. */
    public static Map<String, Object> audience(Audience audience) {
        var information = audience.contactInformation();
        return Map.of(
                "uid", audience.uid(),
                "name", audience.name(),
                "company", information.company(),
                "website", information.website(),
                "phone", information.phone(),
                "email", information.email(),
                "postal_address", String.join(", ", information.postalAddress()));
    }
}
