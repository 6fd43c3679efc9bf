package io.dynosend.liquid.parse;

import io.dynosend.liquid.value.Texts;

/** The characters that Liquid's words are made of. */
final class Chars {

    private Chars() {}

    static boolean isWord(char c) {
        return isWordStart(c) || isDigit(c);
    }

    static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static int skipSpace(String text, int from, int to) {
        int at = from;
        while (at < to && Texts.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static int endOfWord(String text, int from, int to) {
        int at = from;
        while (at < to && isWord(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
