package io.dynosend.dashboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the things of a {@link Showcase} are called. */
interface Words {

    /** As people name things. */
    Words ORDINARY = usual -> usual;

    /** Another name for it, or the same. */
    String instead(String usual);

    /** As nobody should; each time another one. */
    static Words hostile() {
        return new Words() {

            private final List<String> all = Hostile.all();
            private int next;

            @Override
            public String instead(String usual) {
                return all.get(next++ % all.size());
            }
        };
    }

    /** Strings that want out of where they are put. Whatever of them runs sets {@code __ran}. */
    final class Hostile {

        private static final Path BIG_LIST = Path.of("../shared/corpora/strings/blns.json");
        private static final int LONGEST = 250;

        private static final List<String> OURS =
                List.of(
                        "<script>window.__ran=1</script>",
                        "\"><img src=x onerror=window.__ran=1>",
                        "'\"--></style></script><svg onload=window.__ran=1>",
                        "</title><script>window.__ran=1</script>",
                        "</textarea><script>window.__ran=1</script>",
                        "\" autofocus onfocus=\"window.__ran=1\" x=\"",
                        "javascript:window.__ran=1//",
                        "<a href=\"javascript:window.__ran=1\">click</a>",
                        "<base href=\"//evil.example/\"><form action=//evil.example><input name=x>",
                        "<meta http-equiv=refresh content=\"0;url=//evil.example\">",
                        "<iframe src=//evil.example></iframe><plaintext>",
                        "</style><style>*{display:none}</style>",
                        "W".repeat(LONGEST),
                        "\u202Egnp.exe\u202D \u2066invoice\u2069",
                        "a\u200Bb\u200Dc\uFEFFd\u00AD\u2060",
                        "\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66"
                                .repeat(20),
                        "Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334\u0319\u0324A"
                                .repeat(12),
                        "\uFDFD".repeat(30),
                        "null",
                        "undefined",
                        "NaN",
                        "%00%0d%0aSet-Cookie:x=1",
                        "${7*7}#{7*7}@{7*7}<%=7*7%>",
                        "'; DROP TABLE contact; --",
                        "../../../../etc/passwd",
                        "&lt;script&gt;&#x27;&quot;&amp;amp;",
                        "`${window.__ran=1}`",
                        "]]><!--><script>window.__ran=1//--></script>",
                        "=cmd|'/c calc'!A1",
                        "\u0645\u0631\u062D\u0628\u0627 \u05E9\u05DC\u05D5\u05DD",
                        "constructor.prototype.__proto__",
                        "{{ 'x' | append: 'y' }}");

        private Hostile() {}

        static List<String> all() {
            var all = new ArrayList<>(OURS);
            try {
                if (Files.exists(BIG_LIST)) {
                    for (var each : new ObjectMapper().readTree(BIG_LIST.toFile())) {
                        String text = each.asText();
                        if (!text.isBlank() && text.length() <= LONGEST) all.add(text);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return List.copyOf(all);
        }
    }
}
