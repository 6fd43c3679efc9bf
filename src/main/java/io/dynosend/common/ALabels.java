package io.dynosend.common;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Domain names as DNS has them: their labels beyond ASCII as A-labels (RFC 5890 §2.3.2.1). */
public final class ALabels {

    private static final String PREFIX = "xn--";
    // RFC 1035 §2.3.4.
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 253;

    private ALabels() {}

    /** The name in ASCII; empty if there is no such domain name. */
    public static Optional<String> of(String domain) {
        if (isAscii(domain)) return Optional.of(domain);
        var labels = Stream.of(domain.split("\\.", -1)).map(ALabels::label).toList();
        if (!labels.stream().allMatch(ALabels::isLabel)) return Optional.empty();
        return Optional.of(labels.stream().collect(Collectors.joining(".")))
                .filter(name -> name.length() <= LONGEST_NAME);
    }

    // Java's own IDN follows the RFCs of 2003 and takes ß for ss, which are two owners' domains now
    // (RFC 5894 §7.2).
    private static String label(String given) {
        String label = Normalizer.normalize(given, Form.NFKC).toLowerCase(Locale.ROOT);
        if (isAscii(label) || !label.codePoints().allMatch(ALabels::mayBeInALabel)) return label;
        return PREFIX + Punycode.encode(label.codePoints().toArray());
    }

    private static boolean isLabel(String label) {
        return label.length() <= LONGEST_LABEL
                && label.chars()
                        .allMatch(c -> (c < 0x80 && Character.isLetterOrDigit(c)) || c == '-');
    }

    private static boolean mayBeInALabel(int c) {
        return switch (Character.getType(c)) {
            case Character.LOWERCASE_LETTER,
                    Character.OTHER_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER ->
                    true;
            default -> c == '-' || c == '·' || c == '・';
        };
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
