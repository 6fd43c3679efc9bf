package io.dynosend.content;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of the http(s) links of a message.
 *
 * @param counted whether they go through {@link TrackedLinks}
 * @param utm what is appended to them; null: nothing
 */
public record LinkPolicy(boolean counted, @Nullable Utm utm) {

    static final LinkPolicy COUNTED = new LinkPolicy(true, null);

    boolean leavesThemAlone() {
        return !counted && utm == null;
    }

    /** {@code utm_source=…&utm_medium=…}; empty if nothing is appended. */
    String query() {
        return utm == null ? "" : utm.query();
    }
}
