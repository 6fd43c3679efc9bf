package io.dynosend.liquid.tree;

import io.dynosend.liquid.value.Lookup;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names that hold for a while, over those outside. */
sealed interface Frame permits Frame.OfLoop, Frame.OfInclude {

    @Nullable Frame outer();

    /** The value, or {@link Lookup#MISSING}. */
    @Nullable Object find(String name);

    /** The item of a loop, and the loop itself under its name. */
    final class OfLoop implements Frame {

        private final @Nullable Frame outer;
        private final String itemName;
        private final String loopName;
        private final Object loop;
        private @Nullable Object item;

        OfLoop(@Nullable Frame outer, String itemName, String loopName, Object loop) {
            this.outer = outer;
            this.itemName = itemName;
            this.loopName = loopName;
            this.loop = loop;
        }

        void setItem(@Nullable Object item) {
            this.item = item;
        }

        @Override
        public @Nullable Frame outer() {
            return outer;
        }

        @Override
        public @Nullable Object find(String name) {
            if (name.equals(itemName)) {
                return item;
            }
            return name.equals(loopName) ? loop : Lookup.MISSING;
        }
    }

    /** What was handed to an included partial. */
    record OfInclude(@Nullable Frame outer, Map<String, @Nullable Object> values) implements Frame {

        @Override
        public @Nullable Object find(String name) {
            Object value = values.get(name);
            return value != null || values.containsKey(name) ? value : Lookup.MISSING;
        }
    }
}
