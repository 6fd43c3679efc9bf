package io.dynosend.mailbox;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** The ids of all stored messages in order: eight bytes a message. For use by many threads. */
final class MessageIndex {

    private long[] ids;
    private int count;

    /**
     * @param sorted ascending
     */
    MessageIndex(long[] sorted) {
        this.ids = sorted;
        this.count = sorted.length;
    }

    synchronized int count() {
        return count;
    }

    /** The newest id, or 0 when there is none. */
    synchronized long last() {
        return count == 0 ? 0 : ids[count - 1];
    }

    /**
     * @param id greater than {@link #last()}
     */
    synchronized void append(long id) {
        if (count == ids.length) ids = Arrays.copyOf(ids, Math.max(64, count + count / 2));
        ids[count++] = id;
    }

    /** Ascending. */
    synchronized List<MessageId> after(long id, int limit) {
        int from = firstAtOrAfter(id + 1);
        return slice(from, (int) Math.min(count, (long) from + limit));
    }

    /** Descending. */
    synchronized List<MessageId> before(long id, int limit) {
        int to = firstAtOrAfter(id);
        return slice(Math.max(0, to - limit), to).reversed();
    }

    /** How many are newer than this. */
    synchronized int countAfter(long id) {
        return count - firstAtOrAfter(id + 1);
    }

    /** Forgets all; answers what it held, ascending. */
    synchronized long[] drain() {
        long[] held = Arrays.copyOf(ids, count);
        ids = new long[0];
        count = 0;
        return held;
    }

    private int firstAtOrAfter(long id) {
        int found = Arrays.binarySearch(ids, 0, count, id);
        return found >= 0 ? found : -found - 1;
    }

    private List<MessageId> slice(int from, int to) {
        return LongStream.of(Arrays.copyOfRange(ids, from, to)).mapToObj(MessageId::new).toList();
    }
}
