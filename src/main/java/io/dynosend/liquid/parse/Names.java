package io.dynosend.liquid.parse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/** Which names a template reads that it has not made itself. */
final class Names {

    private final SequencedSet<String> global = new LinkedHashSet<>();
    private final Set<String> assigned = new HashSet<>();
    private final Deque<Set<String>> inner = new ArrayDeque<>();

    /** A path that is read, such as {@code contact.city}. */
    void read(String root, String path) {
        if (!assigned.contains(root) && inner.stream().noneMatch(names -> names.contains(root))) {
            global.add(path);
        }
    }

    void assign(String name) {
        assigned.add(name);
    }

    /** Names that hold until {@link #leave}. */
    void enter(List<String> names) {
        inner.push(new HashSet<>(names));
    }

    void leave() {
        inner.pop();
    }

    /** What a partial reads, unless it was handed it or can see it from here. */
    void readAll(Names partial, Set<String> handed, boolean seesAll) {
        for (String path : partial.global) {
            String root = root(path);
            if (handed.contains(root)) {
                continue;
            }
            if (seesAll) {
                read(root, path);
            } else {
                global.add(path);
            }
        }
        if (seesAll) {
            assigned.addAll(partial.assigned);
        }
    }

    SequencedSet<String> global() {
        return global;
    }

    private static String root(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }
}
