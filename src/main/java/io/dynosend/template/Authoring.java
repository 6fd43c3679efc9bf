package io.dynosend.template;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.content.Blocks;
import io.dynosend.content.Format;
import io.dynosend.content.Source;
import io.dynosend.template.ContentChange.Given;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the content of messages from what their authors write. */
public final class Authoring {

    /**
     * Content as it is to be kept.
     *
     * @param subject of the template that was copied; null: none
     */
    public record Authored(Content content, @Nullable String subject) {}

    private final Templates templates;
    private final SharedBlocks blocks;

    public Authoring(Templates templates, SharedBlocks blocks) {
        this.templates = templates;
        this.blocks = blocks;
    }

    /** The blocks of the account that a message uses, as they are now. */
    public Blocks blocks(long account, List<String> liquid) {
        return blocks.usedBy(account, liquid);
    }

    /**
     * Compiles what changed, of the latest versions of layout, template and blocks.
     *
     * @throws NotFound if the account has no such template or layout
     * @throws BadInput if it does not compile, naming format, line and column, or does not go
     *     together
     */
    public Authored changed(long account, Content old, ContentChange change) {
        var template = template(account, change.templateUid());
        Given given = given(change, template);
        boolean stays = given == null && change.layoutUid() == null && change.inlineCss() == null;
        var content =
                stays
                        ? text(old, change, template, made(old))
                        : compiled(account, old, change, template, given);
        return new Authored(content, template == null ? null : template.subject());
    }

    /** The uid of a layout that a message has. */
    public String layoutUid(long account, long layout) {
        return templates.byId(account, layout).uid();
    }

    private @Nullable TemplateVersion template(long account, @Nullable String uid) {
        return uid == null ? null : latest(account, uid, TemplateKind.TEMPLATE, "template_uid");
    }

    private TemplateVersion latest(long account, String uid, TemplateKind kind, String field) {
        var template = templates.get(account, uid);
        requireKind(template, kind, field);
        return templates.version(account, template, template.version());
    }

    private static void requireKind(Template template, TemplateKind kind, String field) {
        if (template.kind() == kind) return;
        throw new BadInput(
                "%s must be that of a %s, not of a %s"
                        .formatted(field, kind.wire(), template.kind().wire()));
    }

    private static @Nullable Given given(ContentChange change, @Nullable TemplateVersion template) {
        if (change.given() != null || template == null) return change.given();
        return new Given(template.source().format(), template.source().content());
    }

    private Content compiled(
            long account,
            Content old,
            ContentChange change,
            @Nullable TemplateVersion template,
            @Nullable Given given) {
        var source = given == null ? old.writtenSource() : source(given);
        var format = source == null ? Format.HTML : source.format();
        boolean inline = inlineCss(old, change, template);
        var layout = layout(account, format, old, change);
        if (source == null) {
            var empty = new Content(Format.HTML, null, null, inline, null, old.text(), false);
            return text(empty, change, template, null);
        }
        var around =
                layout == null
                        ? null
                        : templates.version(account, layout, layout.version()).source();
        var compiled = source.compiled(around, inline, blocks(account, liquid(source, around)));
        boolean asWritten = compiled.html().equals(source.content());
        var content =
                new Content(
                        format,
                        asWritten && format == Format.HTML ? null : source.content(),
                        layout == null ? null : layout.id(),
                        inline,
                        compiled.html(),
                        old.text(),
                        old.textIsMade());
        return text(content, change, template, compiled.text());
    }

    private static @Nullable Source source(Given given) {
        String content = given.content();
        return content == null ? null : new Source(given.format(), content);
    }

    private static boolean inlineCss(
            Content old, ContentChange change, @Nullable TemplateVersion template) {
        if (change.inlineCss() != null) return change.inlineCss();
        return template == null ? old.inlineCss() : template.inlineCss();
    }

    private @Nullable Template layout(
            long account, Format format, Content old, ContentChange change) {
        String uid = change.layoutUid();
        if (uid == null) {
            Long kept = format == Format.MARKDOWN ? old.layout() : null;
            return kept == null ? null : templates.byId(account, kept);
        }
        if (uid.isEmpty()) return null;
        if (format != Format.MARKDOWN) throw new BadInput("layout_uid goes with markdown only");
        var layout = found(account, uid);
        requireKind(layout, TemplateKind.LAYOUT, "layout_uid");
        return layout;
    }

    private Template found(long account, String uid) {
        try {
            return templates.get(account, uid);
        } catch (NotFound e) {
            throw new NotFound("Layout");
        }
    }

    private static List<String> liquid(Source source, @Nullable Source layout) {
        var all = new ArrayList<String>(List.of(source.content()));
        if (layout != null) all.add(layout.content());
        return all;
    }

    // Only Markdown says itself what its text is.
    private static @Nullable String made(Content old) {
        String source = old.source();
        return old.format() == Format.MARKDOWN && source != null
                ? new Source(Format.MARKDOWN, source).text()
                : null;
    }

    private static Content text(
            Content content,
            ContentChange change,
            @Nullable TemplateVersion template,
            @Nullable String made) {
        String written = change.text();
        if (written == null && template != null) written = template.text();
        if (written == null && !content.textIsMade()) written = content.text();
        boolean isMade = written == null || written.isBlank();
        return new Content(
                content.format(),
                content.source(),
                content.layout(),
                content.inlineCss(),
                content.html(),
                isMade ? made : written,
                isMade && made != null);
    }
}
