package io.dynosend.liquid.parse;

import io.dynosend.liquid.LiquidSyntaxException;
import io.dynosend.liquid.parse.Lexeme.Kind;
import java.util.List;

/** The words and signs inside a tag or an output, read one after the other. */
abstract class Lexemes {

    private final Source source;
    private final List<Lexeme> lexemes;
    private int at;

    Lexemes(Source source, int from, int to) {
        this.source = source;
        this.lexemes = Lexer.lexemes(source, from, to);
    }

    final boolean isAt(Kind kind) {
        return current().kind() == kind;
    }

    final boolean isAtNamed() {
        return isAt(Kind.WORD) && lexemes.get(at + 1).kind() == Kind.COLON;
    }

    final boolean take(Kind kind) {
        boolean there = isAt(kind);
        at += there ? 1 : 0;
        return there;
    }

    final boolean takeWord(String word) {
        boolean there = current().isWord(word);
        at += there ? 1 : 0;
        return there;
    }

    final String word(String expected) {
        return expect(Kind.WORD, expected).text();
    }

    final Lexeme expect(Kind kind, String expected) {
        if (!isAt(kind)) {
            throw unexpected(current(), expected);
        }
        return advance();
    }

    final void end(String expected) {
        expect(Kind.END, expected);
    }

    final Lexeme current() {
        return lexemes.get(at);
    }

    final LiquidSyntaxException unexpected(Lexeme lexeme, String expected) {
        return error(lexeme.start(), "expected %s, found %s".formatted(expected, lexeme.shown()));
    }

    /** What was written between two places, without blanks, as the name of a loop has it. */
    final String written(int fromLexeme) {
        StringBuilder text = new StringBuilder();
        for (Lexeme lexeme : lexemes.subList(fromLexeme, at)) {
            boolean quoted = lexeme.kind() == Kind.STRING;
            String quote =
                    quoted ? source.text().substring(lexeme.start(), lexeme.start() + 1) : "";
            text.append(quote).append(lexeme.text()).append(quote);
        }
        return text.toString();
    }

    final int place() {
        return at;
    }

    final Lexeme advance() {
        Lexeme lexeme = current();
        at += lexeme.kind() == Kind.END ? 0 : 1;
        return lexeme;
    }

    final LiquidSyntaxException error(int offset, String problem) {
        return source.error(offset, problem);
    }
}
