package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import java.util.List;
import java.util.SequencedSet;

/** A message compiled once, composed for many: immutable, shared by threads. */
public final class CompiledMessage {

    private CompiledMessage() {}

    /**
     * Parses the templates, numbers the links, adds what the law asks for.
     *
     * @throws BadInput with code {@code template_error}, saying field, line and column, such as
     *     {@code html: line 3, column 7: …}
     */
    public static CompiledMessage compile(Draft draft, PostalAddress address) {
        throw new UnsupportedOperationException();
    }

    /** The distinct http(s) targets without Liquid in them; link number n is index n. */
    public List<String> links() {
        throw new UnsupportedOperationException();
    }

    /** What the subject, the HTML and the text read, such as {@code contact.city}. */
    public SequencedSet<String> variables() {
        throw new UnsupportedOperationException();
    }

    /**
     * The complete message (RFC 5322): ASCII, CRLF, no line over 998 octets, none of the body over
     * 76. The same input gives the same bytes.
     */
    public byte[] compose(Addressee addressee) {
        throw new UnsupportedOperationException();
    }
}
