package io.dynosend.liquid.filter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All standard filters by name. */
public final class Filters {

    private static final Map<String, Filter> BY_NAME = new HashMap<>();

    static {
        for (List<Filter> kind :
                List.of(
                        StringFilters.ALL,
                        ReplaceFilters.ALL,
                        EncodingFilters.ALL,
                        NumberFilters.ALL,
                        ListFilters.ALL,
                        SelectFilters.ALL,
                        DateFilter.ALL)) {
            kind.forEach(filter -> BY_NAME.put(filter.name(), filter));
        }
    }

    private Filters() {}

    public static @Nullable Filter find(String name) {
        return BY_NAME.get(name);
    }
}
