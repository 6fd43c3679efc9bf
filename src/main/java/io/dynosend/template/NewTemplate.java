package io.dynosend.template;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.SingleLine;
import io.dynosend.content.Source;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a new template is made of.
 *
 * @param subject null: none
 * @param text null: made from the content
 */
public record NewTemplate(
        TemplateKind kind,
        String name,
        Source source,
        @Nullable String subject,
        @Nullable String text,
        boolean inlineCss) {

    // What can stand in quotes, and becomes the name of a variable.
    private static final Pattern BLOCK_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_/.-]{0,99}");

    /**
     * @throws BadInput if the name cannot be one
     */
    public NewTemplate {
        requireName(kind, name);
        if (subject != null) SingleLine.checked("subject", subject);
    }

    static void requireName(TemplateKind kind, String name) {
        SingleLine.checked("name", name);
        if (kind == TemplateKind.BLOCK && !BLOCK_NAME.matcher(name).matches()) {
            throw new BadInput(
                    "the name of a block must be letters, digits, _, -, . and /, 100 at most");
        }
    }
}
