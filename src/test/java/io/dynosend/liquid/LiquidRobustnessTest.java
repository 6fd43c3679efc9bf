package io.dynosend.liquid;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is written and whatever is given, nothing but a Liquid error comes out. */
class LiquidRobustnessTest {

    private static final List<String> FILTERS =
            List.of(
                    "abs",
                    "append",
                    "at_least",
                    "at_most",
                    "base64_decode",
                    "base64_encode",
                    "base64_url_safe_decode",
                    "base64_url_safe_encode",
                    "capitalize",
                    "ceil",
                    "compact",
                    "concat",
                    "date",
                    "default",
                    "divided_by",
                    "downcase",
                    "escape",
                    "escape_once",
                    "find",
                    "find_index",
                    "first",
                    "floor",
                    "h",
                    "has",
                    "join",
                    "last",
                    "lstrip",
                    "map",
                    "minus",
                    "modulo",
                    "newline_to_br",
                    "plus",
                    "prepend",
                    "raw",
                    "reject",
                    "remove",
                    "remove_first",
                    "remove_last",
                    "replace",
                    "replace_first",
                    "replace_last",
                    "reverse",
                    "round",
                    "rstrip",
                    "size",
                    "slice",
                    "sort",
                    "sort_natural",
                    "split",
                    "strip",
                    "strip_html",
                    "strip_newlines",
                    "sum",
                    "times",
                    "truncate",
                    "truncatewords",
                    "uniq",
                    "upcase",
                    "url_decode",
                    "url_encode",
                    "where");

    private static final List<String> PIECES =
            List.of(
                    "{%",
                    "%}",
                    "{{",
                    "}}",
                    "{%-",
                    "-%}",
                    " ",
                    "\n",
                    "'",
                    "\"",
                    "|",
                    ":",
                    ",",
                    ".",
                    "..",
                    "[",
                    "]",
                    "(",
                    ")",
                    "-",
                    "?",
                    "#",
                    "=",
                    "==",
                    "<",
                    "a",
                    "b",
                    "l",
                    "m",
                    "1",
                    "-1",
                    "2.5",
                    "if",
                    "endif",
                    "else",
                    "elsif",
                    "unless",
                    "endunless",
                    "case",
                    "when",
                    "endcase",
                    "for",
                    "in",
                    "endfor",
                    "tablerow",
                    "endtablerow",
                    "cycle",
                    "assign",
                    "capture",
                    "endcapture",
                    "increment",
                    "echo",
                    "liquid",
                    "comment",
                    "endcomment",
                    "raw",
                    "endraw",
                    "doc",
                    "enddoc",
                    "render",
                    "include",
                    "'p'",
                    "with",
                    "as",
                    "reversed",
                    "limit",
                    "offset",
                    "continue",
                    "break",
                    "ifchanged",
                    "endifchanged",
                    "upcase",
                    "date",
                    "split",
                    "sort",
                    "contains",
                    "and",
                    "or",
                    "empty",
                    "blank",
                    "nil",
                    "true",
                    "\u0000",
                    "ü",
                    "😀");

    private static final List<String> FORMS =
            List.of(
                    "{{ %s }}",
                    "{%% if %s %%}x{%% endif %%}",
                    "{%% for i in %s %%}{{ i }}{%% endfor %%}",
                    "{%% assign a = %s %%}{{ a }}",
                    "{%% case %s %%}{%% when a %%}{%% endcase %%}",
                    "%s");

    private final Liquid liquid =
            Liquid.builder()
                    .limits(new Limits(100_000, 20_000, 50, Duration.ofSeconds(2)))
                    .partials(name -> name.equals("p") ? "{{ a }}{% include 'p' %}" : null)
                    .build();
    private final Liquid lax =
            Liquid.builder()
                    .lax(true)
                    .limits(new Limits(100_000, 20_000, 50, Duration.ofSeconds(2)))
                    .partials(name -> name.equals("p") ? "{{ a }}{% include 'p' %}" : null)
                    .build();
    private final Map<String, Object> data = data();

    @Test
    void everyFilterTakesEveryValue() {
        List<String> values = new ArrayList<>(data.keySet());
        values.addAll(List.of("nosuchthing", "empty", "blank", "(1..3)", "(a..l)", "'x'", "-1"));
        for (String filter : FILTERS) {
            for (String input : values) {
                render("{{ %s | %s }}".formatted(input, filter));
                for (String argument : values) {
                    render("{{ %s | %s: %s }}".formatted(input, filter, argument));
                    render("{{ %s | %s: %s, %s }}".formatted(input, filter, argument, input));
                }
            }
        }
    }

    @Test
    void everyValueIsComparedWithEveryOther() {
        for (String left : data.keySet()) {
            for (String right : data.keySet()) {
                for (String operator : List.of("==", "!=", "<", ">=", "contains")) {
                    render("{%% if %s %s %s %%}x{%% endif %%}".formatted(left, operator, right));
                }
            }
        }
    }

    @Test
    void wordsAndSignsInAnyOrderAreATemplateOrAnError() {
        Random random = new Random(42);
        int parsed = 0;
        for (int i = 0; i < 40_000; i++) {
            StringBuilder inside = new StringBuilder();
            int length = 1 + random.nextInt(8);
            for (int n = 0; n < length; n++) {
                inside.append(PIECES.get(random.nextInt(PIECES.size())))
                        .append(random.nextBoolean() ? " " : "");
            }
            String template = FORMS.get(random.nextInt(FORMS.size())).formatted(inside);
            parsed += render(template) ? 1 : 0;
            render(lax, template);
        }

        assertThat(parsed).isGreaterThan(1_000);
    }

    private boolean render(String template) {
        return render(liquid, template);
    }

    private boolean render(Liquid engine, String template) {
        try {
            engine.parse(template).render(data);
            return true;
        } catch (LiquidSyntaxException | LiquidRenderException e) {
            assertThat(e.getMessage()).as(template).startsWith("Line ");
            return false;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(template, e);
        }
    }

    private static Map<String, Object> data() {
        Map<String, Object> data = new HashMap<>();
        data.put("a", "text <b> 12");
        data.put("b", true);
        data.put("l", Arrays.asList(3, "x", null, 1.5, List.of(1, List.of(2)), Map.of("k", 1)));
        data.put("m", Map.of("k", "v", "n", List.of()));
        data.put("ms", List.of(Map.of("k", 1), Map.of("k", "2")));
        data.put("n", null);
        data.put("i", 7);
        data.put("neg", -7L);
        data.put("f", 2.5f);
        data.put("d", 1e300);
        data.put("nan", Double.NaN);
        data.put("inf", Double.NEGATIVE_INFINITY);
        data.put("dec", new BigDecimal("1e-5000"));
        data.put("big", BigInteger.TWO.pow(200));
        data.put("min", Long.MIN_VALUE);
        data.put("now", Instant.EPOCH);
        data.put("far", Instant.MAX);
        data.put("day", LocalDate.MIN);
        data.put("o", new Object());
        data.put("e", "");
        data.put("half", "\ud83d");
        data.put("fmt", "%Y-%m-%d %10A %^b %-d %N %z %::z %Z %s %U %V %+");
        return data;
    }
}
