package io.dynosend.liquid.parse;

import io.dynosend.liquid.Block;
import io.dynosend.liquid.LiquidSyntaxException;
import io.dynosend.liquid.tree.Condition;
import io.dynosend.liquid.tree.Echo;
import io.dynosend.liquid.tree.Expression;
import io.dynosend.liquid.tree.Extension;
import io.dynosend.liquid.tree.Sequence;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a template or a partial, block by block. */
final class TemplateParser {

    private static final Map<String, Tag> TAGS = new HashMap<>();

    static {
        TAGS.putAll(ConditionTags.ALL);
        TAGS.putAll(LoopTags.ALL);
        TAGS.putAll(VariableTags.ALL);
        TAGS.putAll(TextTags.ALL);
        TAGS.putAll(PartialTags.ALL);
    }

    private static final Set<String> INNER = Set.of("else", "elsif", "when");

    private final Source source;
    private final Dialect dialect;
    private Names names;
    private final PartialSources partials;
    private int depth;
    private boolean trims;

    TemplateParser(Source source, Dialect dialect, Names names, PartialSources partials) {
        this.source = source;
        this.dialect = dialect;
        this.names = names;
        this.partials = partials;
    }

    Sequence parse() {
        Body body = new Body(source);
        read(new TemplateTokens(source.text()), null, Set.of(), body);
        return body.build();
    }

    /**
     * Reads the inside of a block, up to one of the tags that end it or its branch.
     *
     * @return the inside; its end says which tag it was
     */
    Body inside(Token opener, Tokens tokens, Set<String> ends) {
        if (++depth > dialect.nesting()) {
            throw error(opener, "blocks nest deeper than %d levels".formatted(dialect.nesting()));
        }
        Body body = new Body(source);
        read(tokens, opener, ends, body);
        depth--;
        return body;
    }

    /**
     * The same of a block that sees nothing of what is around it.
     *
     * @param own collects the names that it reads
     */
    Body isolated(Token opener, Tokens tokens, Set<String> ends, Names own) {
        Names outer = names;
        names = own;
        Body body = inside(opener, tokens, ends);
        names = outer;
        return body;
    }

    /** Reads the lines of a {@code liquid} tag into the body it stands in. */
    void lines(Token tag, Body body) {
        if (++depth > dialect.nesting()) {
            throw error(tag, "blocks nest deeper than %d levels".formatted(dialect.nesting()));
        }
        read(new LineTokens(source.text(), tag.from(), tag.to()), null, Set.of(), body);
        trims = tag.trimsAfter();
        depth--;
    }

    ExpressionParser expressions(Token tag) {
        return expressions(tag.from(), tag.to());
    }

    ExpressionParser expressions(int from, int to) {
        return new ExpressionParser(source, dialect, names, from, to);
    }

    /** A value with its filters, as strictly as the engine takes it. */
    Expression filtered(int from, int to) {
        try {
            return expressions(from, to).filtered();
        } catch (LiquidSyntaxException e) {
            if (!dialect.lax()) {
                throw e;
            }
            return new LaxParser(this, from, to).filtered();
        }
    }

    /** The condition in a tag, as strictly as the engine takes it. */
    Condition condition(Token tag) {
        try {
            return expressions(tag).condition();
        } catch (LiquidSyntaxException e) {
            Condition condition =
                    dialect.lax() ? new LaxParser(this, tag.from(), tag.to()).condition() : null;
            if (condition == null) {
                throw e;
            }
            return condition;
        }
    }

    /** What is written in a tag behind its name, without the blanks around it. */
    String argument(Token tag) {
        return source.text().substring(tag.from(), tag.to()).strip();
    }

    void noArgument(Token tag) {
        if (!argument(tag).isEmpty()) {
            int at = Chars.skipSpace(source.text(), tag.from(), tag.to());
            throw source.error(at, "'%s' stands alone, expected '%%}'".formatted(tag.name()));
        }
    }

    void trimNext(boolean trim) {
        this.trims = trim;
    }

    LiquidSyntaxException error(Token token, String problem) {
        return source.error(token.start(), problem);
    }

    LiquidSyntaxException neverClosed(Token opener) {
        return error(
                opener,
                "expected '%s', but '%s' is never closed"
                        .formatted("end" + opener.name(), opener.name()));
    }

    Source source() {
        return source;
    }

    Dialect dialect() {
        return dialect;
    }

    Names names() {
        return names;
    }

    PartialSources partials() {
        return partials;
    }

    int depth() {
        return depth;
    }

    private void read(Tokens tokens, @Nullable Token opener, Set<String> ends, Body body) {
        for (Token token = tokens.next(); token != null; token = tokens.next()) {
            if (token.trimsBefore()) {
                body.trimEnd();
            }
            if (token.kind() == Token.Kind.TAG && ends.contains(token.name())) {
                trims = token.trimsAfter();
                body.endsWith(token);
                return;
            }
            read(token, tokens, opener, body);
        }
        if (opener != null) {
            throw neverClosed(opener);
        }
    }

    private void read(Token token, Tokens tokens, @Nullable Token opener, Body body) {
        switch (token.kind()) {
            case TEXT -> {
                int from = trims ? trimmed(token) : token.from();
                body.text(source.text().substring(from, token.to()), token);
                trims = false;
            }
            case OUTPUT -> {
                trims = token.trimsAfter();
                output(token, body);
            }
            case TAG -> {
                trims = token.trimsAfter();
                tag(token, opener).parse(token, tokens, this, body);
            }
            case UNCLOSED_OUTPUT -> throw error(token, "expected '}}', but '{{' is never closed");
            case UNCLOSED_TAG -> throw error(token, "expected '%}', but '{%' is never closed");
        }
    }

    private int trimmed(Token token) {
        return Chars.skipSpace(source.text(), token.from(), token.to());
    }

    void output(Token token, Body body) {
        body.node(new Echo(filtered(token.from(), token.to()), dialect.escapesHtml()), token, true);
    }

    private Tag tag(Token token, @Nullable Token opener) {
        Tag known = TAGS.get(token.name());
        if (known != null) {
            return known;
        }
        Block block = dialect.blocks().get(token.name());
        if (block != null) {
            return (tag, tokens, _, body) -> extension(block, tag, tokens, body);
        }
        throw error(token, unknown(token.name(), opener));
    }

    private static String unknown(String name, @Nullable Token opener) {
        if (name.isEmpty()) {
            return "expected the name of a tag";
        }
        if (opener != null && (name.startsWith("end") || INNER.contains(name))) {
            return "expected 'end%s', found '%s'".formatted(opener.name(), name);
        }
        if (name.startsWith("end") || INNER.contains(name)) {
            return "unexpected '%s', there is nothing for it to close or to divide".formatted(name);
        }
        return "unknown tag '%s'".formatted(name);
    }

    private void extension(Block block, Token tag, Tokens tokens, Body body) {
        Body inside = inside(tag, tokens, Set.of("end" + tag.name()));
        body.node(new Extension(block, argument(tag), inside.build()), tag, true);
    }
}
