package io.dynosend.transactional;

import io.dynosend.common.Problem.BadInput;
import java.util.Locale;

/** Where the content of a transactional message comes from. */
public enum ContentSetting {
    /** From its own HTML and text, Liquid filled with custom tags. */
    INTERNAL,
    /** With every request, finished. */
    EXTERNAL;

    /**
     * As the API spells it.
     *
     * @throws BadInput if it is neither
     */
    public static ContentSetting of(String wire) {
        return switch (wire.toLowerCase(Locale.ROOT)) {
            case "internal" -> INTERNAL;
            case "external" -> EXTERNAL;
            default -> throw new BadInput("content must be internal or external");
        };
    }

    /** The spelling in the database and in the API. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
