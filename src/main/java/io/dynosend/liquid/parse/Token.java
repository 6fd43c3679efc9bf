package io.dynosend.liquid.parse;

/**
 * A piece of a template.
 *
 * @param start where it begins
 * @param name of a tag; empty if it has none, and for all else
 * @param from where its inside begins, for a tag after the name
 * @param to where its inside ends
 */
record Token(
        Kind kind,
        int start,
        String name,
        int from,
        int to,
        boolean trimsBefore,
        boolean trimsAfter) {

    /** What it is. */
    enum Kind {
        TEXT,
        OUTPUT,
        TAG,
        UNCLOSED_OUTPUT,
        UNCLOSED_TAG
    }

    boolean isTag(String wanted) {
        return kind == Kind.TAG && name.equals(wanted);
    }
}
