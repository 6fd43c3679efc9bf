package io.dynosend.liquid.parse;

import org.jspecify.annotations.Nullable;

/** The pieces of a template in their order. */
interface Tokens {

    /** The next piece; null at the end. */
    @Nullable Token next();

    /**
     * Goes on behind a tag of that name, taking what stands before it for text, whatever it is.
     *
     * @return the text, with whether the tag trims what follows it; null if there is no such tag
     */
    @Nullable Token verbatim(String endTag);
}
