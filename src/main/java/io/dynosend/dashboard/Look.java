package io.dynosend.dashboard;

import io.dynosend.contact.Contact;
import io.dynosend.content.Wording;
import java.util.List;
import java.util.Map;
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
        var changed = address().with(name, value);
        return (name.equals("contact") ? changed.without("q") : changed).toString();
    }

    public String here() {
        return address().toString();
    }

    /** Where the frame finds the message. */
    public String frame() {
        return desk.address("/preview")
                .with("contact", asked("contact"))
                .with("theme", asked("theme"))
                .toString();
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

    private Address address() {
        var address = desk.address("/look");
        for (var each : asked.entrySet()) address = address.with(each.getKey(), each.getValue());
        return address;
    }
}
