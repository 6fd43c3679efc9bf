package io.dynosend.contact;

import io.dynosend.common.Problem.BadInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How a file of contacts is to be read.
 *
 * @param header whether its first line names the columns
 */
public record CsvFormat(Encoding charset, Separator separator, boolean header) {

    /** The encodings that spreadsheets write. */
    public enum Encoding {
        UTF_8("Unicode (UTF-8)", StandardCharsets.UTF_8),
        UTF_16LE("Unicode (UTF-16)", StandardCharsets.UTF_16LE),
        UTF_16BE("Unicode (UTF-16, big endian)", StandardCharsets.UTF_16BE),
        WINDOWS_1252("Western European (Windows-1252, Latin-1)", Charset.forName("windows-1252"));

        private final String label;
        private final Charset charset;

        Encoding(String label, Charset charset) {
            this.label = label;
            this.charset = charset;
        }

        public String label() {
            return label;
        }

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Encoding of(String wire) {
            for (var each : values()) if (each.wire().equals(wire)) return each;
            throw new BadInput("Choose one of the encodings");
        }

        private static Encoding of(Charset charset) {
            for (var each : values()) if (each.charset.equals(charset)) return each;
            return UTF_8;
        }
    }

    /** What stands between two cells. */
    public enum Separator {
        COMMA("Comma", ','),
        SEMICOLON("Semicolon", ';'),
        TAB("Tab", '\t'),
        PIPE("Vertical bar", '|');

        private final String label;
        private final char character;

        Separator(String label, char character) {
            this.label = label;
            this.character = character;
        }

        public String label() {
            return label;
        }

        char character() {
            return character;
        }

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Separator of(String wire) {
            for (var each : values()) if (each.wire().equals(wire)) return each;
            throw new BadInput("Choose what stands between two columns");
        }

        private static Separator of(char character) {
            for (var each : values()) if (each.character == character) return each;
            return COMMA;
        }
    }

    /** What a file looks like; that it has a header is for its first line to tell. */
    static CsvFormat of(Path file) {
        var found = CsvEncoding.of(file);
        return new CsvFormat(Encoding.of(found.charset()), Separator.of(found.separator()), true);
    }

    CsvFormat withHeader(boolean there) {
        return new CsvFormat(charset, separator, there);
    }

    /** The text of a file, without a byte order mark; what cannot be decoded becomes U+FFFD. */
    Reader open(Path file) {
        try {
            InputStream bytes = Files.newInputStream(file);
            var reader = new BufferedReader(new InputStreamReader(bytes, charset.charset));
            reader.mark(1);
            if (reader.read() != 0xFEFF) reader.reset();
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
