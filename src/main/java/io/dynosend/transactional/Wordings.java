package io.dynosend.transactional;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dynosend.audience.Audiences;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.contact.Contact;
import io.dynosend.content.Blocks;
import io.dynosend.content.ContactVariables;
import io.dynosend.content.PersonalTemplate;
import io.dynosend.content.Wording;
import io.dynosend.transactional.SendRequest.Content;
import io.dynosend.transactional.SendRequest.Content.Bodies;
import io.dynosend.transactional.SendRequest.Content.Tags;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the words of transactional messages. */
public final class Wordings {

    private static final int IN_MEMORY = 500;
    private static final Set<String> NO_FIELDS = Set.of("EMAIL", "contact", "audience");

    private record Key(long account, long message, int version, Blocks blocks) {}

    private final Audiences audiences;
    private final Transactionals transactionals;
    private final Cache<Key, PersonalTemplate> templates =
            Caffeine.newBuilder().maximumSize(IN_MEMORY).build();

    public Wordings(Audiences audiences, Transactionals transactionals) {
        this.audiences = audiences;
        this.transactionals = transactionals;
    }

    /**
     * What one message says. External content goes out as it came; only the configured subject is
     * Liquid then.
     *
     * @throws BadInput with code {@code template_error} if it cannot be rendered
     */
    Wording of(
            long account,
            Transactional message,
            Contact contact,
            SendRequest request,
            Content content) {
        var template = template(account, message);
        var tags = content instanceof Tags(var values) ? values : Map.<String, String>of();
        var variables = variables(account, contact, tags, template);
        var wording = template.wording(request.subject(), variables, request.at());
        return content instanceof Bodies(var html, var text)
                ? new Wording(wording.subject(), text, html)
                : wording;
    }

    /**
     * The same of internal content, with the configured subject.
     *
     * @throws BadInput as above
     */
    Wording of(
            long account,
            Transactional message,
            Contact contact,
            Map<String, String> tags,
            Instant at) {
        var template = template(account, message);
        return template.wording(null, variables(account, contact, tags, template), at);
    }

    /** The names that a message reads and that are neither the contact's nor the audience's. */
    SequencedSet<String> customTags(long account, Transactional message) {
        var known = new HashSet<>(NO_FIELDS);
        audiences.fields(account, message.audience()).forEach(field -> known.add(field.tag()));
        var tags = new LinkedHashSet<String>();
        template(account, message).variables().stream()
                .map(Wordings::root)
                .filter(name -> !known.contains(name))
                .forEach(tags::add);
        return tags;
    }

    private PersonalTemplate template(long account, Transactional message) {
        var blocks = transactionals.blocks(account, message);
        var key = new Key(account, message.id(), message.version(), blocks);
        return templates.get(key, _ -> Transactionals.compile(message, blocks));
    }

    private static String root(String path) {
        return path.split("[.\\[]", 2)[0];
    }

    // Custom tags win. What no template reads is not fetched: most read custom tags only.
    private Map<String, Object> variables(
            long account, Contact contact, Map<String, String> tags, PersonalTemplate template) {
        Set<String> reads =
                template.variables().stream()
                        .map(Wordings::root)
                        .filter(name -> !tags.containsKey(name))
                        .collect(Collectors.toSet());
        var variables = new LinkedHashMap<String, Object>(contact.fields());
        if (!NO_FIELDS.containsAll(reads)) {
            var fields = audiences.fields(account, contact.audience());
            variables.putAll(ContactVariables.fields(contact, fields));
        }
        if (reads.contains("audience")) {
            var audience = audiences.get(account, contact.audience());
            variables.put("audience", ContactVariables.audience(audience));
        }
        variables.put("EMAIL", contact.email().value());
        variables.put("contact", ContactVariables.contact(contact));
        variables.putAll(tags);
        return variables;
    }
}
