package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.liquid.Template;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** A message compiled once, composed for many: immutable, shared by threads. */
public final class CompiledMessage {

    private final Draft draft;
    private final Template subject;
    private final Template html;
    private final Template text;
    private final List<LinkTarget> links;
    private final SequencedSet<String> variables;

    CompiledMessage(
            Draft draft,
            Template subject,
            Template html,
            Template text,
            List<LinkTarget> links,
            SequencedSet<String> variables) {
        this.draft = draft;
        this.subject = subject;
        this.html = html;
        this.text = text;
        this.links = links;
        this.variables = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(variables));
    }

    /**
     * Parses the templates, numbers the links, adds what the law asks for.
     *
     * @param policy what becomes of its links
     * @param blocks what {@code render} finds
     * @throws BadInput with code {@code template_error}, saying field, line and column, such as
     *     {@code html: line 3, column 7: …}
     */
    public static CompiledMessage compile(
            Draft draft, PostalAddress address, LinkPolicy policy, Blocks blocks) {
        return new MessageCompiler(draft, address, policy, blocks).compile();
    }

    /** As above, of what uses no blocks. */
    public static CompiledMessage compile(Draft draft, PostalAddress address, LinkPolicy policy) {
        return compile(draft, address, policy, Blocks.NONE);
    }

    /** As above, with all links counted. */
    public static CompiledMessage compile(Draft draft, PostalAddress address) {
        return compile(draft, address, LinkPolicy.COUNTED);
    }

    /** The distinct http(s) targets; link number n is index n. */
    public List<LinkTarget> links() {
        return links;
    }

    /** What the subject, the HTML and the text read, such as {@code contact.city}. */
    public SequencedSet<String> variables() {
        return variables;
    }

    /**
     * Begins a run of copies, for one thread.
     *
     * @param headers of every copy, such as List-Id
     */
    public Copies copies(List<Header> headers) {
        return new Copies(draft, subject, text, html, headers);
    }

    /** One copy alone, as {@link Copies#compose} makes it. */
    public byte[] compose(Addressee addressee) {
        return copies(List.of()).compose(addressee);
    }

    /**
     * What the message says, without tracking: links lead where the author said.
     *
     * @param variables what Liquid reads, with {@code unsubscribe_url}
     * @throws BadInput with code {@code template_error} if the rendering passes a limit
     */
    public Wording wording(Map<String, Object> variables, Instant now) {
        return wording(variables, now, new UntrackedLinks(links, variables));
    }

    /** As above, with other links, which lead where the caller likes. */
    public Wording wording(Map<String, Object> variables, Instant now, TrackedLinks to) {
        var copy = new CopyVariables(variables, to);
        StringBuilder plain = Templates.rendered("text", text, copy, now);
        return new Wording(
                Ascii.oneLine(Templates.rendered("subject", subject, copy, now)),
                (draft.text() == null ? TextLayout.of(plain) : plain).toString(),
                Templates.rendered("html", html, copy, now).toString());
    }
}
