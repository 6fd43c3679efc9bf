package io.dynosend.liquid.tree;

/** How rendering goes on after a node. */
public enum Flow {
    ON,
    BREAK,
    CONTINUE
}
