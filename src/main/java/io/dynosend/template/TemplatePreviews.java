package io.dynosend.template;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.Format;
import io.dynosend.content.PersonalTemplate;
import io.dynosend.content.Source;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Shows templates, layouts and blocks as a reader would see them. */
public final class TemplatePreviews {

    private static final String SAMPLE =
            """
            # A heading

            This is what a message in this layout looks like. It has **words that matter** and
            [a link](https://example.com/).

            - one thing
            - and another

            > Something that somebody said.
            """;

    private static final Map<String, Object> VARIABLES =
            Map.of(
                    "EMAIL",
                    "jane.doe@example.com",
                    "UNSUBSCRIBE_URL",
                    "#",
                    "contact",
                    Map.of("email", "jane.doe@example.com", "status", "subscribed"),
                    "audience",
                    Map.of("name", "Your audience", "company", "Your company"));

    private final InstantSource clock;
    private final SharedBlocks blocks;

    public TemplatePreviews(InstantSource clock, SharedBlocks blocks) {
        this.clock = clock;
        this.blocks = blocks;
    }

    /**
     * HTML of one version, with something in the place of what contacts have.
     *
     * @throws BadInput if it cannot be rendered
     */
    public String html(long account, Template template, TemplateVersion version) {
        String source = version.source().content();
        String html =
                template.kind() == TemplateKind.LAYOUT
                        ? new Source(Format.MARKDOWN, SAMPLE)
                                .compiled(
                                        version.source(),
                                        version.inlineCss(),
                                        blocks.usedBy(account, List.of(source)))
                                .html()
                        : version.html();
        var used = blocks.usedBy(account, List.of(source, html));
        var wording =
                PersonalTemplate.compile("", html, "", used)
                        .wording("", VARIABLES, clock.instant());
        return Objects.requireNonNullElse(wording.html(), "");
    }
}
