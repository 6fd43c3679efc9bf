package io.dynosend.content;

import org.jspecify.annotations.Nullable;

/** The links of one copy: absolute URLs in printable ASCII, not escaped for HTML. */
public interface TrackedLinks {

    /** Leads to {@link CompiledMessage#links()} number {@code link}, from 0. */
    String click(int link);

    /**
     * Leads to a target that only this copy knows.
     *
     * @param link the number of what it was made from
     */
    String clickTo(int link, String url);

    /** The image that tells of an open; null: none for this copy. */
    @Nullable String openPixel();

    /** Ends this contact's subscription, without a login. */
    String unsubscribe();
}
