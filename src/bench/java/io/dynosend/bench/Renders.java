package io.dynosend.bench;

import io.dynosend.content.ComposerOutput;
import io.dynosend.liquid.Liquid;
import io.dynosend.liquid.Template;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import liqp.TemplateParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The newsletter for one reader after the other, by our engine and by liqp; what JMH runs. */
@State(Scope.Thread)
public class Renders {

    private static final int READERS = 1_000;

    private final Map<String, Object>[] readers = readers();
    private final Template escaped =
            Liquid.builder().escapeHtml(true).build().parse(Newsletter.html());
    private final Template plain = Liquid.builder().build().parse(Newsletter.html());
    private final liqp.Template liqp =
            new TemplateParser.Builder().build().parse(Newsletter.html());
    private final ComposerOutput composer = new ComposerOutput();
    private int number;

    /** As messages are composed: values escaped for HTML, all of it encoded UTF-8 in a buffer. */
    @Benchmark
    public int composer() {
        return composer.render(escaped, next(), Newsletter.STARTED_AT);
    }

    /** To a text of its own, values escaped. */
    @Benchmark
    public String escapedText() {
        return escaped.render(next());
    }

    /** To a text of its own: what liqp does. */
    @Benchmark
    public String text() {
        return plain.render(next());
    }

    @Benchmark
    public String liqp() {
        return liqp.render(next());
    }

    private Map<String, Object> next() {
        number = number + 1 < READERS ? number + 1 : 0;
        return readers[number];
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Map<String, Object>[] readers() {
        var letter = new Newsletter();
        return IntStream.range(0, READERS)
                .mapToObj(number -> {
                    var variables = new HashMap<>(letter.variables(number));
                    variables.put("unsubscribe_url", letter.links(number).unsubscribe());
                    return variables;
                })
                .toArray(Map[]::new);
    }
}
