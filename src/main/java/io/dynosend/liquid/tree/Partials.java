package io.dynosend.liquid.tree;

/** Where partials come from that are named only when the template renders. */
@FunctionalInterface
public interface Partials {

    /** The partial, compiled. Fails if there is none of that name. */
    Partial find(String name);
}
