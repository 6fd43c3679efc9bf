package io.dynosend.content;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a link of a message leads.
 *
 * @param url the target; with Liquid in it, as the author wrote it
 * @param frame null: the target is the same for all
 */
public record LinkTarget(String url, @Nullable Frame frame) {

    /**
     * What the target begins and ends with in every copy. Only what is between differs, so only
     * that has to travel in the link.
     */
    public record Frame(String before, String after) {}

    static LinkTarget fixed(String url) {
        return new LinkTarget(url, null);
    }

    /**
     * The target of an {@code href} with Liquid in it.
     *
     * @param written as in the source, without entities
     * @param before what is written before the first Liquid
     * @param after what is written after the last
     * @param query as {@link Utm#appended} will append it to what was rendered
     */
    static LinkTarget varying(String written, String before, String after, String query) {
        return new LinkTarget(written, frame(before, after, query));
    }

    /** What a copy's target has between what all have; empty if it is not framed like them. */
    public Optional<String> filling(String target) {
        if (frame == null) return Optional.empty();
        int end = target.length() - frame.after().length();
        return target.startsWith(frame.before())
                        && target.endsWith(frame.after())
                        && end >= frame.before().length()
                ? Optional.of(target.substring(frame.before().length(), end))
                : Optional.empty();
    }

    /** The target of a copy, from its {@link #filling}. */
    public String filled(String filling) {
        return frame == null ? url : frame.before() + filling + frame.after();
    }

    // What is appended can be foreseen where the author wrote the beginning; a "?" may still come
    // out of the Liquid, and then the target is not framed like this.
    private static Frame frame(String before, String after, String query) {
        if (query.isEmpty()) return new Frame(before, after);
        if (before.isEmpty()) return new Frame("", "");
        if (before.indexOf('#') >= 0) return new Frame(Utm.appended(before, query), after);
        String both = Utm.appended(before + after, query);
        return new Frame(before, both.substring(before.length()));
    }
}
