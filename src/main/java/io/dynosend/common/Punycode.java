package io.dynosend.common;

import java.util.Arrays;

/** Unicode in letters, digits and hyphens (RFC 3492). */
final class Punycode {

    // RFC 3492 §5.
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 0x80;

    private Punycode() {}

    /**
     * RFC 3492 §6.3, without case flags; the text is no longer than a label, so nothing overflows.
     */
    static String encode(int[] text) {
        var out = new StringBuilder();
        Arrays.stream(text).filter(c -> c < INITIAL_N).forEach(out::appendCodePoint);
        int basic = out.length();
        if (basic > 0) out.append('-');
        int handled = basic;
        int delta = 0;
        int bias = INITIAL_BIAS;
        int n = INITIAL_N;
        while (handled < text.length) {
            int from = n;
            int next = Arrays.stream(text).filter(c -> c >= from).min().orElseThrow();
            delta += (next - n) * (handled + 1);
            n = next;
            for (int c : text) {
                if (c < n) delta++;
                if (c == n) {
                    number(delta, bias, out);
                    bias = adapted(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return out.toString();
    }

    private static void number(int value, int bias, StringBuilder out) {
        int rest = value;
        for (int k = BASE; ; k += BASE) {
            int threshold = Math.clamp(k - bias, T_MIN, T_MAX);
            if (rest < threshold) break;
            out.append(digit(threshold + (rest - threshold) % (BASE - threshold)));
            rest = (rest - threshold) / (BASE - threshold);
        }
        out.append(digit(rest));
    }

    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }

    private static int adapted(int delta, int count, boolean first) {
        int rest = first ? delta / DAMP : delta / 2;
        rest += rest / count;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
    }
}
