package io.dynosend.content;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The name of a file as parameters of a header field (RFC 2045 §5.1, RFC 2231). */
final class FileName {

    private static final int LONGEST = 60;
    private static final String HEX = "0123456789ABCDEF";
    // RFC 2231 §7, less what some readers stumble over.
    private static final String PLAIN = "-_.~";

    private FileName() {}

    /**
     * One parameter, or several that a reader puts together again, each short enough for a line.
     */
    static List<String> parameters(String attribute, String name) {
        String quoted = "\"" + name.replace("\"", "\\\"") + "\"";
        // What looks like an encoded word is taken for one by some readers.
        if (Ascii.isPrintable(name) && quoted.length() <= LONGEST && !name.contains("=?")) {
            return List.of(attribute + "=" + quoted);
        }
        List<String> sections = sections(name);
        if (sections.size() == 1) return List.of(attribute + "*=UTF-8''" + sections.getFirst());
        var parameters = new ArrayList<String>();
        for (int i = 0; i < sections.size(); i++) {
            String charset = i == 0 ? "UTF-8''" : "";
            parameters.add("%s*%d*=%s%s".formatted(attribute, i, charset, sections.get(i)));
        }
        return parameters;
    }

    // RFC 2231 §3. No character is spread over two sections: some readers decode each alone.
    private static List<String> sections(String name) {
        var sections = new ArrayList<String>();
        var section = new StringBuilder();
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            String encoded = encoded(c);
            if (section.length() + encoded.length() > LONGEST - "UTF-8''".length()) {
                sections.add(section.toString());
                section.setLength(0);
            }
            section.append(encoded);
            i += Character.charCount(c);
        }
        sections.add(section.toString());
        return sections;
    }

    private static String encoded(int c) {
        boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
        if (plain) return Character.toString(c);
        var encoded = new StringBuilder();
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
            encoded.append('%').append(HEX.charAt(b >> 4 & 0xf)).append(HEX.charAt(b & 0xf));
        }
        return encoded.toString();
    }
}
