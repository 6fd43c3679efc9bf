package io.dynosend.bench;

import io.dynosend.content.CompiledMessage;
import io.dynosend.content.Copies;
import io.dynosend.content.TrackedLinks;
import io.dynosend.dkim.Algorithm;
import io.dynosend.liquid.Liquid;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How many finished messages one core makes in a second, from the reader's fields to the last byte,
 * and where the time goes.
 */
final class ComposeBench {

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

        measure(letter, copies, example);
    }

    private static void measure(Newsletter letter, Copies copies, byte[] example) throws Exception {
        var free = new FreeLinks();
        var empty = Newsletter.compiled("", "").copies(Newsletter.LIST_HEADERS);
        var ed25519 = new Signing(Algorithm.ED25519_SHA256);
        var rsa = new Signing(Algorithm.RSA_SHA256);

        var none = new Pace("unsigned", n -> copies.compose(letter.addressee(n)).length);
        var withEd25519 =
                new Pace("ed25519", n -> ed25519.signed(copies.compose(letter.addressee(n))));
        var withRsa = new Pace("rsa-2048", n -> rsa.signed(copies.compose(letter.addressee(n))));
        var bareEd25519 = new Pace("ed25519 bare", _ -> ed25519.bare());
        var bareRsa = new Pace("rsa-2048 bare", _ -> rsa.bare());
        var untracked =
                new Pace("without tokens", n -> copies.compose(letter.addressee(n, free)).length);
        var liquid = new Pace("Liquid alone", liquidOf(letter));
        var header =
                new Pace("an empty message", n -> empty.compose(letter.addressee(n, free)).length);
        var hash = new Pace("SHA-256 of it", _ -> Signing.hash(example));
        Pace.measure(
                List.of(
                        none,
                        withEd25519,
                        withRsa,
                        bareRsa,
                        bareEd25519,
                        untracked,
                        liquid,
                        header,
                        hash));

        System.out.printf(
                Locale.ROOT,
                "where       liquid %.1f µs, links %.1f µs, header %.1f µs, encoding %.1f µs;"
                        + " hash %.1f µs, signature rsa-2048 %.1f µs or ed25519 %.1f µs,"
                        + " around it %.1f µs%n",
                liquid.micros(),
                none.micros() - untracked.micros(),
                header.micros(),
                untracked.micros() - liquid.micros() - header.micros(),
                hash.micros(),
                bareRsa.micros(),
                bareEd25519.micros(),
                withEd25519.micros() - none.micros() - bareEd25519.micros() - hash.micros());
        System.out.printf(
                Locale.ROOT,
                "{\"bench\":\"compose\",\"none_per_s_core\":%.0f,\"ed25519_per_s_core\":%.0f,"
                        + "\"rsa_per_s_core\":%.0f,\"rsa_ratio_to_bare_signature\":%.3f}%n",
                none.perSecond(),
                withEd25519.perSecond(),
                withRsa.perSecond(),
                bareRsa.micros() / withRsa.micros());
    }

    private static Pace.Work liquidOf(Newsletter letter) {
        var liquid = Liquid.builder().escapeHtml(true).build();
        var templates =
                Stream.of(Newsletter.subject(), Newsletter.html(), Newsletter.text())
                        .map(liquid::parse)
                        .toList();
        var out = new StringBuilder(16_384);
        return n -> {
            out.setLength(0);
            for (var template : templates) {
                template.render(letter.variables(n), Newsletter.STARTED_AT, out);
            }
            return out.length();
        };
    }
}
