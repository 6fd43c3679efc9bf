package io.dynosend.css;

import java.util.List;

/**
 * Selectors and what they set.
 *
 * @param start in the style sheet
 * @param end after its closing brace
 * @param conditional whether it stands in an at-rule, such as a media query
 * @param plain whether everything in it could be read
 */
public record Rule(
        int start,
        int end,
        boolean conditional,
        boolean plain,
        List<Selector> selectors,
        List<Declaration> declarations) {}
