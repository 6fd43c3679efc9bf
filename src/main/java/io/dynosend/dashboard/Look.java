package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.contact.Contact;
import io.dynosend.content.Wording;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How somebody looks at a campaign before it is sent: as whom, on what, in which light.
 *
 * @param asked contact, q, width, theme and part, as in the address
 * @param who whose mail it is; empty: nobody's
 * @param found contacts that match what was searched for
 * @param wording null: it could not be made, which the problem tells
 */
public record Look(
        Desk desk,
        Map<String, String> asked,
        String who,
        List<Contact> found,
        @Nullable Wording wording,
        String problem) {

    static final List<String> NAMES = List.of("contact", "q", "width", "theme", "part");

    public boolean is(String name, String value) {
        return asked(name).equals(value);
    }

    public String asked(String name) {
        return asked.getOrDefault(name, "");
    }

    /** The same, but for one thing. */
    public String with(String name, String value) {
        var all = new LinkedHashMap<>(asked);
        all.put(name, value);
        if (name.equals("contact")) all.remove("q");
        return desk.href("/look") + query(all);
    }

    public String here() {
        return desk.href("/look") + query(asked);
    }

    /** Where the frame finds the message. */
    public String frame() {
        String contact = asked("contact");
        return desk.href("/preview")
                + (contact.isEmpty() ? "" : "?contact=" + URLEncoder.encode(contact, UTF_8));
    }

    public String subject() {
        return wording == null ? desk.campaign().subject() : wording.subject();
    }

    /** What an inbox shows behind the subject. */
    public String beginning() {
        if (wording == null) return "";
        String text = wording.text().replaceAll("(?m)^#+ ", "").strip().replaceAll("\\s+", " ");
        return text.length() <= 110 ? text : text.substring(0, 110) + "…";
    }

    private static String query(Map<String, String> all) {
        String query =
                all.entrySet().stream()
                        .filter(each -> !each.getValue().isEmpty())
                        .map(each ->
                                each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
                        .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }
}
