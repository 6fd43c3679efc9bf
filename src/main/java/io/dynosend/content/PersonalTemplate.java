package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.liquid.Template;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The Liquid of messages to one person each, compiled once: immutable, shared by threads. What the
 * author wrote is all they get; links stay as they are.
 */
public final class PersonalTemplate {

    private final Template subject;
    private final @Nullable Template html;
    private final Template text;
    private final boolean textIsMade;
    private final List<LinkTarget> links;
    private final SequencedSet<String> variables;

    private PersonalTemplate(
            Template subject,
            @Nullable Template html,
            Template text,
            boolean textIsMade,
            List<LinkTarget> links) {
        this.subject = subject;
        this.html = html;
        this.text = text;
        this.textIsMade = textIsMade;
        this.links = links;
        var reads = new LinkedHashSet<>(subject.variables());
        if (html != null) reads.addAll(html.variables());
        reads.addAll(text.variables());
        this.variables = Collections.unmodifiableSequencedSet(reads);
    }

    /**
     * Parses the templates.
     *
     * @param html null: the message is text only
     * @param text null: made from the HTML; without one it is empty
     * @param blocks what {@code render} finds
     * @throws BadInput with code {@code template_error}, saying field, line and column, such as
     *     {@code html: line 3, column 7: …}
     */
    public static PersonalTemplate compile(
            String subject, @Nullable String html, @Nullable String text, Blocks blocks) {
        Template head = Templates.author("subject", subject, blocks::text);
        Template rich = html == null ? null : html(html, blocks);
        if (text != null || html == null) {
            Template plain = text(text == null ? "" : text, blocks);
            return new PersonalTemplate(head, rich, plain, false, List.of());
        }
        var targets = new LinkTargets();
        Template plain =
                TextFromHtml.compiled(
                        new HtmlSource(html),
                        new LinkRewriter(targets, LinkPolicy.COUNTED),
                        source -> Templates.text(source, blocks::text));
        return new PersonalTemplate(head, rich, plain, true, targets.all());
    }

    /** What the subject, the HTML and the text read, such as {@code contact.city}. */
    public SequencedSet<String> variables() {
        return variables;
    }

    /**
     * Renders one message.
     *
     * @param subject as it is, instead of the template's; null: the template's
     * @param variables what Liquid reads; escaped in the HTML, and never Liquid themselves
     * @param now for Liquid's {@code now}
     * @throws BadInput with code {@code template_error} if the rendering passes a limit
     */
    public Wording wording(@Nullable String subject, Map<String, Object> variables, Instant now) {
        var copy = new CopyVariables(variables, new UntrackedLinks(links, variables));
        String head = subject == null ? rendered("subject", this.subject, copy, now) : subject;
        StringBuilder plain = Templates.rendered("text", text, copy, now);
        return new Wording(
                Ascii.oneLine(head),
                (textIsMade ? TextLayout.of(plain) : plain).toString(),
                html == null ? null : rendered("html", html, copy, now));
    }

    /** As above, of what uses no blocks. */
    public static PersonalTemplate compile(
            String subject, @Nullable String html, @Nullable String text) {
        return compile(subject, html, text, Blocks.NONE);
    }

    // Ours have tags that no author may write: what stands there is read as an author's first.
    private static Template html(String source, Blocks blocks) {
        Templates.author("html", source, blocks::html);
        return Templates.html(source, blocks::html);
    }

    private static Template text(String source, Blocks blocks) {
        Templates.author("text", source, blocks::text);
        return Templates.text(source, blocks::text);
    }

    private static String rendered(
            String field, Template template, CopyVariables variables, Instant now) {
        return Templates.rendered(field, template, variables, now).toString();
    }
}
