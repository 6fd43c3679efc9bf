package io.dynosend.liquid.parse;

/** Reads one kind of tag. */
@FunctionalInterface
interface Tag {

    /**
     * Reads it, its inside and its end where it has these, and adds what it compiles to.
     *
     * @param tag where it begins
     */
    void parse(Token tag, Tokens tokens, TemplateParser parser, Body body);
}
