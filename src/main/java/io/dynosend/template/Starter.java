package io.dynosend.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Designs to begin a message with, for the builder. */
public enum Starter {
    LETTER(
            "Plain letter",
            "A few paragraphs and a signature, like a mail from a person.",
            "Begin with why you write",
            "Keep it as short as you would to a friend"),
    NEWSLETTER(
            "Newsletter",
            "A heading, a main story, two short ones, and a button.",
            "Your main picture",
            "Two or three sentences that make one curious",
            "One thought, one or two sentences, one link",
            "Short news live well side by side"),
    ANNOUNCEMENT(
            "Announcement",
            "One message, large, on a coloured ground.",
            "One sentence below it: what it is"),
    OFFER(
            "Product or offer",
            "A picture, a price, what is good about it, and a button.",
            "A picture of the product",
            "What it does for whoever has it",
            "Say how, and for how long you stand by it",
            "Say when it arrives",
            "Say within how many days"),
    BLANK("Blank", "An empty sheet with a footer.", "write here.", "Write here.");

    // What the builder opens again; whoever writes HTML of their own has no reason to say so.
    private static final String MARK = "content=\"Dynosend builder\"";

    private final String label;
    private final String about;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is.
    private final List<String> placeholders;

    private final String html;

    Starter(String label, String about, String... placeholders) {
        this.label = label;
        this.about = about;
        this.placeholders = List.of(placeholders);
        this.html = read("/starters/" + name().toLowerCase(Locale.ROOT) + ".html");
    }

    /** The one of this name; empty if there is none. */
    public static Optional<Starter> of(String name) {
        return Stream.of(values()).filter(each -> each.wire().equals(name)).findFirst();
    }

    /** What stands in a message that a design only says to be replaced; empty: nothing. */
    public static Optional<String> placeholder(String html) {
        return Stream.of(values())
                .flatMap(each -> each.placeholders.stream())
                .filter(html::contains)
                .findFirst();
    }

    /** Whether this is a message that the builder can open. */
    public static boolean isBuilt(String html) {
        return html.contains(MARK) && html.contains("ds-sheet");
    }

    /** As a form names it. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String label() {
        return label;
    }

    public String about() {
        return about;
    }

    public String html() {
        return html;
    }

    private static String read(String file) {
        try (var in = Objects.requireNonNull(Starter.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
