package io.dynosend.bench;

import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** How many newsletters one core renders in a second by our Liquid, and by liqp. */
final class LiquidBench {

    private static final int ALIKE = 20;

    /** What JMH found: renders in a second of processor time, and bytes allocated for each. */
    private record Score(double perSecond, double error, double share, double bytes) {

        @SuppressWarnings("rawtypes") // As JMH gives them.
        static Score of(RunResult result) {
            var primary = result.getPrimaryResult();
            double share = secondary(result, ProcessorShare.LABEL);
            return new Score(
                    primary.getScore() / share,
                    primary.getScoreError() / share,
                    share,
                    secondary(result, "gc.alloc.rate.norm"));
        }

        @SuppressWarnings("rawtypes")
        private static double secondary(RunResult result, String label) {
            return result.getSecondaryResults().entrySet().stream()
                    .filter(entry -> entry.getKey().endsWith(label))
                    .mapToDouble(entry -> entry.getValue().getScore())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private final boolean quick;

    private LiquidBench(boolean quick) {
        this.quick = quick;
    }

    /**
     * @param flags {@code --quick}: a few seconds only, for a first impression
     */
    static void run(List<String> flags) throws Exception {
        // Others may measure on the same machine.
        System.setProperty("jmh.ignoreLock", "true");
        check();
        new LiquidBench(flags.contains("--quick")).measure();
    }

    // What is compared has to do the same.
    private static void check() {
        var renders = new Renders();
        var others = new Renders();
        int chars = 0;
        for (int i = 0; i < ALIKE; i++) {
            String ours = renders.text();
            chars = ours.length();
            if (!ours.equals(others.liqp())) {
                throw new IllegalStateException("liqp renders something else");
            }
        }
        System.out.printf(
                Locale.ROOT,
                "machine     %d cores, Java %s%nnewsletter  %,d characters of Liquid become %,d;"
                        + " both engines render the same%n",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                Newsletter.html().length(),
                chars);
    }

    private void measure() throws RunnerException {
        System.out.println("A second is one of processor time; JMH, one thread, SerialGC");
        var composer = measure("composer", "escaped, to the composer's bytes");
        measure("escapedText", "escaped, to a String");
        var text = measure("text", "to a String");
        var liqp = measure("liqp", "liqp, to a String");
        System.out.printf(
                Locale.ROOT,
                "ratio to liqp: composer's bytes %.1f, String %.1f%n",
                composer.perSecond() / liqp.perSecond(),
                text.perSecond() / liqp.perSecond());
        System.out.printf(
                Locale.ROOT,
                "{\"bench\":\"liquid\",\"renders_per_s_core\":%.0f,\"ratio_to_liqp\":%.1f,"
                        + "\"bytes_per_render\":%.0f}%n",
                composer.perSecond(),
                composer.perSecond() / liqp.perSecond(),
                composer.bytes());
    }

    private Score measure(String method, String name) throws RunnerException {
        var score = Score.of(new Runner(options(method).build()).runSingle());
        System.out.printf(
                Locale.ROOT,
                "%-34s%,9.0f/s a core ± %,.0f  %,8.0f bytes allocated each  (%.2f of a core)%n",
                name,
                score.perSecond(),
                score.error(),
                score.bytes(),
                score.share());
        return score;
    }

    private ChainedOptionsBuilder options(String method) {
        return new OptionsBuilder()
                .include("^" + Renders.class.getName() + "\\." + method + "$")
                .forks(1)
                .threads(1)
                .warmupIterations(quick ? 2 : 4)
                .warmupTime(TimeValue.milliseconds(quick ? 700 : 1_500))
                .measurementIterations(quick ? 3 : 7)
                .measurementTime(TimeValue.milliseconds(quick ? 500 : 1_200))
                .addProfiler(GCProfiler.class)
                .addProfiler(ProcessorShare.class)
                .jvmArgs(
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--sun-misc-unsafe-memory-access=allow")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }
}
