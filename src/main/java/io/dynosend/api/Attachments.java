package io.dynosend.api;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.Attachment;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The files of {@code attachments}: objects with Name, ContentType and Content in base64. */
final class Attachments {

    private static final String ANYTHING = "application/octet-stream";

    private Attachments() {}

    /**
     * The files in the order they came; none when the list is missing.
     *
     * @throws BadInput if one has no name, or its content is no base64
     */
    static List<Attachment> of(Params params) {
        var attachments = new ArrayList<Attachment>();
        for (var each : params.objects("attachments")) {
            String place = "attachments[%d]".formatted(attachments.size());
            String name =
                    first(each, "Name", "name")
                            .orElseThrow(() -> BadInput.missing(place + "[Name]"));
            String type =
                    first(each, "ContentType", "contentType", "content_type", "Content-Type")
                            .orElse(ANYTHING)
                            .strip();
            String content =
                    first(each, "Content", "content")
                            .orElseThrow(() -> BadInput.missing(place + "[Content]"));
            attachments.add(new Attachment(name, type, decoded(place, content)));
        }
        return attachments;
    }

    private static Optional<String> first(Params params, String... names) {
        for (String name : names) {
            var value = params.exact(name).filter(text -> !text.isBlank());
            if (value.isPresent()) return value;
        }
        return Optional.empty();
    }

    // Many encoders break the lines; nothing else that is no base64 is taken.
    private static byte[] decoded(String place, String content) {
        try {
            return Base64.getDecoder().decode(content.replaceAll("[\r\n\t ]+", ""));
        } catch (IllegalArgumentException _) {
            throw new BadInput(place + "[Content] is not base64");
        }
    }
}
