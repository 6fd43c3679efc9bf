package io.dynosend.template;

import io.dynosend.common.Problem.BadInput;
import java.util.Locale;

/** What a template is for. */
public enum TemplateKind {
    /** A whole message to begin with: its content is copied. */
    TEMPLATE,
    /** What stands around messages written in Markdown. */
    LAYOUT,
    /** A piece that messages use by its name. */
    BLOCK;

    /**
     * As the API spells it.
     *
     * @throws BadInput if it is none
     */
    public static TemplateKind of(String wire) {
        return switch (wire.toLowerCase(Locale.ROOT)) {
            case "template" -> TEMPLATE;
            case "layout" -> LAYOUT;
            case "block" -> BLOCK;
            default -> throw new BadInput("kind must be template, layout or block");
        };
    }

    /** The spelling in the database and in the API. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
