package io.dynosend.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The contacts that the project ships, as many as are asked for. */
final class DemoContacts {

    private static final String FILE = "/demo/contacts.csv";

    private DemoContacts() {}

    /**
     * A CSV file with a header line. Beyond the contacts of the shipped file they come again under
     * other addresses: {@code anna.smith+2@…}.
     */
    static byte[] csv(int count) {
        var lines = lines();
        var people = lines.subList(1, lines.size());
        var csv = new StringBuilder(lines.getFirst()).append("\r\n");
        for (int i = 0; i < count; i++) {
            String person = people.get(i % people.size());
            int round = i / people.size();
            csv.append(round == 0 ? person : person.replaceFirst("@", "+" + (round + 1) + "@"))
                    .append("\r\n");
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String resource(String name) {
        try (var stream = DemoContacts.class.getResourceAsStream(name)) {
            if (stream == null) throw new IllegalStateException(name + " is missing from the jar");
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines() {
        return resource(FILE).lines().toList();
    }
}
