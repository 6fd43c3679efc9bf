package io.dynosend.liquid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates by strangers who mean harm: each ends soon, with a word about why. */
@Timeout(20)
class LiquidLimitsTest {

    private final Liquid liquid = Liquid.builder().build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in (1..10000000000) %}{% endfor %}",
                "{% for i in (1..10000000000) %}x{% endfor %}",
                "{% for i in (1..100000) %}{% for j in (1..100000) %}{% endfor %}{% endfor %}",
                "{{ (1..10000000000) | join: ',' }}",
                "{{ (1..10000000000) | reverse | first }}",
                "{{ (1..10000000000) | sort | size }}",
                "{{ (1..10000000000) | sum }}",
                "{% assign a = (1..10000000000) | map: 'x' %}",
                "{% for i in (1..10000000000) reversed %}x{% endfor %}"
            })
    void aRangeWithoutEndTakesTooManySteps(String template) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(LiquidRenderException.class)
                .hasMessageContaining("steps");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% assign s = 'x' %}{% for i in (1..60) %}{% assign s = s | append: s %}"
                        + "{% endfor %}",
                "{% assign s = 'xx' %}{% for i in (1..60) %}{% assign s = s | replace: 'x', s %}"
                        + "{% endfor %}",
                "{% assign s = 'xx' %}{% for i in (1..60) %}{% assign s = s | replace: '', s %}"
                        + "{% endfor %}",
                "{% assign s = 'xx' %}{% for i in (1..60) %}{% capture s %}{{ s }}{{ s }}"
                        + "{% endcapture %}{% endfor %}",
                "{% assign s = 'xx' %}{% for i in (1..60) %}"
                        + "{% assign s = s | split: '' | join: 'xxxxxxxx' %}{% endfor %}",
                "{% assign s = '&' %}{% for i in (1..60) %}{% assign s = s | escape | escape %}"
                        + "{% assign s = s | append: s %}{% endfor %}",
                "{% assign s = 'x' %}{% for i in (1..60) %}{% assign s = s | prepend: s %}"
                        + "{% assign s = s | truncate: 999999999, s %}{% endfor %}",
                "{% tablerow i in (1..10000000000) %}{% endtablerow %}",
                "{{ 'now' | date: '%999999999d' }}",
                "{{ 'now' | date: '%010000000000Y' }}",
                "{% assign s = 'x' %}{% for i in (1..40) %}{% assign s = s | append: s | url_encode"
                        + " %}{% endfor %}",
                "{% for i in (1..1000000) %}xxxxxxxxxxxxxxxxxxxxxxxxxxxx{% endfor %}"
            })
    void textThatGrowsWithoutEndIsTooLong(String template) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(LiquidRenderException.class)
                .hasMessageContaining("characters");
    }

    @Test
    void manyLongTextsTogetherAreTooLongAsWell() {
        StringBuilder template =
                new StringBuilder(
                        "{% assign s = 'x' %}{% for i in (1..21) %}{% assign s = s | append: s %}"
                                + "{% endfor %}");
        for (int i = 0; i < 1000; i++) {
            template.append("{% assign s").append(i).append(" = s | append: '' %}");
        }

        assertThatThrownBy(() -> render(template.toString()))
                .isInstanceOf(LiquidRenderException.class)
                .hasMessageContaining("characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% assign n = 2 %}{% for i in (1..100) %}{% assign n = n | times: n %}{% endfor %}",
                "{% assign s = '9' %}{% for i in (1..20) %}{% assign s = s | append: s %}{% endfor %}"
                        + "{{ s | times: s }}",
                "{% assign s = '9' %}{% for i in (1..20) %}{% assign s = s | append: s %}{% endfor %}"
                        + "{{ s | append: '.5' | plus: 1 }}"
            })
    void aNumberWithoutEndHasTooManyDigits(String template) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(LiquidRenderException.class)
                .hasMessageContaining("digits");
    }

    @Test
    void aHugeExponentIsNoNumber() {
        assertThat(render("{{ '1e999999999' | times: 2 }}")).isEqualTo("2");
        assertThat(
                        liquid.parse("{{ n | plus: 1 }}")
                                .render(Map.of("n", new java.math.BigDecimal("1e999999999"))))
                .isEqualTo("Infinity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{% if true %}", "{% for i in (1..2) %}", "{% capture x %}"})
    void tenThousandBlocksNestTooDeep(String opening) {
        assertThatThrownBy(() -> liquid.parse(opening.repeat(10_000)))
                .isInstanceOf(LiquidSyntaxException.class)
                .hasMessageContaining("deeper than 100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a[", "(1..", "["})
    void tenThousandBracketsNestTooDeep(String opening) {
        assertThatThrownBy(() -> liquid.parse("{{ " + opening.repeat(10_000) + " }}"))
                .isInstanceOf(LiquidSyntaxException.class)
                .hasMessageContaining("too deep");
    }

    @Test
    void tenThousandConditionsFiltersAndBranchesAreOnlyLong() {
        assertThat(render("{% if false" + " or false".repeat(10_000) + " %}x{% endif %}"))
                .isEmpty();
        assertThat(render("{{ 'a'" + " | upcase".repeat(1_000) + " }}")).isEqualTo("A");
        assertThat(render("{% if false %}" + "{% elsif false %}".repeat(10_000) + "{% endif %}"))
                .isEmpty();
        assertThat(render("{{ a" + ".b".repeat(10_000) + " }}")).isEmpty();
    }

    @Test
    void aHundredThousandFiltersAreAppliedOneAfterTheOther() {
        assertThat(render("{{ 'a'" + " | upcase".repeat(100_000) + " }}")).isEqualTo("A");
        assertThat(render("{% assign a = 'a'" + " | append: 'b'".repeat(500) + " %}{{ a.size }}"))
                .isEqualTo("501");
    }

    @ParameterizedTest
    @ValueSource(strings = {" or false", " and true", " and true or false"})
    void aHundredThousandConditionsAreOnlyLong(String term) {
        String template = "{% if true" + term.repeat(100_000) + " %}x{% endif %}";

        assertThat(render(template)).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{",
                "{%",
                "{{ {%",
                "{% raw %}",
                "{% comment %}",
                "{% doc %}",
                "{% liquid\n"
            })
    void aMegabyteOfOpeningsIsRefusedAtOnce(String opening) {
        assertThatThrownBy(() -> liquid.parse(opening.repeat(1_000_000 / opening.length())))
                .isInstanceOf(LiquidSyntaxException.class)
                .hasMessageStartingWith("Line 1, column ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"' \"", "| x: ' ", "a and ", "(", ": , ", "['a"})
    void aMegabyteOfNonsenseIsReadInOneGoWhereTheEngineIsLax(String piece) {
        String nonsense = piece.repeat(1_000_000 / piece.length());
        Liquid lax = Liquid.builder().lax(true).build();

        assertThat(lax.parse("{{ " + nonsense + " }}").render(Map.of())).hasSizeLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"render", "include"})
    void aThousandPartialsThatUseTheNextOneNestTooDeep(String tag) {
        Liquid chain =
                Liquid.builder()
                        .partials(name ->
                                "{%% if true %%}{%% %s '%d' %%}{%% endif %%}"
                                        .formatted(tag, Integer.parseInt(name) + 1))
                        .build();

        assertThatThrownBy(() -> chain.parse("{%% %s '1' %%}".formatted(tag)))
                .isInstanceOf(LiquidSyntaxException.class)
                .hasMessageContaining("partials nest deeper than 100 levels");
    }

    @Test
    void anAmountOfDirectivesInADateTakesStepsAsLoopsDo() {
        String template =
                "{% assign s = '%+%Z' %}{% for i in (1..19) %}{% assign s = s | append: s %}{% endfor"
                        + " %}{{ 'now' | date: s }}";

        assertThatThrownBy(() -> render(template)).isInstanceOf(LiquidRenderException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"render", "include"})
    void aPartialThatUsesItselfNestsTooDeep(String tag) {
        Liquid recursive =
                Liquid.builder()
                        .partials(
                                name -> "{%% if true %%}{%% %s 'p' %%}{%% endif %%}".formatted(tag))
                        .build();

        assertThatThrownBy(() -> recursive.parse("{%% %s 'p' %%}".formatted(tag)).render(Map.of()))
                .isInstanceOf(LiquidRenderException.class)
                .hasMessageContaining("deeper than 100");
    }

    @Test
    void aPartialThatIncludesItselfByAVariableNestsTooDeep() {
        Liquid recursive =
                Liquid.builder().partials(name -> "{% assign n = 'p' %}{% include n %}").build();

        assertThatThrownBy(() -> recursive.parse("{% include 'p' %}").render(Map.of()))
                .isInstanceOf(LiquidRenderException.class)
                .hasMessageContaining("deeper than 100");
    }

    @Test
    void aPartialThatIncludesItselfTwiceEndsAsWell() {
        Liquid recursive =
                Liquid.builder().partials(name -> "{% render 'p' %}{% render 'p' %}").build();

        assertThatThrownBy(() -> recursive.parse("{% render 'p' %}").render(Map.of()))
                .isInstanceOf(LiquidRenderException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<", "<script", "<!--", "<style", "<script><!--<style>", "<a", "< ", "&amp"})
    void markupThatNeverClosesIsStrippedInOneGo(String markup) {
        Map<String, String> data = Map.of("s", markup.repeat(200_000));

        long size =
                Long.parseLong(liquid.parse("{{ s | strip_html | size }}").render(data).strip());

        assertThat(size).isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ s | replace: needle, 'x' | size }}",
                "{{ s | split: needle | size }}",
                "{{ s | remove_last: needle | size }}",
                "{{ s | remove_first: needle | size }}",
                "{% if s contains needle %}x{% else %}y{% endif %}",
                "{{ s | where: needle | size }}"
            })
    void aSearchThatAlmostMatchesEverywhereEnds(String template) {
        Map<String, String> data =
                Map.of("s", "a".repeat(2_000_000), "needle", "a".repeat(500_000) + "b");

        assertThat(liquid.parse(template).render(data)).isNotEmpty();
    }

    @Test
    void aRenderingThatTakesTooLongIsStopped() {
        Liquid hasty =
                Liquid.builder()
                        .limits(
                                new Limits(
                                        1_000_000_000,
                                        Integer.MAX_VALUE,
                                        100,
                                        Duration.ofMillis(50)))
                        .build();

        assertThatThrownBy(() ->
                        hasty.parse("{% for i in (1..10000000000) %}{% endfor %}").render(Map.of()))
                .isInstanceOf(LiquidRenderException.class)
                .hasMessageContaining("50 ms");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% cycle 1~, 1~ %}",
                "{% case i %}{% when 0~, 0~ %}{% endcase %}",
                "{% if true~ and true~ %}{% endif %}",
                "{{ 1~ | plus: 1~ }}",
                "{{ m~.m~ }}"
            })
    void aTagOfAHundredThousandPartsInALoopIsStoppedInTime(String tag) {
        Liquid hasty =
                Liquid.builder()
                        .limits(new Limits(4_000_000, 2_000_000, 100, Duration.ofMillis(300)))
                        .build();
        String[] parts = tag.split("~", -1);
        String huge = parts[0] + parts[1].repeat(100_000) + parts[2];
        Map<String, Object> data = new HashMap<>();
        data.put("m", data);

        assertThatThrownBy(() ->
                        hasty.parse("{% for i in (1..100000) %}" + huge + "{% endfor %}")
                                .render(data))
                .isInstanceOf(LiquidRenderException.class);
    }

    @Test
    void sortingLongTextsThatBeginAlikeIsStoppedInTime() {
        Liquid hasty =
                Liquid.builder()
                        .limits(new Limits(4_000_000, 2_000_000, 100, Duration.ofMillis(300)))
                        .build();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            texts.add("a".repeat(1_000_000) + (i * 7 % 400));
        }

        assertThatThrownBy(() ->
                        hasty.parse(
                                        "{% for i in (1..1000) %}{% assign x = l | sort %}"
                                                + "{% endfor %}")
                                .render(Map.of("l", texts)))
                .isInstanceOf(LiquidRenderException.class)
                .hasMessageContaining("300 ms");
    }

    @Test
    void dataThatNestsWithoutEndIsNoStackOverflow() {
        Map<String, Object> map = new HashMap<>();
        List<Object> list = new ArrayList<>();
        map.put("self", map);
        list.add(list);
        map.put("list", list);

        for (String template :
                List.of(
                        "{{ self }}",
                        "{{ list }}",
                        "{{ list | join }}",
                        "{{ self | upcase }}",
                        "{% if self == list %}{% elsif list == list.first %}{% endif %}{{ list }}",
                        "{{ list | uniq | size }}")) {
            assertThatThrownBy(() -> liquid.parse(template).render(map))
                    .as(template)
                    .isInstanceOf(LiquidRenderException.class)
                    .hasMessageContaining("deeper");
        }
    }

    @Test
    void theTemplateOfAnHonestAuthorPassesNoLimit() {
        assertThat(render("{% for i in (1..20000) %}{{ i }}, {% endfor %}")).hasSize(128_894);
    }

    private String render(String template) {
        return liquid.parse(template).render(Map.of());
    }
}
