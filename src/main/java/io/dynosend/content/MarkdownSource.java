package io.dynosend.content;

import io.dynosend.content.LiquidSource.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Markdown with its Liquid masked. A line of tags alone becomes a comment, which is a block of its
 * own wherever it stands: so a loop may stand around paragraphs, items of a list, rows of a table.
 */
final class MarkdownSource {

    // Repetitions are bounded: the engine descends with each.
    private static final Pattern FENCE = Pattern.compile(" {0,3}(?:> ?){0,50}(```+|~~~+)(.*)");
    private static final Pattern DELIMITERS =
            Pattern.compile(
                    " {0,3}\\|?[ \\t]*:?-+:?[ \\t]*(?:\\|[ \\t]*:?-+:?[ \\t]*)*\\|?[ \\t]*");

    private final LiquidSource liquid;
    private final LiquidMask mask;
    private final Pattern tagLine;
    private final Pattern comment;

    MarkdownSource(String source) {
        this.liquid = new LiquidSource(source);
        this.mask = new LiquidMask(source);
        this.tagLine = Pattern.compile("([ \\t]*)((?:" + mask.words() + "[ \\t]*){1,200})");
        this.comment =
                Pattern.compile(
                        "(?:<|&lt;)!--((?:" + mask.words() + "[ \\t]*){1,200})--(?:>|&gt;)");
    }

    /** For a parser of Markdown. */
    String masked() {
        var out = new StringBuilder();
        boolean table = false;
        String fence = "";
        for (String line : words().split("\n", -1)) {
            Matcher fences = FENCE.matcher(line);
            if (!fence.isEmpty()) {
                boolean ends = fences.matches() && fences.group(1).startsWith(fence);
                if (ends && fences.group(2).isBlank()) fence = "";
            } else if (fences.matches()) {
                fence = fences.group(1);
            }
            table = !line.isBlank() && (table || isDelimiters(line));
            boolean block = fence.isEmpty() && !table && isTags(line);
            if (table && fence.isEmpty()) out.append(withTagsOnTheirOwn(line)).append('\n');
            else out.append(block ? asComment(line) : line).append('\n');
        }
        return out.toString();
    }

    /** Whether a text is nothing but masked tags. */
    boolean isTags(String text) {
        if (!tagLine.matcher(text).matches()) return false;
        Matcher word = mask.words().matcher(text);
        while (word.find()) {
            if (!mask.piece(word.group(1)).text().startsWith("{%")) return false;
        }
        return true;
    }

    /** The tags of a comment that {@link #masked} made; empty if the HTML is anything else. */
    String tagsOfComment(String html) {
        Matcher matcher = comment.matcher(html.strip());
        return matcher.matches() ? matcher.group(1).strip() : "";
    }

    /**
     * What a renderer made of it, with its Liquid; everything else in it is shown as it is.
     *
     * @param brace what is shown as an opening brace
     */
    String restored(String rendered, String brace) {
        String shown = rendered.replaceAll("\\{(?=[{%])", Matcher.quoteReplacement(brace));
        return mask.restored(comment.matcher(shown).replaceAll("$1"));
    }

    /** The Liquid of masked tags. */
    String liquid(String words) {
        return mask.restored(words);
    }

    // What is raw is not Liquid, and shown as everything else that is not.
    private String words() {
        String source = liquid.source();
        var out = new StringBuilder(source.length());
        int at = 0;
        for (var segment : liquid.segments()) {
            out.append(source, at, segment.start());
            if (segment.kind() != Kind.RAW) {
                out.append(mask.hide(liquid.text(segment), segment.start()));
            }
            at = segment.end();
        }
        return out.append(source, at, source.length())
                .toString()
                .replace("\r\n", "\n")
                .replace('\r', '\n');
    }

    // Tags before the first bar of a row are no cell, which would push the last one out of the
    // table.
    private String withTagsOnTheirOwn(String line) {
        int bar = line.indexOf('|');
        boolean tags = bar > 0 && isTags(line.substring(0, bar));
        return tags ? line.substring(0, bar) + "\n" + line.substring(bar) : line;
    }

    private static boolean isDelimiters(String line) {
        return line.indexOf('|') >= 0
                && line.indexOf('-') >= 0
                && DELIMITERS.matcher(line).matches();
    }

    private String asComment(String line) {
        Matcher tags = tagLine.matcher(line);
        return tags.matches() ? tags.group(1) + "<!--" + tags.group(2).strip() + "-->" : line;
    }
}
