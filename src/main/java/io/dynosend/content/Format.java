package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import java.util.Locale;

/** What authors write in. */
public enum Format {
    HTML,
    MJML,
    MARKDOWN;

    /**
     * As the API spells it.
     *
     * @throws BadInput if it is none
     */
    public static Format of(String wire) {
        return switch (wire.toLowerCase(Locale.ROOT)) {
            case "html" -> HTML;
            case "mjml" -> MJML;
            case "markdown" -> MARKDOWN;
            default -> throw new BadInput("format must be html, mjml or markdown");
        };
    }

    /** The spelling in the database and in the API. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
