package io.dynosend.liquid.parse;

import io.dynosend.liquid.parse.Lexeme.Kind;
import java.util.ArrayList;
import java.util.List;

/** Splits the inside of a tag or an output into words and signs. */
final class Lexer {

    private final Source source;
    private final String text;
    private final int end;
    private final List<Lexeme> lexemes = new ArrayList<>();
    private int at;

    private Lexer(Source source, int from, int to) {
        this.source = source;
        this.text = source.text();
        this.at = from;
        this.end = to;
    }

    /** All of them, and an end behind the last. */
    static List<Lexeme> lexemes(Source source, int from, int to) {
        return new Lexer(source, from, to).run();
    }

    private List<Lexeme> run() {
        for (skip(); at < end; skip()) {
            lexemes.add(next());
        }
        lexemes.add(new Lexeme(Kind.END, "", end));
        return lexemes;
    }

    private void skip() {
        at = Chars.skipSpace(text, at, end);
    }

    private Lexeme next() {
        char c = text.charAt(at);
        if (Chars.isWordStart(c)) {
            return word();
        }
        if (Chars.isDigit(c) || (c == '-' && Chars.isDigit(peek(1)))) {
            return number();
        }
        if (c == '\'' || c == '"') {
            return string(c);
        }
        return "=!<>".indexOf(c) >= 0 ? comparison(c) : sign(c);
    }

    private Lexeme word() {
        int start = at;
        while (at < end && (Chars.isWord(text.charAt(at)) || text.charAt(at) == '-')) {
            at++;
        }
        if (at < end && text.charAt(at) == '?') {
            at++;
        }
        String word = text.substring(start, at);
        boolean property = !lexemes.isEmpty() && lexemes.getLast().kind() == Kind.DOT;
        boolean comparison = word.equals("contains") && !property;
        return new Lexeme(comparison ? Kind.COMPARISON : Kind.WORD, word, start);
    }

    private Lexeme number() {
        int start = at++;
        skipDigits();
        if (peek(0) == '.' && Chars.isDigit(peek(1))) {
            at++;
            skipDigits();
        }
        return new Lexeme(Kind.NUMBER, text.substring(start, at), start);
    }

    private void skipDigits() {
        while (at < end && Chars.isDigit(text.charAt(at))) {
            at++;
        }
    }

    private Lexeme string(char quote) {
        int start = at;
        int close = text.indexOf(quote, start + 1);
        if (close < 0 || close >= end) {
            throw source.error(start, "a text has no end, expected another " + quote);
        }
        at = close + 1;
        return new Lexeme(Kind.STRING, text.substring(start + 1, close), start);
    }

    private Lexeme comparison(char c) {
        int start = at;
        char second = peek(1);
        boolean two = second == '=' || (c == '<' && second == '>');
        if (!two && (c == '=' || c == '!')) {
            throw source.error(at, "expected '%c=', found '%c'".formatted(c, c));
        }
        at += two ? 2 : 1;
        return new Lexeme(Kind.COMPARISON, text.substring(start, at), start);
    }

    private Lexeme sign(char c) {
        int start = at;
        Kind kind =
                switch (c) {
                    case '|' -> Kind.PIPE;
                    case '.' -> peek(1) == '.' ? Kind.DOTS : Kind.DOT;
                    case ':' -> Kind.COLON;
                    case ',' -> Kind.COMMA;
                    case '[' -> Kind.OPEN_SQUARE;
                    case ']' -> Kind.CLOSE_SQUARE;
                    case '(' -> Kind.OPEN_ROUND;
                    case ')' -> Kind.CLOSE_ROUND;
                    case '?' -> Kind.QUESTION;
                    case '-' -> Kind.DASH;
                    default ->
                            throw source.error(
                                    at,
                                    "unexpected character '%s'"
                                            .formatted(Character.toString(text.codePointAt(at))));
                };
        at++;
        // Two dots or more are one sign: (1...5) is the same range.
        while (kind == Kind.DOTS && peek(0) == '.') {
            at++;
        }
        return new Lexeme(kind, text.substring(start, at), start);
    }

    private char peek(int ahead) {
        return at + ahead < end ? text.charAt(at + ahead) : 0;
    }
}
