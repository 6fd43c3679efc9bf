package io.dynosend.liquid.filter;

import static io.dynosend.liquid.filter.StringFilters.built;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.value.Html;
import io.dynosend.liquid.value.Rendering;
import io.dynosend.liquid.value.SafeText;
import io.dynosend.liquid.value.Texts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Filters that write text for HTML, for addresses of pages, or in base64, and back. */
final class EncodingFilters {

    static final List<Filter> ALL =
            List.of(
                    safe("raw", (in, _, r) -> markedSafe(in, r)),
                    safe("escape", (in, _, r) -> in == null ? null : escaped(in, r, Html::escape)),
                    safe("h", (in, _, r) -> in == null ? null : escaped(in, r, Html::escape)),
                    safe("escape_once", (in, _, r) -> escaped(in, r, Html::escapeOnce)),
                    safe("newline_to_br", (in, _, r) -> withBreaks(in, r)),
                    Filter.of("strip_html", 0, 0, (in, _, r) -> MarkupStripper.strip(built(in, r))),
                    Filter.of(
                            "url_encode",
                            0,
                            0,
                            (in, _, r) -> in == null ? null : urlEncoded(in, r)),
                    Filter.of(
                            "url_decode",
                            0,
                            0,
                            (in, _, r) -> in == null ? null : urlDecoded(in, r)),
                    Filter.of(
                            "base64_encode",
                            0,
                            0,
                            (in, _, r) -> encoded(in, r, Base64.getEncoder())),
                    Filter.of(
                            "base64_decode",
                            0,
                            0,
                            (in, _, r) ->
                                    decoded("base64_decode", in, r, Base64.getDecoder(), true)),
                    Filter.of(
                            "base64_url_safe_encode",
                            0,
                            0,
                            (in, _, r) -> encoded(in, r, Base64.getUrlEncoder())),
                    Filter.of(
                            "base64_url_safe_decode",
                            0,
                            0,
                            (in, _, r) ->
                                    decoded(
                                            "base64_url_safe_decode",
                                            in,
                                            r,
                                            Base64.getUrlDecoder(),
                                            false)));

    private static final String HEX = "0123456789ABCDEF";

    private EncodingFilters() {}

    private static Filter safe(String name, Filter.Body body) {
        return new Filter(name, 0, 0, true, body);
    }

    // Where nothing is escaped on its own, safe text would be a needless second kind of string.
    private static Object marked(String html, Rendering rendering) {
        return rendering.escapesHtml() ? new SafeText(html) : html;
    }

    private static @Nullable Object markedSafe(@Nullable Object input, Rendering rendering) {
        return rendering.escapesHtml() && !(input instanceof SafeText)
                ? new SafeText(output(input, rendering))
                : input;
    }

    private static String output(@Nullable Object input, Rendering rendering) {
        StringBuilder out = new StringBuilder();
        Texts.append(out, input, rendering);
        rendering.build(out.length());
        return out.toString();
    }

    private static Object escaped(
            @Nullable Object input, Rendering rendering, BiConsumer<StringBuilder, String> how) {
        String text = built(input, rendering);
        StringBuilder out = new StringBuilder(text.length() + 16);
        how.accept(out, text);
        rendering.build(out.length());
        return marked(out.toString(), rendering);
    }

    // Its result stands on the page as it is, so the text around the breaks is escaped here.
    private static Object withBreaks(@Nullable Object input, Rendering rendering) {
        boolean escape = rendering.escapesHtml() && !(input instanceof SafeText);
        Object text = escape ? escaped(input, rendering, Html::escape) : input;
        return marked(
                ReplaceFilters.lines(built(text, rendering), "<br />\n", rendering), rendering);
    }

    private static String urlEncoded(Object input, Rendering rendering) {
        String text = built(input, rendering);
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(UTF_8)) {
            if (b == ' ') {
                out.append('+');
            } else if (staysInUrl(b)) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
            }
        }
        rendering.build(out.length());
        return out.toString();
    }

    // RFC 3986 §2.3, the unreserved characters.
    private static boolean staysInUrl(byte b) {
        return (b >= '0' && b <= '9')
                || (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~';
    }

    private static String urlDecoded(Object input, Rendering rendering) {
        byte[] text = built(input, rendering).getBytes(UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length);
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '%' && hex(text, i + 1) >= 0 && hex(text, i + 2) >= 0) {
                out.write(hex(text, i + 1) << 4 | hex(text, i + 2));
                i += 2;
            } else {
                out.write(text[i] == '+' ? ' ' : text[i]);
            }
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(out.toByteArray())).toString();
        } catch (CharacterCodingException _) {
            throw new LiquidRenderException("invalid byte sequence in UTF-8");
        }
    }

    private static int hex(byte[] text, int at) {
        return at < text.length ? Character.digit(text[at], 16) : -1;
    }

    private static String encoded(
            @Nullable Object input, Rendering rendering, Base64.Encoder encoder) {
        String encoded = encoder.encodeToString(built(input, rendering).getBytes(UTF_8));
        rendering.build(encoded.length());
        return encoded;
    }

    private static String decoded(
            String filter,
            @Nullable Object input,
            Rendering rendering,
            Base64.Decoder decoder,
            boolean padded) {
        String text = built(input, rendering);
        if (padded && text.length() % 4 != 0) {
            throw notBase64(filter);
        }
        try {
            return new String(decoder.decode(text), UTF_8);
        } catch (IllegalArgumentException _) {
            throw notBase64(filter);
        }
    }

    private static LiquidRenderException notBase64(String filter) {
        return new LiquidRenderException("invalid base64 provided to " + filter);
    }
}
