package io.dynosend.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.dynosend.content.CompiledMessage;
import io.dynosend.content.Copies;
import io.dynosend.content.TrackedLinks;
import io.dynosend.dkim.Algorithm;
import io.dynosend.liquid.Liquid;
import io.dynosend.liquid.Template;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How many finished messages one core makes in a second, from the reader's fields to the last byte,
 * and where the time goes.
 */
final class ComposeBench {

    private static final long WARM_UP = 3_000_000_000L;
    private static final long ROUND = 1_000_000_000L;
    private static final int ROUNDS = 5;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** One message, or a piece of the work on one. */
    private interface Work {

        /** How long what it made is, so that nothing can be left out. */
        int make(int number) throws Exception;
    }

    /** A copy's links without what they cost. */
    private record FreeLinks() implements TrackedLinks {

        private static final String URL = "https://mail.kiln.example/c/" + "x".repeat(33);

        @Override
        public String click(int link) {
            return URL;
        }

        @Override
        public String clickTo(int link, String url) {
            return URL;
        }

        @Override
        public String openPixel() {
            return URL;
        }

        @Override
        public String unsubscribe() {
            return URL;
        }
    }

    private ComposeBench() {}

    static void run() throws Exception {
        var letter = new Newsletter();
        CompiledMessage message = Newsletter.compiled(Newsletter.html(), Newsletter.text());
        var copies = message.copies(Newsletter.LIST_HEADERS);
        byte[] example = copies.compose(letter.addressee(0));
        System.out.printf(
                "machine     %d cores, Java %s%n",
                Runtime.getRuntime().availableProcessors(), Runtime.version());
        System.out.printf(
                "newsletter  %,d bytes HTML and %,d text in Liquid, %d links; a message of %,d bytes%n",
                Newsletter.html().length(),
                Newsletter.text().length(),
                message.links().size(),
                example.length);

        double none = perSecond("unsigned", n -> copies.compose(letter.addressee(n)).length);
        whereTheTimeGoes(letter, copies, 1e6 / none);
        signed(letter, copies, example, none);
    }

    private static void signed(Newsletter letter, Copies copies, byte[] example, double none)
            throws Exception {
        var ed25519 = new Signing(Algorithm.ED25519_SHA256);
        var rsa = new Signing(Algorithm.RSA_SHA256);
        double withEd25519 =
                perSecond("ed25519", n -> ed25519.signed(copies.compose(letter.addressee(n))));
        double withRsa =
                perSecond("rsa-2048", n -> rsa.signed(copies.compose(letter.addressee(n))));
        double bareRsa = perSecond("rsa-2048 bare", _ -> rsa.bare());
        double bareEd25519 = perSecond("ed25519 bare", _ -> ed25519.bare());
        double hash = 1e6 / perSecond("SHA-256 of it", _ -> Signing.hash(example));
        System.out.printf(
                Locale.ROOT,
                "where       hash %.1f µs, signature rsa-2048 %.1f µs or ed25519 %.1f µs,"
                        + " its header %.1f µs%n",
                hash,
                1e6 / bareRsa,
                1e6 / bareEd25519,
                1e6 / withEd25519 - 1e6 / none - 1e6 / bareEd25519 - hash);
        System.out.printf(
                Locale.ROOT,
                "{\"bench\":\"compose\",\"none_per_s_core\":%.0f,\"ed25519_per_s_core\":%.0f,"
                        + "\"rsa_per_s_core\":%.0f,\"rsa_ratio_to_bare_signature\":%.3f}%n",
                none,
                withEd25519,
                withRsa,
                withRsa / bareRsa);
    }

    private static void whereTheTimeGoes(Newsletter letter, Copies copies, double all)
            throws Exception {
        var free = new FreeLinks();
        var bareCopies = Newsletter.compiled("", "").copies(Newsletter.LIST_HEADERS);
        var templates =
                Stream.of(Newsletter.subject(), Newsletter.html(), Newsletter.text())
                        .map(source -> Liquid.builder().escapeHtml(true).build().parse(source))
                        .toArray(Template[]::new);
        var out = new StringBuilder[] {new StringBuilder(16_384)};

        double untracked =
                1e6
                        / perSecond(
                                "without tokens",
                                n -> copies.compose(letter.addressee(n, free)).length);
        double liquid =
                1e6
                        / perSecond(
                                "Liquid alone",
                                n -> {
                                    out[0].setLength(0);
                                    for (var template : templates) {
                                        template.render(
                                                letter.variables(n), Newsletter.STARTED_AT, out[0]);
                                    }
                                    return out[0].length();
                                });
        double header =
                1e6
                        / perSecond(
                                "an empty message",
                                n -> bareCopies.compose(letter.addressee(n, free)).length);
        System.out.printf(
                Locale.ROOT,
                "where       liquid %.1f µs, links %.1f µs, header %.1f µs, encoding %.1f µs;"
                        + " %.1f µs in all%n",
                liquid,
                all - untracked,
                header,
                untracked - liquid - header,
                all);
    }

    /**
     * By the processor time of the whole process, so that neighbours on the machine do not count.
     */
    private static double perSecond(String what, Work work) throws Exception {
        long end = System.nanoTime() + WARM_UP;
        int number = 0;
        long made = 0;
        while (System.nanoTime() < end) made += work.make(number++);
        var rounds = new double[ROUNDS];
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        int first = number;
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            long cpu = PROCESS.getProcessCpuTime();
            int count = 0;
            do {
                made += work.make(number++);
                count++;
            } while (System.nanoTime() - begin < ROUND);
            rounds[round] = count * 1e9 / (PROCESS.getProcessCpuTime() - cpu);
        }
        if (made == 0) throw new IllegalStateException(what + " made nothing");
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        Arrays.sort(rounds);
        double median = rounds[ROUNDS / 2];
        System.out.printf(
                Locale.ROOT,
                "%-18s%,9.0f/s a core   %6.1f µs   %,7d bytes allocated each%n",
                what,
                median,
                1e6 / median,
                allocated / (number - first));
        return median;
    }
}
