package io.dynosend.content;

import io.dynosend.common.Problem.BadInput;
import org.jspecify.annotations.Nullable;

/** Content as its author wrote it. */
public record Source(Format format, String content) {

    /**
     * What a source becomes.
     *
     * @param html Liquid
     * @param text Liquid; null: it is made from the HTML
     */
    public record Compiled(String html, @Nullable String text) {}

    /**
     * Compiles a whole message.
     *
     * @param layout around Markdown; null: the built-in one
     * @param inlineCss whether rules of its styles become styles of elements
     * @param blocks what {@code render} finds
     * @throws BadInput with code {@code template_error}, naming the format, line and column
     */
    public Compiled compiled(@Nullable Source layout, boolean inlineCss, Blocks blocks) {
        check(blocks);
        var compiled =
                switch (format) {
                    case HTML -> new Compiled(content, null);
                    case MJML -> new Compiled(Mjml.html(content), null);
                    case MARKDOWN -> markdown(layout == null ? Layout.BUILT_IN : layout);
                };
        boolean inline = inlineCss || (format == Format.MARKDOWN && layout == null);
        return inline
                ? new Compiled(StyleInliner.inlined(compiled.html()), compiled.text())
                : compiled;
    }

    /**
     * Compiles a template of messages, in the built-in layout.
     *
     * @param subject Liquid; null: none
     * @param text Liquid; null: made from the source
     * @throws BadInput as {@link #compiled}, or naming {@code subject} or {@code text}
     */
    public Compiled compiledTemplate(
            @Nullable String subject, @Nullable String text, boolean inlineCss, Blocks blocks) {
        var compiled = compiled(null, inlineCss, blocks);
        if (subject != null) Templates.author("subject", subject, blocks::text);
        if (text != null) Templates.author("text", text, blocks::text);
        return text == null ? compiled : new Compiled(compiled.html(), text);
    }

    /**
     * Checks and compiles a layout: HTML or MJML with one {@code {{ content }}}.
     *
     * @throws BadInput as {@link #compiled}
     */
    public Compiled compiledLayout(Blocks blocks) {
        check(blocks);
        return new Compiled(Layout.html(this), null);
    }

    /**
     * Compiles a block: HTML or Markdown that stands within a message.
     *
     * @param text of the block in texts; null: made from the source
     * @throws BadInput as {@link #compiled}
     */
    public Compiled compiledBlock(@Nullable String text, boolean inlineCss, Blocks blocks) {
        check(blocks);
        if (text != null) Templates.author("text", text, blocks::text);
        var compiled =
                switch (format) {
                    case HTML -> new Compiled(content, TextFromHtml.written(content));
                    case MARKDOWN -> {
                        var markdown = Markdown.of(content);
                        yield new Compiled(markdown.html(), markdown.text());
                    }
                    case MJML -> throw new BadInput("a block is written in html or markdown");
                };
        String html = inlineCss ? StyleInliner.inlined(compiled.html()) : compiled.html();
        return new Compiled(html, text == null ? compiled.text() : text);
    }

    /** The text that Markdown is by itself. */
    public String text() {
        return Markdown.of(content).text();
    }

    private void check(Blocks blocks) {
        Templates.author(format.wire(), content, blocks::html);
    }

    private Compiled markdown(Source layout) {
        var markdown = Markdown.of(content);
        return new Compiled(Layout.around(markdown.html(), layout), markdown.text());
    }
}
