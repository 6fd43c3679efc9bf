package io.dynosend.liquid;

/** Renders to a text. */
public record TextOutput(StringBuilder text) implements Output {

    @Override
    public void fixed(String fixed) {
        text.append(fixed);
    }

    @Override
    public void append(String piece) {
        text.append(piece);
    }

    @Override
    public void append(String piece, int start, int end) {
        text.append(piece, start, end);
    }

    @Override
    public int length() {
        return text.length();
    }

    /** What was rendered. */
    @Override
    public String toString() {
        return text.toString();
    }
}
