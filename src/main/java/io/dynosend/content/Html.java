package io.dynosend.content;

/** Plain text inside HTML. */
final class Html {

    private Html() {}

    /** Safe between tags and inside a quoted attribute. */
    static String escaped(String text) {
        if (!hasMarkup(text)) return text;
        var out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    /** Safe as {@link #escaped}, and never Liquid. */
    static String escapedInTemplate(String text) {
        return escaped(text).replace("{", "&#123;");
    }

    private static boolean hasMarkup(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'') return true;
        }
        return false;
    }
}
