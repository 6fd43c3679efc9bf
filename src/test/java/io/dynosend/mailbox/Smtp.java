package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/** One connection to the mailbox, byte for byte. */
final class Smtp implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    private Smtp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Greeted, and greeted back. */
    static Smtp connect(Mailbox mailbox) throws IOException {
        var smtp = new Smtp(new Socket(InetAddress.ofLiteral("127.0.0.1"), mailbox.smtpPort()));
        smtp.socket.setTcpNoDelay(true);
        smtp.reply();
        smtp.say("EHLO client.example");
        return smtp;
    }

    /** A whole transaction on a connection of its own; answers the last reply. */
    static String send(Mailbox mailbox, String to, String message) throws IOException {
        try (var smtp = connect(mailbox)) {
            return smtp.send(to, message.getBytes(UTF_8));
        }
    }

    /** A whole transaction; answers the reply to the final dot. */
    String send(String to, byte[] stuffed) throws IOException {
        say("MAIL FROM:<sender@example.org> SIZE=100 BODY=8BITMIME SMTPUTF8");
        say("RCPT TO:<" + to + ">");
        say("DATA");
        write(stuffed);
        return say("\r\n.");
    }

    /** Sends a line; answers the whole reply. */
    String say(String line) throws IOException {
        write((line + "\r\n").getBytes(UTF_8));
        return reply();
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    String reply() throws IOException {
        var reply = new StringBuilder();
        String line;
        do {
            line = line();
            reply.append(line).append('\n');
        } while (line.length() > 3 && line.charAt(3) == '-');
        return reply.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) != '\n'; line.write(b))
            if (b < 0) throw new IOException("The server hung up");
        return line.toString(UTF_8).strip();
    }
}
