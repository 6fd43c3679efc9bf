package io.dynosend.tracking;

import io.dynosend.content.LinkTarget;
import io.dynosend.content.TrackedLinks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Links that lead straight where the author said. */
record UntrackedCopy(List<LinkTarget> targets, UnsubscribeLink unsubscribeLink)
        implements TrackedLinks {

    @Override
    public String click(int link) {
        return targets.get(link).url();
    }

    @Override
    public String clickTo(int link, String url) {
        return url;
    }

    @Override
    public @Nullable String openPixel() {
        return null;
    }

    @Override
    public String unsubscribe() {
        return unsubscribeLink.url();
    }
}
