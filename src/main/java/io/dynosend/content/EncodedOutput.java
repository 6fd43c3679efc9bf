package io.dynosend.content;

import io.dynosend.liquid.Output;

/** Encodes a template while it is rendered; what is fixed in it was encoded before. */
final class EncodedOutput implements Output {

    private final QuotedPrintable out;
    private final EncodedPieces pieces;
    private int length;

    EncodedOutput(QuotedPrintable out, EncodedPieces pieces) {
        this.out = out;
        this.pieces = pieces;
    }

    @Override
    public void fixed(String text) {
        out.piece(pieces.of(text));
        length += text.length();
    }

    @Override
    public void append(String text, int start, int end) {
        out.text(text, start, end);
        length += end - start;
    }

    @Override
    public int length() {
        return length;
    }
}
