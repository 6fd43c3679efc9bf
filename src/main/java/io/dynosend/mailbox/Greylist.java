package io.dynosend.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Locale;

/** Remembers, in memory and bounded, which addresses have been tried before. */
final class Greylist {

    private static final int MOST = 100_000;

    private final Cache<String, Boolean> tried = Caffeine.newBuilder().maximumSize(MOST).build();

    /** True exactly once for an address, whatever its case. */
    boolean isFirstTry(String address) {
        return tried.asMap().putIfAbsent(address.toLowerCase(Locale.ROOT), true) == null;
    }
}
