package io.dynosend.liquid.filter;

/** Takes scripts, styles, comments and tags out of HTML, looking at no character twice. */
final class MarkupStripper {

    private static final String[][] BLOCKS = {
        {"<script", "</script>"}, {"<!--", "-->"}, {"<style", "</style>"}
    };

    private MarkupStripper() {}

    static String strip(String html) {
        return html.indexOf('<') < 0 ? html : withoutTags(withoutBlocks(html));
    }

    private static String withoutBlocks(String html) {
        StringBuilder out = new StringBuilder(html.length());
        boolean[] closes = {true, true, true};
        int done = 0;
        for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
            int end = endOfBlock(html, at, closes);
            if (end < 0) {
                at++;
            } else {
                out.append(html, done, at);
                done = end;
                at = end;
            }
        }
        return out.append(html, done, html.length()).toString();
    }

    // Once the end of a kind is nowhere ahead, no later block of it can be closed either.
    private static int endOfBlock(String html, int at, boolean[] closes) {
        for (int kind = 0; kind < BLOCKS.length; kind++) {
            String start = BLOCKS[kind][0];
            String end = BLOCKS[kind][1];
            if (closes[kind] && html.startsWith(start, at)) {
                int found = html.indexOf(end, at + start.length());
                if (found >= 0) {
                    return found + end.length();
                }
                closes[kind] = false;
            }
        }
        return -1;
    }

    private static String withoutTags(String html) {
        StringBuilder out = new StringBuilder(html.length());
        int done = 0;
        for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', done)) {
            int end = html.indexOf('>', at);
            if (end < 0) {
                break;
            }
            out.append(html, done, at);
            done = end + 1;
        }
        return out.append(html, done, html.length()).toString();
    }
}
