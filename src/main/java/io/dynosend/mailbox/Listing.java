package io.dynosend.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One page of messages, newest first.
 *
 * @param resume where to go on: the last message looked at, if there are older ones
 */
record Listing(List<StoredMessage> messages, Optional<MessageId> resume) {

    static final int PAGE = 50;

    // A search opens one file after the other; a page of it stops here and offers to go on.
    private static final int MOST_SEARCHED = 10_000;

    /**
     * @param words what {@link StoredMessage#mentions} looks for; empty for all messages
     */
    static Listing before(MessageId start, String words, Messages messages) throws IOException {
        var found = new ArrayList<StoredMessage>();
        var at = start;
        for (int searched = 0; searched < MOST_SEARCHED; searched++) {
            var next = messages.before(at, 1);
            if (next.isEmpty()) return new Listing(found, Optional.empty());
            at = next.getFirst();
            messages.find(at).filter(it -> it.mentions(words)).ifPresent(found::add);
            if (found.size() == PAGE) break;
        }
        boolean more = !messages.before(at, 1).isEmpty();
        return new Listing(found, more ? Optional.of(at) : Optional.empty());
    }
}
