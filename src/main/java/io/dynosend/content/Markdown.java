package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import java.util.Set;
import org.commonmark.node.Node;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.HtmlWriter;

/**
 * Markdown made HTML and text.
 *
 * @param html what stands in the place of a layout's {@code content}
 * @param text the text part
 */
record Markdown(String html, String text) {

    private static final int LARGEST = 500_000;
    private static final String BRACE = "&#123;";
    private static final HtmlRenderer RENDERER =
            HtmlRenderer.builder()
                    .extensions(MarkdownTree.EXTENSIONS)
                    .nodeRendererFactory(Tags::new)
                    .build();

    /**
     * Reads it. Its Liquid stands in both as it stood in the Markdown.
     *
     * @throws BadInput if it is too large, or nests too deep
     */
    static Markdown of(String written) {
        if (written.length() > LARGEST) {
            throw new BadInput("markdown must be %,d characters or fewer".formatted(LARGEST));
        }
        var source = new MarkdownSource(written);
        Node document = MarkdownTree.of(source);
        return new Markdown(
                source.restored(RENDERER.render(document), BRACE),
                source.restored(MarkdownText.of(document, source), MarkdownText.BRACE));
    }

    private record Tags(HtmlNodeRendererContext context) implements NodeRenderer {

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(LiquidTags.class);
        }

        @Override
        public void render(Node node) {
            if (!(node instanceof LiquidTags tags)) return;
            HtmlWriter html = context.getWriter();
            html.line();
            html.raw(tags.words());
            html.line();
        }
    }
}
