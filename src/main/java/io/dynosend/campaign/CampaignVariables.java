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

    private CampaignVariables() {}

    static Map<String, Object> of(
            Campaign campaign,
            Audience audience,
            List<Field> fields,
            Contact contact,
            String unsubscribeUrl) {
        var variables = new LinkedHashMap<>(ContactVariables.fields(contact, fields));
        variables.put("EMAIL", contact.email().value());
        variables.put("contact", ContactVariables.contact(contact));
        variables.put("audience", ContactVariables.audience(audience));
        variables.put(
                "campaign",
                Map.of(
                        "uid", campaign.uid(),
                        "name", campaign.name(),
                        "subject", campaign.subject()));
        variables.put("unsubscribe_url", unsubscribeUrl);
        return variables;
    }
}
