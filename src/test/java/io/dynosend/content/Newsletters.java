package io.dynosend.content;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One of ours, and those that others published where they are at hand. */
final class Newsletters {

    private static final Path OURS = Path.of("src/test/resources/newsletters");
    private static final Path OTHERS = Path.of("../shared/corpora/newsletters");

    /**
     * @param html as Liquid
     */
    record Newsletter(String name, String html) {

        @Override
        public String toString() {
            return name;
        }
    }

    private Newsletters() {}

    static List<Newsletter> all() throws IOException {
        var all = new ArrayList<Newsletter>();
        for (Path folder : List.of(OURS, OTHERS)) {
            for (Path file : files(folder)) {
                String name = folder.relativize(file).toString().replace("/content.html", "");
                all.add(new Newsletter(name, asLiquid(Files.readString(file))));
            }
        }
        return all;
    }

    /** A value for each variable, with what HTML has to escape. */
    static Map<String, Object> values(CompiledMessage message) {
        var values = new HashMap<String, Object>();
        for (String path : message.variables()) {
            boolean url = path.endsWith("url");
            values.put(path, url ? "https://shop.example/?a=1&b=" + path : "“Ünï & <co>”");
        }
        values.put("EVENINGS", List.of(Map.of("title", "Raku", "place", "Höhr", "price", 9)));
        return values;
    }

    // Some are written for Handlebars.
    private static String asLiquid(String html) {
        return html.replaceAll("\\{\\{\\s*[#/^].*?}}", "").replace("\r\n", "\n");
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(".html")).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
