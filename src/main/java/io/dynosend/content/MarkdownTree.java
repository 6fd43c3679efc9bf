package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/** Markdown parsed (CommonMark 0.31, with tables, strikethrough and autolinks of GitHub's). */
final class MarkdownTree {

    static final List<Extension> EXTENSIONS =
            List.of(
                    TablesExtension.create(),
                    StrikethroughExtension.create(),
                    AutolinkExtension.create());

    private static final int MOST_NESTING = 50;
    private static final Parser PARSER =
            Parser.builder()
                    .extensions(EXTENSIONS)
                    .maxOpenBlockParsers(MOST_NESTING)
                    .maxInlineNesting(MOST_NESTING)
                    .build();

    private final MarkdownSource source;

    private MarkdownTree(MarkdownSource source) {
        this.source = source;
    }

    /**
     * The document, with {@link LiquidTags} where tags stand between its blocks.
     *
     * @throws BadInput if it nests too deep
     */
    static Node of(MarkdownSource source) {
        Node document = PARSER.parse(source.masked());
        requireFlat(document);
        new MarkdownTree(source).place(document);
        return document;
    }

    // Whoever walks the tree does so recursively.
    private static void requireFlat(Node document) {
        int depth = 0;
        Node node = document;
        while (node != null) {
            if (depth > 4 * MOST_NESTING) {
                throw new BadInput("markdown: it nests too deep", "template_error");
            }
            if (node.getFirstChild() != null) {
                node = node.getFirstChild();
                depth++;
                continue;
            }
            while (node != null && node.getNext() == null) {
                node = node.getParent();
                depth--;
            }
            if (node != null) node = node.getNext();
        }
    }

    private void place(Node parent) {
        for (Node child : children(parent)) {
            if (child instanceof HtmlBlock html) placeTags(html);
            else if (child instanceof TableBlock table) placeRows(table);
            else place(child);
        }
        joinLists(parent);
    }

    private void placeTags(HtmlBlock html) {
        String words = source.tagsOfComment(html.getLiteral());
        if (words.isEmpty()) return;
        html.insertBefore(new LiquidTags(words));
        html.unlink();
    }

    private void placeRows(TableBlock table) {
        for (Node part : children(table)) {
            if (part instanceof TableBody) children(part).forEach(this::placeRow);
        }
        Node body = table.getLastChild();
        while (body instanceof TableBody
                && body.getLastChild() instanceof LiquidTags last
                && !LiquidSource.isBalanced(liquid(children(body)))) {
            last.unlink();
            table.insertAfter(last);
        }
    }

    private void placeRow(Node row) {
        Node cell = row.getFirstChild();
        boolean tags =
                row instanceof TableRow
                        && cell != null
                        && cell.getFirstChild() instanceof Text text
                        && text.getNext() == null
                        && source.isTags(text.getLiteral())
                        && otherCellsAreEmpty(cell);
        if (!tags || !(cell.getFirstChild() instanceof Text words)) return;
        row.insertBefore(new LiquidTags(words.getLiteral()));
        row.unlink();
    }

    private static boolean otherCellsAreEmpty(Node cell) {
        for (Node next = cell.getNext(); next != null; next = next.getNext()) {
            if (next.getFirstChild() != null) return false;
        }
        return true;
    }

    // The items of lists with a loop around or between them are one list.
    private void joinLists(Node parent) {
        var run = new ArrayList<Node>();
        for (Node child : children(parent)) {
            if (!belongs(child, run)) {
                join(run);
                run.clear();
            }
            if (child instanceof LiquidTags || child instanceof ListBlock) run.add(child);
        }
        join(run);
    }

    private static boolean belongs(Node node, List<Node> run) {
        if (node instanceof LiquidTags) return true;
        ListBlock first = firstList(run);
        return node instanceof ListBlock && (first == null || first.getClass() == node.getClass());
    }

    private static @Nullable ListBlock firstList(List<Node> run) {
        for (Node node : run) {
            if (node instanceof ListBlock list) return list;
        }
        return null;
    }

    private void join(List<Node> run) {
        while (!run.isEmpty() && !LiquidSource.isBalanced(liquid(run))) {
            boolean first = run.getFirst() instanceof LiquidTags;
            boolean last = run.getLast() instanceof LiquidTags;
            if (!first && !last) return;
            boolean opening = first && LiquidSource.isBalanced(liquid(run.subList(1, run.size())));
            if (opening || !last) run.removeFirst();
            else run.removeLast();
        }
        while (!run.isEmpty() && standsAlone(run.getLast())) run.removeLast();
        while (!run.isEmpty() && standsAlone(run.getFirst())) run.removeFirst();
        ListBlock list = firstList(run);
        boolean loops = liquid(run).matches("(?s).*\\{%-?\\s*for\\b.*");
        if (list == null || !loops) return;
        boolean before = true;
        for (Node node : run) {
            if (node.equals(list)) {
                before = false;
            } else if (node instanceof LiquidTags) {
                if (before) insertFirst(list, node);
                else list.appendChild(node);
            } else {
                children(node).forEach(list::appendChild);
                node.unlink();
            }
        }
    }

    // What opens or closes nothing shows something of its own, before or after the list.
    private boolean standsAlone(Node node) {
        return node instanceof LiquidTags && LiquidSource.isBalanced(liquid(List.of(node)));
    }

    private static void insertFirst(ListBlock list, Node node) {
        Node item = list.getFirstChild();
        while (item instanceof LiquidTags) item = item.getNext();
        if (item != null) item.insertBefore(node);
    }

    private String liquid(List<Node> nodes) {
        var out = new StringBuilder();
        for (Node node : nodes) {
            if (node instanceof LiquidTags tags) out.append(source.liquid(tags.words()));
        }
        return out.toString();
    }

    private static List<Node> children(Node parent) {
        var children = new ArrayList<Node>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
            children.add(child);
        }
        return children;
    }
}
