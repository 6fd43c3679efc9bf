package io.dynosend.content;

import java.util.List;

/**
 * A message to one person, such as a receipt or a confirmation: without footer, tracking and the
 * headers of a list.
 */
public record PersonalMessage(Heading heading, Wording wording, List<Attachment> attachments) {

    private static final int HEADER_SIZE = 2048;

    public PersonalMessage {
        attachments = List.copyOf(attachments);
    }

    /**
     * The complete message (RFC 5322): CRLF, no line over 998 octets, none of the body over 76;
     * ASCII but for the address of a recipient that ASCII cannot write (RFC 6532). The same input
     * gives the same bytes.
     */
    public byte[] composed() {
        var out = new Octets(expectedSize());
        new Letterhead(out, heading.sender(), heading.headers())
                .write(
                        heading.to(),
                        wording.subject(),
                        heading.date(),
                        heading.messageId(),
                        List.of());
        var mime = new MimeWriter(out);
        if (attachments.isEmpty()) content(mime);
        else mixed(mime);
        return out.toArray();
    }

    // RFC 2046 §5.1.3.
    private void mixed(MimeWriter mime) {
        String boundary = mime.boundary(heading.messageId(), 1);
        mime.multipart("mixed", boundary);
        mime.delimiter(boundary);
        content(mime);
        for (var attachment : attachments) {
            mime.delimiter(boundary);
            mime.attachment(attachment);
        }
        mime.end(boundary);
    }

    private void content(MimeWriter mime) {
        String html = wording.html();
        if (html == null) {
            mime.text("text/plain", out -> out.text(wording.text()));
        } else {
            mime.alternative(
                    mime.boundary(heading.messageId(), 0),
                    out -> out.text(wording.text()),
                    out -> out.text(html));
        }
    }

    private int expectedSize() {
        long size = HEADER_SIZE + wording.text().length() * 9L / 8;
        if (wording.html() != null) size += wording.html().length() * 9L / 8;
        for (var attachment : attachments) size += 512 + attachment.content().length * 11L / 8;
        return Math.toIntExact(size);
    }
}
