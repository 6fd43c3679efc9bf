package io.dynosend.contact;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a file is written: spreadsheets leave UTF-8 with or without a byte order mark, UTF-16 with
 * one, or Windows-1252, and separate by comma, semicolon or tab.
 *
 * @param markBytes length of the byte order mark
 */
record CsvEncoding(Charset charset, int markBytes, char separator) {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final int HEADER_CHARS = 64 * 1024;

    static CsvEncoding of(Path file) {
        try {
            var plain = charset(file);
            return new CsvEncoding(plain.charset, plain.markBytes, separator(plain, file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file's text, without its byte order mark; what cannot be decoded becomes U+FFFD. */
    Reader open(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        bytes.skipNBytes(markBytes);
        return new BufferedReader(new InputStreamReader(bytes, charset));
    }

    private static CsvEncoding charset(Path file) throws IOException {
        byte[] start;
        try (var bytes = Files.newInputStream(file)) {
            start = bytes.readNBytes(3);
        }
        if (startsWith(start, 0xEF, 0xBB, 0xBF)) return plain(StandardCharsets.UTF_8, 3);
        if (startsWith(start, 0xFF, 0xFE)) return plain(StandardCharsets.UTF_16LE, 2);
        if (startsWith(start, 0xFE, 0xFF)) return plain(StandardCharsets.UTF_16BE, 2);
        return plain(isUtf8(file) ? StandardCharsets.UTF_8 : WINDOWS_1252, 0);
    }

    private static CsvEncoding plain(Charset charset, int markBytes) {
        return new CsvEncoding(charset, markBytes, ',');
    }

    private static boolean startsWith(byte[] start, int... mark) {
        if (start.length < mark.length) return false;
        for (int i = 0; i < mark.length; i++) {
            if ((start[i] & 0xFF) != mark[i]) return false;
        }
        return true;
    }

    private static boolean isUtf8(Path file) throws IOException {
        var decoder =
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
        try (var reader = new InputStreamReader(Files.newInputStream(file), decoder)) {
            reader.transferTo(Writer.nullWriter());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static char separator(CsvEncoding plain, Path file) throws IOException {
        var head = new char[HEADER_CHARS];
        try (var reader = plain.open(file)) {
            int length = Math.max(0, reader.read(head));
            String firstLine =
                    new String(head, 0, length)
                            .lines()
                            .filter(line -> !line.isEmpty())
                            .findFirst()
                            .orElse("");
            char best = ',';
            for (char candidate : new char[] {',', ';', '\t'}) {
                if (count(firstLine, candidate) > count(firstLine, best)) best = candidate;
            }
            return best;
        }
    }

    private static long count(String text, char c) {
        return text.chars().filter(each -> each == c).count();
    }
}
