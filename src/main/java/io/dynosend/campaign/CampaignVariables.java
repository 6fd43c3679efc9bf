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
    Map<String, Object> of(Contact contact, String unsubscribeUrl) {
        var variables = new LinkedHashMap<>(ContactVariables.fields(contact, fields));
        variables.put("EMAIL", contact.email().value());
        variables.put("contact", ContactVariables.contact(contact));
        variables.put("audience", audience);
        variables.put("campaign", campaign);
        variables.put("unsubscribe_url", unsubscribeUrl);
        return variables;
    }
}
