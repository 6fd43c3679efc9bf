package io.dynosend.liquid;

import io.dynosend.liquid.parse.Compiled;
import io.dynosend.liquid.parse.Dialect;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A configured engine: immutable, shared by threads. */
public final class Liquid {

    private final boolean escapeHtml;
    private final boolean strict;
    private final boolean lax;
    private final Limits limits;
    private final InstantSource clock;
    private final ZoneId zone;
    private final Dialect dialect;

    private Liquid(Builder builder) {
        this.escapeHtml = builder.escapeHtml;
        this.strict = builder.strict;
        this.lax = builder.lax;
        this.limits = builder.limits;
        this.clock = builder.clock;
        this.zone = builder.zone;
        this.dialect =
                new Dialect(
                        escapeHtml,
                        strict,
                        lax,
                        limits.nesting(),
                        Map.copyOf(builder.blocks),
                        builder.partials);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Compiles a template.
     *
     * @throws LiquidSyntaxException if it is no Liquid; says where and what was expected
     */
    public Template parse(String source) throws LiquidSyntaxException {
        return new Template(this, Compiled.of(source, dialect), source.length());
    }

    boolean escapesHtml() {
        return escapeHtml;
    }

    boolean isStrict() {
        return strict;
    }

    boolean isLax() {
        return lax;
    }

    Limits limits() {
        return limits;
    }

    Instant now() {
        return clock.instant();
    }

    ZoneId zone() {
        return zone;
    }

    /** What the engine does beyond the language itself. */
    public static final class Builder {

        private boolean escapeHtml;
        private boolean strict;
        private boolean lax;
        private Limits limits = Limits.DEFAULT;
        private InstantSource clock = InstantSource.system();
        private ZoneId zone = ZoneOffset.UTC;
        private Function<String, @Nullable String> partials = name -> null;
        private final Map<String, Block> blocks = new HashMap<>();

        private Builder() {}

        /**
         * Escapes every output for HTML unless it is captured text or comes out of {@code raw},
         * {@code escape}, {@code escape_once} or {@code newline_to_br}, which escapes around its
         * breaks itself. {@code raw} is the author's way out. Off by default.
         */
        public Builder escapeHtml(boolean on) {
            this.escapeHtml = on;
            return this;
        }

        /**
         * Refuses undefined variables and filters; otherwise the first are empty and the second
         * pass their input through. Off by default.
         */
        public Builder strict(boolean on) {
            this.strict = on;
            return this;
        }

        /**
         * Reads an expression that is not right as far as it makes sense, and shows an operation
         * that fails while rendering in its place, such as {@code Liquid error (line 3): divided by
         * 0}; otherwise the first is a syntax error and the second ends the rendering. Off by
         * default, and a limit always ends it.
         */
        public Builder lax(boolean on) {
            this.lax = on;
            return this;
        }

        public Builder limits(Limits limits) {
            this.limits = limits;
            return this;
        }

        /** What {@code 'now'} is, and the zone that dates are shown in. */
        public Builder clock(InstantSource clock, ZoneId zone) {
            this.clock = clock;
            this.zone = zone;
            return this;
        }

        /** Where {@code render} and {@code include} find their source; null for no such partial. */
        public Builder partials(Function<String, @Nullable String> source) {
            this.partials = source;
            return this;
        }

        /** Adds the tag {@code {% name argument %} body {% endname %}}. */
        public Builder block(String name, Block block) {
            this.blocks.put(name, block);
            return this;
        }

        public Liquid build() {
            return new Liquid(this);
        }
    }
}
