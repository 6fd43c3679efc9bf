package io.dynosend;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What arrives at one address, over real SMTP, in the built-in mailbox. */
public record Inbox(Http http, String address) {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** The messages so far, the oldest first, once there are that many. */
    public List<MimeMessage> messages(int count) {
        Await.until("%d messages arrive".formatted(count), SOON, () -> ids().size() >= count);
        return ids().stream().map(this::message).toList();
    }

    public MimeMessage message() {
        return messages(1).getFirst();
    }

    /** The first link in the text of a message that begins so. */
    public static String link(MimeMessage message, String beginning) {
        Matcher link = Pattern.compile(Pattern.quote(beginning) + "\\S+").matcher(text(message));
        if (!link.find()) throw new AssertionError("No such link in " + text(message));
        return link.group();
    }

    public static String text(MimeMessage message) {
        return part(message, 0);
    }

    public static String html(MimeMessage message) {
        return part(message, 1);
    }

    /** All of it, decoded, with its headers. */
    public static String everything(MimeMessage message) {
        try {
            var headers = new StringBuilder();
            message.getAllHeaders()
                    .asIterator()
                    .forEachRemaining(
                            each -> headers.append(each.getName() + ": " + each.getValue() + "\n"));
            return headers + text(message) + html(message);
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    /** The first message as it came over the wire. */
    public String source() {
        messages(1);
        return http.get("/mailbox/%s.eml".formatted(ids().getFirst())).body();
    }

    private static String part(MimeMessage message, int number) {
        try {
            return (String) ((MimeMultipart) message.getContent()).getBodyPart(number).getContent();
        } catch (MessagingException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> ids() {
        var ids = new ArrayList<String>();
        String after = "";
        while (true) {
            var page = Http.json(http.get("/mailbox/messages?limit=1000&after=" + after).body());
            for (var message : page.get("messages")) {
                after = message.get("id").asText();
                if (message.get("to").asText().equals(address)) ids.add(after);
            }
            if (page.get("messages").size() < 1000) return ids;
        }
    }

    private MimeMessage message(String id) {
        String source = http.get("/mailbox/%s.eml".formatted(id)).body();
        try {
            return new MimeMessage(
                    Session.getInstance(new Properties()),
                    new ByteArrayInputStream(source.getBytes(StandardCharsets.US_ASCII)));
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }
}
