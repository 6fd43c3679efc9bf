package io.dynosend.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One conversation with a sink, which takes everything (RFC 5321, 2920, 3030). */
final class SinkSession {

    /**
     * How many bytes stand before those that were received: as many as the end of DATA may need.
     */
    static final int TAIL = 4;

    private static final int LONGEST_LINE = 4096;

    private static final int HELO = verb("HELO");
    private static final int EHLO = verb("EHLO");
    private static final int MAIL = verb("MAIL");
    private static final int RCPT = verb("RCPT");
    private static final int DATA = verb("DATA");
    private static final int BDAT = verb("BDAT");
    private static final int RSET = verb("RSET");
    private static final int NOOP = verb("NOOP");
    private static final int QUIT = verb("QUIT");

    private static final byte[] OK = ascii("250 2.0.0 Ok\r\n");
    private static final byte[] TAKEN = ascii("250 2.0.0 Ok: taken\r\n");
    private static final byte[] GO_ON = ascii("354 Go on\r\n");
    private static final byte[] BYE = ascii("221 2.0.0 Bye\r\n");
    private static final byte[] WHAT = ascii("500 5.5.1 What?\r\n");
    private static final byte[] OUT_OF_ORDER = ascii("503 5.5.1 Out of order\r\n");

    private enum State {
        COMMAND,
        DATA,
        CHUNK
    }

    private final SinkLedger accepted;
    private final byte[] hello;
    private final byte[] tail = new byte[TAIL];
    private final byte[] line = new byte[LONGEST_LINE];
    private final byte[] recipient = new byte[LONGEST_LINE];

    private State state = State.COMMAND;
    private int lineLength;
    private int recipientLength;
    private boolean mail;
    private long size;
    private long chunkLeft;
    private boolean lastChunk;

    SinkSession(SinkLedger accepted, byte[] hello) {
        this.accepted = accepted;
        this.hello = hello;
    }

    /**
     * Takes what was received.
     *
     * @param bytes of which the first {@link #TAIL} are for us, and the {@code length} behind them
     *     are what was received
     * @return false to hang up
     */
    boolean take(byte[] bytes, int length, ByteBuffer answers) throws IOException {
        System.arraycopy(tail, 0, bytes, 0, TAIL);
        int end = TAIL + length;
        int at = TAIL;
        while (at < end) {
            at =
                    switch (state) {
                        case COMMAND -> takeCommand(bytes, at, end, answers);
                        case DATA -> takeData(bytes, at, end, answers);
                        case CHUNK -> takeChunk(at, end, answers);
                    };
            if (at < 0) return false;
        }
        System.arraycopy(bytes, end - TAIL, tail, 0, TAIL);
        return true;
    }

    private int takeCommand(byte[] bytes, int at, int end, ByteBuffer answers) throws IOException {
        int newline = at;
        while (newline < end && bytes[newline] != '\n') newline++;
        int length = newline - at;
        if (lineLength + length > LONGEST_LINE) return -1;
        System.arraycopy(bytes, at, line, lineLength, length);
        lineLength += length;
        if (newline == end) return end;
        boolean goesOn = obey(answers);
        lineLength = 0;
        return goesOn ? newline + 1 : -1;
    }

    private boolean obey(ByteBuffer answers) throws IOException {
        int verb = lineLength < 4 ? 0 : verb(line);
        if (verb == MAIL) {
            mail = true;
            recipientLength = 0;
            size = 0;
            answers.put(OK);
        } else if (verb == RCPT) {
            rememberRecipient();
            answers.put(mail ? OK : OUT_OF_ORDER);
        } else if (verb == DATA) {
            if (recipientLength > 0) state = State.DATA;
            answers.put(recipientLength > 0 ? GO_ON : OUT_OF_ORDER);
        } else if (verb == BDAT) {
            beginChunk();
            if (chunkLeft == 0) endChunk(answers);
        } else if (verb == EHLO || verb == HELO) {
            answers.put(hello);
        } else if (verb == RSET || verb == NOOP) {
            if (verb == RSET) forget();
            answers.put(OK);
        } else {
            answers.put(verb == QUIT ? BYE : WHAT);
            return verb != QUIT;
        }
        return true;
    }

    private void rememberRecipient() {
        int from = 0;
        while (from < lineLength && line[from] != '<') from++;
        int to = from;
        while (to < lineLength && line[to] != '>') to++;
        recipientLength = mail ? Math.max(0, to - from - 1) : 0;
        System.arraycopy(line, Math.min(from + 1, to), recipient, 0, recipientLength);
    }

    private void beginChunk() {
        long length = 0;
        int at = 5;
        for (; at < lineLength && line[at] >= '0' && line[at] <= '9'; at++) {
            length = 10 * length + line[at] - '0';
        }
        chunkLeft = length;
        lastChunk = at + 4 < lineLength && (line[at + 1] & 0xDF) == 'L';
        state = State.CHUNK;
    }

    private int takeChunk(int at, int end, ByteBuffer answers) throws IOException {
        int taken = (int) Math.min(chunkLeft, end - at);
        chunkLeft -= taken;
        size += taken;
        if (chunkLeft == 0) endChunk(answers);
        return at + taken;
    }

    private void endChunk(ByteBuffer answers) throws IOException {
        state = State.COMMAND;
        if (recipientLength == 0) answers.put(OUT_OF_ORDER);
        else if (lastChunk) accept(answers);
        else answers.put(OK);
    }

    /**
     * Looks for CRLF, dot, CRLF, five bytes at a stride where none of them could be a part of it.
     */
    private int takeData(byte[] bytes, int at, int end, ByteBuffer answers) throws IOException {
        for (int i = at; i < end; ) {
            switch (bytes[i]) {
                case '\n' -> {
                    if (endsAt(bytes, i)) {
                        size += i + 1 - at;
                        state = State.COMMAND;
                        accept(answers);
                        return i + 1;
                    }
                    i += 3;
                }
                case '.' -> i += 2;
                case '\r' -> i += 1;
                default -> i += 5;
            }
        }
        size += end - at;
        return end;
    }

    private static boolean endsAt(byte[] bytes, int i) {
        return i >= TAIL
                && bytes[i - 1] == '\r'
                && bytes[i - 2] == '.'
                && bytes[i - 3] == '\n'
                && bytes[i - 4] == '\r';
    }

    private void accept(ByteBuffer answers) throws IOException {
        accepted.accept(
                SinkLedger.hash(recipient, 0, recipientLength), recipient, recipientLength, size);
        forget();
        answers.put(TAKEN);
    }

    private void forget() {
        mail = false;
        recipientLength = 0;
        size = 0;
    }

    private static int verb(String verb) {
        return verb(ascii(verb));
    }

    private static int verb(byte[] line) {
        return (line[0] & 0xDF) << 24
                | (line[1] & 0xDF) << 16
                | (line[2] & 0xDF) << 8
                | (line[3] & 0xDF);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
