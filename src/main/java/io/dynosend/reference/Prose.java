package io.dynosend.reference;

import java.util.ArrayList;
import java.util.List;

/** A text of the description, in which code stands between backticks. */
public final class Prose {

    /** A run of words, or of code. */
    public record Run(String text, boolean code) {}

    private Prose() {}

    public static List<Run> of(String text) {
        var runs = new ArrayList<Run>();
        boolean code = false;
        for (var run : text.split("`", -1)) {
            if (!run.isEmpty()) runs.add(new Run(run, code));
            code = !code;
        }
        return runs;
    }
}
