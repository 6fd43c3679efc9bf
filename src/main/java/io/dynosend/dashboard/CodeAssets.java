package io.dynosend.dashboard;

import java.util.List;

/** What a page needs besides to show fields with {@code data-code} as code. */
public final class CodeAssets {

    public static final List<String> STYLES =
            List.of("codemirror.css", "codemirror-dialog.css", "editor.css", "rooms.css");

    public static final List<String> SCRIPTS =
            List.of(
                    "codemirror.js",
                    "codemirror-overlay.js",
                    "codemirror-xml.js",
                    "codemirror-css.js",
                    "codemirror-script.js",
                    "codemirror-html.js",
                    "codemirror-markdown.js",
                    "codemirror-dialog.js",
                    "codemirror-cursor.js",
                    "codemirror-search.js",
                    "rooms.js");

    private CodeAssets() {}
}
