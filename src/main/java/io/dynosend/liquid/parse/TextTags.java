package io.dynosend.liquid.parse;

import java.util.Map;

/** Tags around text: what is not shown, and what is shown as it stands. */
final class TextTags {

    static final Map<String, Tag> ALL =
            Map.of(
                    "comment", TextTags::parseComment,
                    "doc", TextTags::parseDoc,
                    "raw", TextTags::parseRaw,
                    "#", (tag, _, parser, body) -> parseInlineComment(tag, parser, body),
                    "liquid", (tag, _, parser, body) -> parser.lines(tag, body));

    private TextTags() {}

    private static void parseRaw(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        parser.noArgument(tag);
        Token inside = tokens.verbatim("endraw");
        if (inside == null) {
            throw parser.neverClosed(tag);
        }
        String text = parser.source().text().substring(inside.from(), inside.to());
        body.verbatim(text, tag);
        parser.trimNext(inside.trimsAfter());
    }

    private static void parseDoc(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        parser.noArgument(tag);
        Token inside = tokens.verbatim("enddoc");
        if (inside == null) {
            throw parser.neverClosed(tag);
        }
        int nested = TemplateTokens.find(parser.source().text(), "doc", inside.from());
        if (nested >= 0 && nested < inside.to()) {
            throw parser.source().error(nested, "expected 'enddoc', one 'doc' cannot hold another");
        }
        body.nothing();
        parser.trimNext(inside.trimsAfter());
    }

    // Its inside need not be right, but comments and raw blocks in it have to be closed.
    private static void parseComment(Token tag, Tokens tokens, TemplateParser parser, Body body) {
        int depth = 1;
        for (Token token = tokens.next(); token != null; token = tokens.next()) {
            if (token.isTag("comment")) {
                depth++;
            } else if (token.isTag("endcomment")) {
                depth--;
            } else if (token.isTag("raw") && tokens.verbatim("endraw") == null) {
                throw parser.neverClosed(token);
            }
            if (depth == 0) {
                body.nothing();
                parser.trimNext(token.trimsAfter());
                return;
            }
        }
        throw parser.neverClosed(tag);
    }

    private static void parseInlineComment(Token tag, TemplateParser parser, Body body) {
        String text = parser.source().text();
        int newline = text.indexOf('\n', tag.from(), tag.to());
        while (newline >= 0) {
            int at = Chars.skipSpace(text, newline, tag.to());
            if (at < tag.to() && text.charAt(at) != '#') {
                throw parser.source().error(at, "expected '#' before every line of the comment");
            }
            newline = text.indexOf('\n', Math.max(at, newline + 1), tag.to());
        }
        body.nothing();
    }
}
