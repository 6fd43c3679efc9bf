package io.dynosend.content;

/** Where something stands in a source: line and column, both from 1. */
public record Place(int line, int column) {

    /** Of a character of the source. */
    static Place of(String source, int offset) {
        int line = 1;
        int start = 0;
        for (int next = source.indexOf('\n'); next >= 0 && next < offset; ) {
            line++;
            start = next + 1;
            next = source.indexOf('\n', start);
        }
        return new Place(line, offset - start + 1);
    }
}
