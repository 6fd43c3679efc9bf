package io.dynosend.content;

import java.util.IdentityHashMap;

/** The fixed texts of the templates of one message, each encoded when it is needed first. */
final class EncodedPieces {

    // Partials that are read while a template is rendered are new texts every time.
    private static final int MOST = 10_000;

    private final IdentityHashMap<String, EncodedText> pieces = new IdentityHashMap<>();

    EncodedText of(String fixed) {
        EncodedText known = pieces.get(fixed);
        if (known != null) return known;
        if (pieces.size() >= MOST) pieces.clear();
        var encoded = new EncodedText(fixed);
        pieces.put(fixed, encoded);
        return encoded;
    }
}
