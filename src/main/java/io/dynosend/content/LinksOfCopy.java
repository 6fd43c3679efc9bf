package io.dynosend.content;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The links of one copy, each made once however often the copy has it. */
final class LinksOfCopy implements TrackedLinks {

    private final TrackedLinks links;
    private @Nullable String[] clicks = new String[32];
    private @Nullable String unsubscribe;

    LinksOfCopy(TrackedLinks links) {
        this.links = links;
    }

    @Override
    public String click(int link) {
        if (link >= clicks.length) clicks = Arrays.copyOf(clicks, link * 2);
        String known = clicks[link];
        if (known != null) return known;
        String made = links.click(link);
        clicks[link] = made;
        return made;
    }

    @Override
    public String clickTo(int link, String url) {
        return links.clickTo(link, url);
    }

    @Override
    public @Nullable String openPixel() {
        return links.openPixel();
    }

    @Override
    public String unsubscribe() {
        String known = unsubscribe;
        if (known != null) return known;
        String made = links.unsubscribe();
        unsubscribe = made;
        return made;
    }
}
