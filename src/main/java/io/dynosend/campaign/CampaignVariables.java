package io.dynosend.campaign;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Field;
import io.dynosend.contact.Contact;
import io.dynosend.content.ContactVariables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the Liquid of a campaign reads. */
final class CampaignVariables {

    private static final List<String> MEMBERS = List.of("uid", "email", "status", "created_at");

    private final List<Field> fields;
    private final Map<String, Object> audience;
    private final Map<String, Object> campaign;

    CampaignVariables(Campaign campaign, Audience audience, List<Field> fields) {
        this.fields = fields;
        this.audience = ContactVariables.audience(audience);
        this.campaign =
                Map.of(
                        "uid", campaign.uid(),
                        "name", campaign.name(),
                        "subject", campaign.subject());
    }

    /** For one contact. */
    Map<String, Object> of(Contact contact, CopyUrls urls) {
        var variables = new LinkedHashMap<>(ContactVariables.fields(contact, fields));
        variables.put("EMAIL", contact.email().value());
        variables.put("contact", ContactVariables.contact(contact));
        return withTheRest(variables, urls);
    }

    /** For a reader of whom nothing is known: their fields are there, and empty. */
    Map<String, Object> ofNobody(CopyUrls urls) {
        var variables = new LinkedHashMap<String, Object>();
        fields.forEach(field -> variables.put(field.tag(), ""));
        var contact = new LinkedHashMap<>(variables);
        for (String member : MEMBERS) contact.put(member, "");
        contact.put("tags", List.of());
        variables.put("EMAIL", "");
        variables.put("contact", contact);
        return withTheRest(variables, urls);
    }

    private Map<String, Object> withTheRest(Map<String, Object> variables, CopyUrls urls) {
        variables.put("audience", audience);
        variables.put("campaign", campaign);
        variables.put("unsubscribe_url", urls.unsubscribe());
        variables.put("preferences_url", urls.preferences());
        variables.put("view_url", urls.view());
        return variables;
    }
}
