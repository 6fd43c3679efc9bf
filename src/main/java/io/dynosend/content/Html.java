package io.dynosend.content;

/** Plain text inside HTML. */
final class Html {

    private Html() {}

    /** Safe between tags and inside a quoted attribute. */
    static void escape(String text, StringBuilder out) {
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
    }

    /** Safe as {@link #escape}, and never Liquid. */
    static String escapedInTemplate(String text) {
        var out = new StringBuilder(text.length() + 16);
        escape(text, out);
        return out.toString().replace("{", "&#123;");
    }
}
