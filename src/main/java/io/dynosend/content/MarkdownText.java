package io.dynosend.content;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.jsoup.parser.Parser;

/**
 * The text part of a message written in Markdown: as it was written, addresses beside their words.
 */
final class MarkdownText extends AbstractVisitor {

    private static final Pattern LINK_START =
            Pattern.compile("(?is)<a\\s[^>]*?href\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)').*");
    private static final Pattern PRINTING =
            Pattern.compile("\\{%-?\\s*(?:render|include|echo|liquid)\\b");

    static final String BRACE = LiquidSource.literal("{");

    private static final String RULE = "----------";

    private final MarkdownSource source;
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> htmlLinks = new ArrayDeque<>();
    private String indent = "";
    private String gap = "";
    private String gapIndent = "";
    private boolean begun;

    private MarkdownText(MarkdownSource source) {
        this.source = source;
    }

    /** With the Liquid still masked. */
    static String of(Node document, MarkdownSource source) {
        var text = new MarkdownText(source);
        document.accept(text);
        return text.out.append('\n').toString();
    }

    @Override
    public void visit(Heading heading) {
        begin("\n\n");
        out.repeat('#', heading.getLevel()).append(' ');
        visitChildren(heading);
    }

    @Override
    public void visit(Paragraph paragraph) {
        boolean tight = paragraph.getParent() instanceof ListItem;
        begin(tight && paragraph.getPrevious() == null ? "" : "\n\n");
        visitChildren(paragraph);
    }

    @Override
    public void visit(ThematicBreak rule) {
        begin("\n\n");
        out.append(RULE);
    }

    @Override
    public void visit(BlockQuote quote) {
        separate("\n\n");
        within("> ", quote);
    }

    @Override
    public void visit(BulletList list) {
        list(list, 0);
    }

    @Override
    public void visit(OrderedList list) {
        Integer first = list.getMarkerStartNumber();
        list(list, first == null ? 1 : first);
    }

    @Override
    public void visit(FencedCodeBlock code) {
        code(code.getLiteral());
    }

    @Override
    public void visit(IndentedCodeBlock code) {
        code(code.getLiteral());
    }

    @Override
    public void visit(HtmlBlock html) {
        String text = TextFromHtml.written(html.getLiteral()).replace(BRACE, "{");
        if (text.isBlank()) return;
        begin("\n\n");
        lines(text);
    }

    @Override
    public void visit(CustomBlock block) {
        switch (block) {
            case LiquidTags tags -> tags(tags);
            case TableBlock table -> {
                separate("\n\n");
                visitChildren(table);
            }
            default -> visitChildren(block);
        }
    }

    @Override
    public void visit(CustomNode node) {
        switch (node) {
            case TableRow row -> {
                begin("\n");
                visitChildren(row);
            }
            case TableCell cell -> {
                if (cell.getPrevious() != null) out.append(" | ");
                visitChildren(cell);
            }
            default -> visitChildren(node);
        }
    }

    @Override
    public void visit(Text text) {
        out.append(text.getLiteral());
    }

    @Override
    public void visit(Code code) {
        out.append(code.getLiteral());
    }

    @Override
    public void visit(SoftLineBreak lineBreak) {
        out.append('\n').append(indent);
    }

    @Override
    public void visit(HardLineBreak lineBreak) {
        out.append('\n').append(indent);
    }

    @Override
    public void visit(Image image) {
        visitChildren(image);
    }

    @Override
    public void visit(Link link) {
        int start = out.length();
        visitChildren(link);
        target(out.substring(start), link.getDestination());
    }

    // An anchor written as HTML: its address comes when it ends.
    @Override
    public void visit(HtmlInline html) {
        String tag = html.getLiteral();
        Matcher link = LINK_START.matcher(tag);
        if (link.matches()) {
            String target = link.group(1) == null ? link.group(2) : link.group(1);
            htmlLinks.push(Parser.unescapeEntities(target, true));
        } else if (tag.equalsIgnoreCase("</a>") && !htmlLinks.isEmpty()) {
            target("", htmlLinks.pop());
        } else if (tag.toLowerCase(Locale.ROOT).startsWith("<br")) {
            out.append('\n').append(indent);
        }
    }

    private void target(String shown, String destination) {
        String target = destination.replaceFirst("^(?i:mailto:)", "");
        if (target.isEmpty() || target.startsWith("#")) return;
        boolean bare = TextFromHtml.bare(shown).equals(TextFromHtml.bare(target));
        if (!bare) out.append(" (").append(target).append(')');
    }

    private void list(ListBlock list, int number) {
        separate(list.getParent() instanceof ListItem ? "\n" : "\n\n");
        if (list.getFirstChild() instanceof LiquidTags) separateOnce();
        boolean counted = number > 0 && !hasTags(list);
        int next = number;
        for (Node child = list.getFirstChild(); child != null; child = child.getNext()) {
            if (child instanceof LiquidTags tags) tags(tags);
            else item(child, counted ? next++ + ". " : "* ");
        }
    }

    private static boolean hasTags(Node list) {
        for (Node child = list.getFirstChild(); child != null; child = child.getNext()) {
            if (child instanceof LiquidTags) return true;
        }
        return false;
    }

    private void item(Node item, String marker) {
        begin("\n");
        out.append(marker);
        within(" ".repeat(marker.length()), item);
    }

    private void within(String prefix, Node node) {
        String outer = indent;
        indent = outer + prefix;
        visitChildren(node);
        indent = outer;
    }

    private void code(String literal) {
        begin("\n\n");
        lines("    " + literal.stripTrailing().replace("\n", "\n    "));
    }

    private void lines(String text) {
        out.append(text.replace("\n", "\n" + indent));
    }

    // Tags stand before the gap: what they leave out takes its gap along.
    private void tags(LiquidTags tags) {
        if (PRINTING.matcher(source.liquid(tags.words())).find()) begin("\n\n");
        out.append(tags.words());
    }

    // What comes in a loop brings its own line break each time.
    private void separateOnce() {
        if (begun) out.append('\n').append(gapIndent.stripTrailing());
        begun = true;
        gap = "";
    }

    private void separate(String wanted) {
        if (gap.isEmpty()) gapIndent = indent;
        if (wanted.length() > gap.length()) gap = wanted;
    }

    private void begin(String wanted) {
        separate(wanted);
        if (!begun) out.append(indent);
        else if (gap.length() == 1) out.append('\n').append(indent);
        else if (gap.length() == 2) {
            out.append('\n').append(gapIndent.stripTrailing()).append('\n').append(indent);
        }
        begun = true;
        gap = "";
    }
}
