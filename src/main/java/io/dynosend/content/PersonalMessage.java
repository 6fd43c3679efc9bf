package io.dynosend.content;

import java.util.List;

/**
 * A message to one person, such as a receipt or a confirmation: without footer, tracking and the
 * headers of a list.
 */
public record PersonalMessage(Heading heading, Wording wording, List<Attachment> attachments) {

    public PersonalMessage {
        attachments = List.copyOf(attachments);
    }

    /**
     * The complete message (RFC 5322): ASCII, CRLF, no line over 998 octets, none of the body over
     * 76. The same input gives the same bytes.
     */
    public byte[] composed() {
        return new MimeWriter(heading)
                .message(wording.subject(), wording.text(), wording.html(), attachments);
    }
}
