package io.dynosend.liquid;

/** Where a template is rendered to, piece after piece. */
public interface Output {

    /** Text that stands in the template: the very same object whenever it is rendered. */
    void fixed(String text);

    /** Part of a text that may differ from rendering to rendering. */
    void append(String text, int start, int end);

    /** All of such a text. */
    default void append(String text) {
        append(text, 0, text.length());
    }

    /** How many characters it was given so far. */
    int length();
}
