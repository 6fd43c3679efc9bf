package io.dynosend.liquid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tables of templates, data and what they render to: our own, and a public suite if it is there.
 */
class LiquidCasesTest {

    private static final Path GOLDEN = Path.of("../shared/corpora/liquid/golden_liquid.json");
    private static final Instant NOW = Instant.parse("2026-03-14T15:09:26Z");

    private final ObjectMapper json = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> ownCases() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/liquid/cases.json")) {
            return tests(json.readTree(Objects.requireNonNull(in)).get("tests"));
        }
    }

    @TestFactory
    Stream<DynamicTest> goldenCases() throws IOException {
        return Files.exists(GOLDEN)
                ? tests(json.readTree(GOLDEN.toFile()).get("tests"))
                : Stream.empty();
    }

    private Stream<DynamicTest> tests(JsonNode cases) {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : cases) {
            tests.add(DynamicTest.dynamicTest(each.get("name").asText(), () -> check(each)));
        }
        return tests.stream();
    }

    private void check(JsonNode each) {
        if (each.path("invalid").asBoolean()) {
            assertThatThrownBy(() -> rendered(each))
                    .isInstanceOfAny(LiquidSyntaxException.class, LiquidRenderException.class);
        } else if (each.has("results")) {
            assertThat(rendered(each)).isIn(texts(each.get("results")));
        } else {
            assertThat(rendered(each)).isEqualTo(each.get("result").asText());
        }
    }

    private String rendered(JsonNode each) {
        Map<?, ?> templates = json.convertValue(each.path("templates"), Map.class);
        Liquid liquid =
                Liquid.builder()
                        .strict(texts(each.path("tags")).contains("strict2"))
                        .lax(each.path("lax").asBoolean())
                        .escapeHtml(each.path("escape").asBoolean())
                        .clock(InstantSource.fixed(NOW), ZoneOffset.UTC)
                        .partials(name -> templates == null ? null : (String) templates.get(name))
                        .build();
        return liquid.parse(each.get("template").asText()).render(data(each));
    }

    @SuppressWarnings("unchecked")
    private Map<String, ?> data(JsonNode each) {
        return each.has("data") ? json.convertValue(each.get("data"), Map.class) : Map.of();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
