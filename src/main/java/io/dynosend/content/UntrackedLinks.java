package io.dynosend.content;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Links that lead where the author said. A way out of a list there is only if one is given. */
record UntrackedLinks(List<LinkTarget> targets, Map<String, Object> variables)
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
        return variables.get(CopyVariables.UNSUBSCRIBE_URL) instanceof String url ? url : "";
    }
}
