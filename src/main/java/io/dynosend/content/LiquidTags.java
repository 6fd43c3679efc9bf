package io.dynosend.content;

import org.commonmark.node.CustomBlock;

/** Tags of Liquid that stand between the blocks of Markdown. */
final class LiquidTags extends CustomBlock {

    private final String words;

    /**
     * @param words masked
     */
    LiquidTags(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
