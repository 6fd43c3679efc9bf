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
        Place place = Place.of(source, offset);
        return at(field, place.line(), place.column(), problem);
    }

    static BadInput at(String field, int line, int column, String problem) {
        return new BadInput(
                "%s: line %d, column %d: %s".formatted(field, line, column, problem),
                "template_error");
    }
}
