package io.dynosend.api;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.Format;
import io.dynosend.content.Source;
import io.dynosend.template.ContentChange;
import io.dynosend.template.ContentChange.Given;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The parameters that say what a message shows. */
final class ContentParams {

    private ContentParams() {}

    /**
     * Reads {@code html}, {@code mjml} or {@code markdown}, {@code text}, {@code template_uid},
     * {@code layout_uid} and {@code inline_css}.
     *
     * @throws BadInput if more than one of the first three is given
     */
    static ContentChange of(Params params) {
        return new ContentChange(
                given(params)
                        .map(source -> new Given(source.format(), source.content()))
                        .orElse(isCleared(params) ? new Given(Format.HTML, null) : null),
                params.optional("template_uid").orElse(null),
                params.has("layout_uid") ? params.optional("layout_uid").orElse("") : null,
                params.optional("inline_css").isPresent() ? params.flag("inline_css") : null,
                params.has("text") ? params.verbatim("text").orElse("") : null);
    }

    /**
     * Reads {@code html}, {@code mjml} or {@code markdown}; empty if none of them says anything.
     *
     * @throws BadInput if more than one does
     */
    static Optional<Source> given(Params params) {
        List<Format> formats =
                Arrays.stream(Format.values())
                        .filter(format -> params.verbatim(format.wire()).isPresent())
                        .toList();
        if (formats.size() > 1) {
            throw new BadInput(
                    "%s and %s cannot both be given; a message is written in one of them"
                            .formatted(formats.get(0).wire(), formats.get(1).wire()));
        }
        return formats.stream()
                .findFirst()
                .map(format -> new Source(format, params.verbatim(format.wire()).orElseThrow()));
    }

    private static boolean isCleared(Params params) {
        return Arrays.stream(Format.values()).anyMatch(format -> params.has(format.wire()));
    }
}
