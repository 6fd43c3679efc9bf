package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.contact.Contact;
import io.dynosend.contact.Profile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A contact as the document shows it. */
final class ContactJson {

    private ContactJson() {}

    static Map<String, Object> of(Profile profile) {
        return of(profile.contact(), null, profile.fieldTags());
    }

    static Map<String, Object> withAudience(Profile profile) {
        return of(profile.contact(), profile.audienceUid(), profile.fieldTags());
    }

    static Map<String, Object> of(Contact contact, List<String> fieldTags) {
        return of(contact, null, fieldTags);
    }

    private static Map<String, Object> of(
            Contact contact, @Nullable String audienceUid, List<String> fieldTags) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("id", contact.id());
        answer.put("contact_uid", contact.uid());
        if (audienceUid != null) answer.put("audience_uid", audienceUid);
        answer.put("email", contact.email().value());
        answer.put("status", contact.status().wire());
        answer.put("source", contact.source());
        answer.put("ip_address", contact.ipAddress());
        answer.put("tags", String.join(",", contact.tags()));
        answer.put("created_at", time(contact.createdAt()));
        answer.put("updated_at", time(contact.updatedAt()));
        fieldTags.forEach(tag -> answer.put(tag, contact.fields().get(tag)));
        return answer;
    }
}
