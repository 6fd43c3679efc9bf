package io.dynosend.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Designs to begin a message with, for the builder. */
public enum Starter {
    LETTER("Plain letter", "A few paragraphs and a signature, like a mail from a person."),
    NEWSLETTER("Newsletter", "A heading, a main story, two short ones, and a button."),
    ANNOUNCEMENT("Announcement", "One message, large, on a coloured ground."),
    OFFER("Product or offer", "A picture, a price, what is good about it, and a button."),
    BLANK("Blank", "An empty sheet with a footer.");

    // What the builder opens again; whoever writes HTML of their own has no reason to say so.
    private static final String MARK = "content=\"Dynosend builder\"";

    private final String label;
    private final String about;
    private final String html;

    Starter(String label, String about) {
        this.label = label;
        this.about = about;
        this.html = read("/starters/" + name().toLowerCase(Locale.ROOT) + ".html");
    }

    /** The one of this name; empty if there is none. */
    public static Optional<Starter> of(String name) {
        return Stream.of(values()).filter(each -> each.wire().equals(name)).findFirst();
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
