package io.dynosend.smtp;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/** Commands out, replies in, over one socket. */
final class Wire {

    private static final int BUFFER = 16 * 1024;
    private static final int LONGEST_LINE = 4 * 1024;
    private static final int LONGEST_ANSWER = 256 * 1024;
    private static final int SHOWN = 500;
    private static final Pattern ENHANCED = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?: |$)");

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int answered;

    /**
     * @param socket may encrypt
     * @param below the one that reaches the network
     * @param block how long the server may take for each 64 KiB that we write
     */
    Wire(Socket socket, Socket below, Duration block) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.out =
                new BufferedOutputStream(
                        new GuardedOutput(socket.getOutputStream(), below, block), BUFFER);
    }

    Socket socket() {
        return socket;
    }

    /** One command line; it is sent with the next {@link #flush}. */
    void command(String line) throws IOException {
        if (line.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new IllegalArgumentException("A command is one line");
        }
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.write('\r');
        out.write('\n');
    }

    OutputStream body() {
        return out;
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Whether the server has said something that nobody asked for. */
    boolean hasUnread() throws IOException {
        return in.available() > 0;
    }

    /** Whether the server has hung up, or said something that nobody asked for. */
    boolean isBroken() {
        try {
            socket.setSoTimeout(1);
            in.mark(1);
            in.read();
            in.reset();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * The next reply; of one that is very long, its beginning.
     *
     * @throws IOException also if it is none: no code, or no end
     */
    Reply reply(Duration timeout) throws IOException {
        socket.setSoTimeout((int) timeout.toMillis());
        answered = 0;
        var text = new StringBuilder();
        String first = line();
        String line = first;
        while (line.length() > 3 && line.charAt(3) == '-') {
            append(text, line);
            line = line();
            if (!line.startsWith(first.substring(0, 3))) {
                throw new IOException("the server's answer changes its code");
            }
        }
        append(text, line);
        return reply(Integer.parseInt(first.substring(0, 3)), text.toString());
    }

    private static Reply reply(int code, String text) {
        var enhanced = ENHANCED.matcher(text);
        boolean hasEnhanced = enhanced.lookingAt();
        return new Reply(
                code,
                hasEnhanced ? enhanced.group(1) : null,
                shown(hasEnhanced ? text.substring(enhanced.end()) : text));
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        int c = in.read();
        while (c != '\n') {
            if (c < 0) throw new IOException("the server hung up");
            if (++answered > LONGEST_ANSWER) {
                throw new IOException("the server's answer does not end");
            }
            if (c != '\r' && line.length() < LONGEST_LINE) line.append((char) c);
            c = in.read();
        }
        if (line.length() < 3 || !isCode(line)) {
            throw new IOException("the server's answer is no SMTP");
        }
        return line.toString();
    }

    private static boolean isCode(CharSequence line) {
        return line.charAt(0) >= '2'
                && line.charAt(0) <= '5'
                && Character.isDigit(line.charAt(1))
                && Character.isDigit(line.charAt(2))
                && (line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-');
    }

    private static void append(StringBuilder text, String line) {
        if (text.length() > LONGEST_LINE * 4) return;
        if (!text.isEmpty()) text.append('\n');
        text.append(line.substring(Math.min(4, line.length())));
    }

    // For EHLO the lines are told apart; a page or a log shows one line.
    private static String shown(String text) {
        var shown = new StringBuilder();
        text.chars().limit(SHOWN).forEach(c -> shown.append(isShown(c) ? (char) c : '?'));
        return shown.toString();
    }

    private static boolean isShown(int c) {
        return c == '\n' || (c >= ' ' && c < 0x7f);
    }
}
