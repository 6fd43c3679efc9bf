package io.dynosend.campaign;

import io.dynosend.content.Place;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something an author should know before sending.
 *
 * @param code stable, for programs
 * @param part what to look at: subject, html, mjml, markdown, text, headers or settings
 * @param place in that part as its author wrote it; null: it concerns the whole
 * @param message what it is and what to do
 */
public record Finding(
        Level level, String code, String part, @Nullable Place place, String message) {

    /** How bad it is. */
    public enum Level {
        /** Do not send it like this. */
        ERROR,
        /** Probably not wanted. */
        WARNING,
        /** Good to know. */
        NOTE;

        /** The spelling in the API. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding error(String code, String part, @Nullable Place place, String message) {
        return new Finding(Level.ERROR, code, part, place, message);
    }

    static Finding warning(String code, String part, @Nullable Place place, String message) {
        return new Finding(Level.WARNING, code, part, place, message);
    }

    static Finding note(String code, String part, @Nullable Place place, String message) {
        return new Finding(Level.NOTE, code, part, place, message);
    }
}
