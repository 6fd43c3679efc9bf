package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;

/** What is wrong with what an author wrote, and where. */
final class SourceError {

    private SourceError() {}

    /**
     * Says it by line and column, both from 1.
     *
     * @param field the parameter the source came in
     */
    static BadInput at(String field, String source, int offset, String problem) {
        int line = 1;
        int start = 0;
        for (int next = source.indexOf('\n'); next >= 0 && next < offset; ) {
            line++;
            start = next + 1;
            next = source.indexOf('\n', start);
        }
        return at(field, line, offset - start + 1, problem);
    }

    static BadInput at(String field, int line, int column, String problem) {
        return new BadInput(
                "%s: line %d, column %d: %s".formatted(field, line, column, problem),
                "template_error");
    }
}
