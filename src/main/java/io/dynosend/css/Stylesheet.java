package io.dynosend.css;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A style sheet, read but never written: every rule knows its place. Broken sheets are read as far
 * as it goes (https://www.w3.org/TR/css-syntax-3/).
 */
public final class Stylesheet {

    private static final Set<String> CONDITIONS =
            Set.of("media", "supports", "document", "-moz-document", "container", "layer");
    private static final int MOST_NESTING = 20;
    private static final Pattern COMMENT = Pattern.compile("/\\*(?:[^*]|\\*(?!/))*+(?:\\*/|$)");
    private static final Pattern IMPORTANT =
            Pattern.compile("!\\s*important\\s*$", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile("@([\\w-]*)");

    private final String source;
    private final List<Rule> rules = new ArrayList<>();

    private Stylesheet(String source) {
        this.source = source;
    }

    /** Reads a style sheet. */
    public static List<Rule> rules(String source) {
        var sheet = new Stylesheet(source);
        sheet.read(0, source.length(), false, 0);
        return sheet.rules;
    }

    /** Reads what stands in a style attribute. */
    public static List<Declaration> declarations(String source) {
        var declarations = new ArrayList<Declaration>();
        new Stylesheet(source).readDeclarations(0, source.length(), declarations);
        return declarations;
    }

    private void read(int from, int to, boolean conditional, int depth) {
        int position = from;
        while (position < to) {
            char c = source.charAt(position);
            if (Character.isWhitespace(c) || c == '}' || c == ';') {
                position++;
            } else if (source.startsWith("/*", position)) {
                position = afterComment(position);
            } else if (source.startsWith("<!--", position)) {
                position += 4;
            } else if (source.startsWith("-->", position)) {
                position += 3;
            } else if (c == '@') {
                position = atRule(position, to, depth);
            } else {
                position = rule(position, to, conditional);
            }
        }
    }

    private int atRule(int start, int to, int depth) {
        int open = find(start, to, "{;");
        if (open >= to || source.charAt(open) == ';') return open + 1;
        int close = find(open + 1, to, "}");
        Matcher name = NAME.matcher(source).region(start, open);
        boolean condition =
                name.lookingAt() && CONDITIONS.contains(name.group(1).toLowerCase(Locale.ROOT));
        if (condition && depth < MOST_NESTING) {
            read(open + 1, Math.min(close, to), true, depth + 1);
        }
        return close + 1;
    }

    private int rule(int start, int to, boolean conditional) {
        int open = find(start, to, "{");
        if (open >= to) return to;
        int close = Math.min(find(open + 1, to, "}"), to);
        var declarations = new ArrayList<Declaration>();
        boolean plain = readDeclarations(open + 1, close, declarations);
        String prelude = COMMENT.matcher(source.substring(start, open)).replaceAll(" ");
        var selectors = Selector.list(prelude);
        rules.add(
                new Rule(
                        start,
                        Math.min(close + 1, to),
                        conditional,
                        plain && !selectors.isEmpty(),
                        selectors,
                        declarations));
        return close + 1;
    }

    // Returns whether all of them could be read.
    private boolean readDeclarations(int from, int to, List<Declaration> into) {
        boolean plain = true;
        int position = from;
        while (position < to) {
            int end = Math.min(find(position, to, ";"), to);
            String text = COMMENT.matcher(source.substring(position, end)).replaceAll(" ").strip();
            if (!text.isEmpty()) plain &= readDeclaration(text, position, end, into);
            position = end + 1;
        }
        return plain;
    }

    private boolean readDeclaration(String text, int start, int end, List<Declaration> into) {
        int colon = text.indexOf(':');
        if (colon < 0 || text.indexOf('{') >= 0) return false;
        String name = text.substring(0, colon).strip();
        String value = text.substring(colon + 1).strip();
        Matcher important = IMPORTANT.matcher(value);
        boolean isImportant = important.find();
        if (isImportant) value = value.substring(0, important.start()).strip();
        if (!Declaration.isName(name) || value.isEmpty()) return false;
        int last = end;
        while (last > start && Character.isWhitespace(source.charAt(last - 1))) last--;
        into.add(new Declaration(last, name.toLowerCase(Locale.ROOT), value, isImportant));
        return true;
    }

    // The next of these characters that is in no string, comment, bracket or block.
    private int find(int from, int to, String wanted) {
        int depth = 0;
        int position = from;
        while (position < to) {
            char c = source.charAt(position);
            if (depth == 0 && wanted.indexOf(c) >= 0) return position;
            if (c == '\\') {
                position += 2;
            } else if (c == '"' || c == '\'') {
                position = afterString(position, to);
            } else if (source.startsWith("/*", position)) {
                position = afterComment(position);
            } else {
                if (c == '(' || c == '[' || c == '{') depth++;
                if ((c == ')' || c == ']' || c == '}') && depth > 0) depth--;
                position++;
            }
        }
        return to;
    }

    private int afterString(int start, int to) {
        char quote = source.charAt(start);
        int position = start + 1;
        while (position < to) {
            char c = source.charAt(position);
            if (c == quote || c == '\n') return position + 1;
            position += c == '\\' ? 2 : 1;
        }
        return to;
    }

    private int afterComment(int start) {
        int end = source.indexOf("*/", start + 2);
        return end < 0 ? source.length() : end + 2;
    }
}
