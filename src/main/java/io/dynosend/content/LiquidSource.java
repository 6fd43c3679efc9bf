package io.dynosend.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the Liquid is in a template, so that the rest can be read as HTML or text. */
final class LiquidSource {

    enum Kind {
        /** {@code {{ … }}}. */
        OUTPUT,
        /** {@code {% … %}}; a comment with all that is in it. */
        TAG,
        /** {@code {% raw %}} or {@code {% endraw %}}; what is between is not Liquid. */
        RAW
    }

    /**
     * From {@code start} to before {@code end}.
     *
     * @param name the tag's name; empty for an output
     */
    record Segment(int start, int end, Kind kind, String name) {

        boolean opens() {
            return BLOCKS.contains(name);
        }

        boolean closes() {
            return name.startsWith("end");
        }
    }

    private static final Set<String> BLOCKS =
            Set.of("if", "unless", "case", "for", "tablerow", "capture", "ifchanged", "raw");

    private static final Set<String> BRANCHES = Set.of("else", "elsif", "when");

    private static final Pattern OPENING = Pattern.compile("\\{\\{|\\{%-?\\s*(\\w*)");
    private static final Pattern END_RAW = Pattern.compile("\\{%-?\\s*endraw\\b");
    private static final Pattern END_DOC = Pattern.compile("\\{%-?\\s*enddoc\\b");

    private final String source;
    private final List<Segment> segments = new ArrayList<>();

    LiquidSource(String source) {
        this.source = source;
        find();
    }

    String source() {
        return source;
    }

    List<Segment> segments() {
        return segments;
    }

    String text(Segment segment) {
        return source.substring(segment.start(), segment.end());
    }

    /** Plain text as a template that shows it: with nothing in it that could be Liquid. */
    static String literal(String text) {
        return text.replace("{", "{{ \"{\" }}");
    }

    /** Whether every block that begins here ends here, and nothing else does. */
    static boolean isBalanced(String liquid) {
        int depth = 0;
        for (Segment segment : new LiquidSource(liquid).segments()) {
            if (segment.opens()) depth++;
            if (segment.closes()) depth--;
            boolean branch = BRANCHES.contains(segment.name());
            if (depth < 0 || (depth == 0 && branch)) return false;
        }
        return depth == 0;
    }

    /** The segments that begin within the range. */
    List<Segment> within(int start, int end) {
        return segments.stream().filter(s -> s.start() >= start && s.start() < end).toList();
    }

    /** Whether Liquid put here would be shown as it is. */
    boolean isRaw(int position) {
        boolean raw = false;
        for (Segment segment : segments) {
            if (segment.start() >= position) break;
            if (segment.kind() == Kind.RAW) raw = !raw;
        }
        return raw;
    }

    /** Whether what stands here may be shown never, or more than once. */
    boolean isInBlock(int position) {
        int depth = 0;
        for (Segment segment : segments) {
            if (segment.start() >= position) break;
            if (segment.kind() != Kind.TAG) continue;
            if (segment.opens()) depth++;
            if (segment.closes()) depth--;
        }
        return depth > 0;
    }

    /** The source with letters for outputs, the filler for tags; every position stays the same. */
    String masked(char tagFiller) {
        var masked = new StringBuilder(source);
        for (Segment segment : segments) {
            char filler = segment.kind() == Kind.OUTPUT ? 'x' : tagFiller;
            for (int i = segment.start(); i < segment.end(); i++) masked.setCharAt(i, filler);
        }
        return masked.toString();
    }

    private void find() {
        Matcher opening = OPENING.matcher(source);
        int position = 0;
        while (opening.find(position)) {
            position = segmentAt(opening);
        }
    }

    private int segmentAt(Matcher opening) {
        String name = opening.group(1);
        if (name == null) return add(opening.start(), after("}}", opening.end()), Kind.OUTPUT, "");
        int end = after("%}", opening.end());
        return switch (name) {
            case "raw" -> raw(add(opening.start(), end, Kind.RAW, name));
            case "comment" -> add(opening.start(), afterComment(end), Kind.TAG, name);
            case "doc" -> add(opening.start(), after(END_DOC, end), Kind.TAG, name);
            default -> add(opening.start(), end, Kind.TAG, name);
        };
    }

    private int add(int start, int end, Kind kind, String name) {
        segments.add(new Segment(start, end, kind, name));
        return end;
    }

    private int raw(int start) {
        Matcher end = END_RAW.matcher(source);
        return end.find(start)
                ? add(end.start(), after("%}", end.end()), Kind.RAW, "endraw")
                : source.length();
    }

    private int afterComment(int start) {
        Matcher tag = OPENING.matcher(source);
        int depth = 1;
        int position = start;
        while (depth > 0 && tag.find(position)) {
            String name = tag.group(1);
            position = name == null ? tag.end() : after("%}", tag.end());
            if ("comment".equals(name)) depth++;
            if ("endcomment".equals(name)) depth--;
            if ("raw".equals(name)) position = after(END_RAW, position);
        }
        return depth == 0 ? position : source.length();
    }

    private int after(Pattern endTag, int from) {
        Matcher end = endTag.matcher(source);
        return end.find(from) ? after("%}", end.end()) : source.length();
    }

    private int after(String closing, int from) {
        int at = source.indexOf(closing, from);
        return at < 0 ? source.length() : at + closing.length();
    }
}
