package io.dynosend.content;

import io.dynosend.common.EmailAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Writes the header of a sender's messages; what does not differ between them is made once. */
final class Letterhead {

    // RFC 5322 §3.3.
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private final Octets out;
    private final HeaderWriter writer;
    private final byte[] from;
    private final byte[] replyTo;
    private final byte[] shared;
    private Instant lastDate = Instant.MIN;
    private byte[] date = {};

    /**
     * @param headers of every message
     */
    Letterhead(Octets out, Sender sender, List<Header> headers) {
        this.out = out;
        this.writer = new HeaderWriter(out);
        EmailAddress answers = sender.replyTo();
        from = made(header -> header.mailbox("From", sender.name(), sender.address()));
        replyTo =
                made(header -> {
                    if (answers != null) header.mailbox("Reply-To", "", answers);
                });
        shared =
                made(header -> {
                    header.field("MIME-Version", "1.0");
                    headers.forEach(each -> header.field(each.name(), each.value()));
                });
    }

    /**
     * All but the fields of MIME (RFC 2045 §3).
     *
     * @param subject one line
     * @param messageId without brackets
     * @param headers of this message alone
     */
    void write(
            EmailAddress to, String subject, Instant date, String messageId, List<Header> headers) {
        out.append(from);
        writer.mailbox("To", "", to);
        writer.text("Subject", subject);
        out.append(replyTo).append(field(date));
        out.ascii("Message-ID: <").ascii(messageId).ascii(">\r\n").append(shared);
        for (var header : headers) writer.field(header.name(), header.value());
    }

    private byte[] field(Instant moment) {
        if (!moment.equals(lastDate)) {
            date = made(header -> header.field("Date", DATE.format(moment)));
            lastDate = moment;
        }
        return date;
    }

    private interface Fields {
        void write(HeaderWriter header);
    }

    private static byte[] made(Fields fields) {
        var octets = new Octets(256);
        fields.write(new HeaderWriter(octets));
        return octets.toArray();
    }
}
