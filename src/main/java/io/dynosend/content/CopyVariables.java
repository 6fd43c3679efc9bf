package io.dynosend.content;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one copy's templates read. The tracked links ride along where no template can name them. */
final class CopyVariables extends AbstractMap<String, Object> {

    static final String UNSUBSCRIBE_URL = "unsubscribe_url";

    private final Map<String, Object> variables;
    private final TrackedLinks links;

    CopyVariables(Map<String, Object> variables, TrackedLinks links) {
        this.variables = variables;
        this.links = links;
    }

    /** The links of the copy that is being rendered. */
    static TrackedLinks links(Map<String, ?> variables) {
        return ((CopyVariables) variables).links;
    }

    @Override
    public @Nullable Object get(Object key) {
        return UNSUBSCRIBE_URL.equals(key) ? links.unsubscribe() : variables.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return UNSUBSCRIBE_URL.equals(key) || variables.containsKey(key);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        var all = new HashMap<>(variables);
        all.put(UNSUBSCRIBE_URL, links.unsubscribe());
        return all.entrySet();
    }
}
