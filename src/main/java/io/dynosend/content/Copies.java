package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.liquid.Template;
import java.time.Instant;
import java.util.List;

/**
 * Makes copies of a message, one after the other. What they share is encoded once, and their room
 * is used again: for one thread.
 */
public final class Copies {

    private static final int USUAL_SIZE = 16_384;

    private final Template subject;
    private final Template text;
    private final Template html;
    private final boolean textIsMade;
    private final EncodedPieces pieces = new EncodedPieces();
    private final Octets out = new Octets(USUAL_SIZE);
    private final MimeWriter mime = new MimeWriter(out);
    private final Letterhead letterhead;

    Copies(Draft draft, Template subject, Template text, Template html, List<Header> headers) {
        this.subject = subject;
        this.text = text;
        this.html = html;
        this.textIsMade = draft.text() == null;
        this.letterhead = new Letterhead(out, draft.sender(), headers);
    }

    /**
     * The complete message (RFC 5322): CRLF, no line over 998 octets, none of the body over 76;
     * ASCII but for the address of a recipient that ASCII cannot write (RFC 6532). The same input
     * gives the same bytes.
     *
     * @throws BadInput with code {@code template_error} if the rendering passes a limit
     */
    public byte[] compose(Addressee addressee) {
        var variables =
                new CopyVariables(addressee.variables(), new LinksOfCopy(addressee.links()));
        out.clear();
        letterhead.write(
                addressee.to(),
                Ascii.oneLine(Templates.rendered("subject", subject, variables, addressee.date())),
                addressee.date(),
                addressee.messageId(),
                addressee.headers());
        mime.alternative(
                mime.boundary(addressee.messageId(), 0),
                part -> plain(part, variables, addressee.date()),
                part -> render("html", html, part, variables, addressee.date()));
        return out.toArray();
    }

    // Which line a word is in depends on all before it, so this text is encoded as a whole.
    private void plain(QuotedPrintable part, CopyVariables variables, Instant now) {
        if (textIsMade) {
            part.text(TextLayout.of(Templates.rendered("text", text, variables, now)));
        } else {
            render("text", text, part, variables, now);
        }
    }

    private void render(
            String field,
            Template template,
            QuotedPrintable part,
            CopyVariables variables,
            Instant now) {
        Templates.render(field, template, variables, now, new EncodedOutput(part, pieces));
    }
}
