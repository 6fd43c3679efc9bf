package io.dynosend.content;

import io.dynosend.liquid.Template;
import java.util.LinkedHashSet;
import java.util.Set;

/** Turns a draft into the templates of its copies. */
final class MessageCompiler {

    private final Draft draft;
    private final Footer footer;
    private final Blocks blocks;
    private final LinkTargets targets = new LinkTargets();
    private final LinkRewriter links;
    private final Blocks tracked;

    MessageCompiler(Draft draft, PostalAddress address, LinkPolicy policy, Blocks blocks) {
        this.draft = draft;
        this.links = new LinkRewriter(targets, policy);
        this.footer = new Footer(address);
        this.blocks = blocks;
        this.tracked = blocks.tracked(links);
    }

    CompiledMessage compile() {
        Template subject = Templates.author("subject", draft.subject(), blocks::text);
        Template html = Templates.author("html", draft.html(), blocks::html);
        String written = draft.text();
        Template text = written == null ? html : Templates.author("text", written, blocks::text);
        var variables = new LinkedHashSet<>(subject.variables());
        variables.addAll(html.variables());
        variables.addAll(text.variables());

        var source = new HtmlSource(draft.html());
        Template trackedHtml = trackedHtml(source, html.variables());
        Template trackedText =
                written == null
                        ? TextFromHtml.compiled(source, links, this::withFooter)
                        : trackedText(new LiquidSource(written), text.variables());
        return new CompiledMessage(
                draft, subject, trackedHtml, trackedText, targets.all(), variables);
    }

    private Template trackedHtml(HtmlSource html, Set<String> reads) {
        var edits = new Edits(html.liquid());
        links.rewrite(html, edits);
        String missing = footer.html(reads, html.document().text());
        edits.insert(html.endOfBody(), missing + Templates.openPixel());
        return Templates.html(edits.applied(), tracked::html);
    }

    private Template trackedText(LiquidSource text, Set<String> reads) {
        var edits = new Edits(text);
        links.rewrite(text, edits);
        return Templates.text(edits.applied() + footer.text(reads, text.source()), tracked::text);
    }

    private Template withFooter(String text) {
        Set<String> reads = Templates.text(text, tracked::text).variables();
        return Templates.text(text + footer.text(reads, text), tracked::text);
    }
}
