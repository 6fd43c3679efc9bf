package io.dynosend.mailbox;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;

/**
 * What a message says.
 *
 * @param text empty when it has no plain text
 * @param html empty when it has no HTML; as sent, that is, not to be trusted
 */
public record Contents(String text, String html, List<Attachment> attachments) {

    // Punctuation at its end belongs to the sentence.
    private static final Pattern URL =
            Pattern.compile("https?://[^\\s<>\"']*[^\\s<>\"'.,:;!?)\\]]");

    public record Attachment(String name, String type) {}

    /** Every web address that can be clicked, those of the HTML first, each once. */
    List<String> links() {
        var links = new LinkedHashSet<String>();
        for (var anchor : Jsoup.parse(html).select("a[href], area[href]"))
            links.add(Text.printable(anchor.attr("href").strip()));
        URL.matcher(text).results().forEach(found -> links.add(found.group()));
        return links.stream().filter(Contents::leadsToTheWeb).toList();
    }

    private static boolean leadsToTheWeb(String link) {
        return link.regionMatches(true, 0, "http://", 0, 7)
                || link.regionMatches(true, 0, "https://", 0, 8);
    }
}
