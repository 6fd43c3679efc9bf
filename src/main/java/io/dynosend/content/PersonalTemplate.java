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
     * @throws BadInput with code {@code template_error}, saying field, line and column, such as
     *     {@code html: line 3, column 7: …}
     */
    public static PersonalTemplate compile(
            String subject, @Nullable String html, @Nullable String text) {
        Template head = Templates.author("subject", subject);
        Template rich = html == null ? null : authors("html", html, Templates::html);
        if (text != null || html == null) {
            Template plain = authors("text", text == null ? "" : text, Templates::text);
            return new PersonalTemplate(head, rich, plain, false, List.of());
        }
        var targets = new LinkTargets();
        Template plain =
                TextFromHtml.compiled(
                        new HtmlSource(html),
                        new LinkRewriter(targets, LinkPolicy.COUNTED),
                        Templates::text);
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

    // Ours have blocks that no author may write: what stands there is read as an author's first.
    private static Template authors(String field, String source, Compiler compiler) {
        Templates.author(field, source);
        return compiler.compile(source);
    }

    private interface Compiler {
        Template compile(String source);
    }

    private static String rendered(
            String field, Template template, CopyVariables variables, Instant now) {
        return Templates.rendered(field, template, variables, now).toString();
    }
}
