package io.dynosend.web;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** One request to one address, over a connection of its own. */
final class WebRequest {

    private static final int LARGEST_HEAD = 65_536;

    private WebRequest() {}

    /**
     * Sends it and reads the head of the answer, no content.
     *
     * @param address where the target is
     * @param limit for all of it
     * @throws SocketTimeoutException if that is over
     */
    static WebReply send(String method, WebTarget target, InetAddress address, Duration limit)
            throws IOException {
        var done = new CountDownLatch(1);
        try (var socket = new Socket()) {
            // A server that sends a byte now and then would outlive any limit on a single read.
            var guard = Thread.ofVirtual().start(() -> closeUnless(done, limit, socket));
            try {
                int millis = (int) limit.toMillis();
                socket.setSoTimeout(millis);
                socket.connect(new InetSocketAddress(address, target.port()), millis);
                return exchange(method, target, target.secure() ? secured(socket, target) : socket);
            } catch (IOException e) {
                throw done.getCount() > 0 && socket.isClosed() ? new SocketTimeoutException() : e;
            } finally {
                done.countDown();
                guard.interrupt();
            }
        }
    }

    // The name goes into SNI (RFC 6066 §3), and the certificate must be for it (RFC 9110 §4.3.4).
    private static Socket secured(Socket plain, WebTarget target) throws IOException {
        var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        var socket = (SSLSocket) factory.createSocket(plain, target.host(), target.port(), true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    // RFC 9112 §3; a target has no line break in it, WebTarget encodes them.
    private static WebReply exchange(String method, WebTarget target, Socket socket)
            throws IOException {
        String request =
                """
                %s %s HTTP/1.1
                Host: %s
                User-Agent: Dynosend link check
                Accept: */*
                Connection: close

                """
                        .formatted(method, target.pathAndQuery(), target.authority())
                        .replace("\n", "\r\n");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        var in = new BufferedInputStream(socket.getInputStream());
        var reply = WebReply.of(head(in));
        while (reply.isInterim()) reply = WebReply.of(head(in));
        return reply;
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        int lineEnds = 0;
        while (lineEnds < 2) {
            int next = in.read();
            if (next < 0) throw new IOException("The answer ends in its head");
            if (next == '\n') lineEnds++;
            else if (next != '\r') lineEnds = 0;
            head.write(next);
            if (head.size() > LARGEST_HEAD) throw new IOException("The head is too large");
        }
        return head.toString(StandardCharsets.ISO_8859_1).strip();
    }

    private static void closeUnless(CountDownLatch done, Duration limit, Socket socket) {
        try {
            if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) socket.close();
        } catch (InterruptedException | IOException _) {
            // Interrupted: it was done in time.
        }
    }
}
