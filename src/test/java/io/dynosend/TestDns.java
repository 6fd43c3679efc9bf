package io.dynosend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;

/** A DNS server on a port of this machine that knows the TXT records it is told. */
public final class TestDns {

    private static final int TTL = 60;

    private final Map<String, List<String>> texts = new ConcurrentHashMap<>();
    private final DatagramSocket socket;

    public TestDns() {
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    /** As {@code 127.0.0.1:12345}. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** From now on a name has these records; none: it does not exist. */
    public void set(String name, String... records) {
        texts.put(name.toLowerCase(Locale.ROOT), List.of(records));
    }

    /** From now on nobody is told of this name: the server fails. */
    public void fail(String name) {
        texts.put(name.toLowerCase(Locale.ROOT), List.of("FAIL"));
    }

    private void serve() {
        var buffer = new byte[4096];
        while (!socket.isClosed()) {
            var packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                byte[] answer =
                        answer(new Message(Arrays.copyOf(packet.getData(), packet.getLength())))
                                .toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (socket.isClosed()) return;
            }
        }
    }

    private Message answer(Message query) {
        var question = query.getQuestion();
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(question, Section.QUESTION);
        String name = question.getName().toString(true).toLowerCase(Locale.ROOT);
        var records = texts.getOrDefault(name, List.of());
        if (records.equals(List.of("FAIL"))) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        } else if (records.isEmpty()) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        } else {
            for (String text : records) {
                answer.addRecord(
                        new TXTRecord(question.getName(), DClass.IN, TTL, strings(text)),
                        Section.ANSWER);
            }
        }
        return answer;
    }

    // A string of DNS has 255 octets at most (RFC 1035 §3.3.14).
    private static List<String> strings(String text) {
        return Arrays.asList(text.split("(?<=\\G.{255})", -1));
    }
}
