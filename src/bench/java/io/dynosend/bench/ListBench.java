package io.dynosend.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The list of all contacts of a large audience: when its first byte comes, how long it takes, what
 * memory the server needs, and what other callers feel of readers who stopped reading.
 */
final class ListBench {

    private static final int CONTACTS = 1_000_000;
    private static final int STALLED = 20;

    /** How the answer arrived. */
    private record Arrival(double firstByteMillis, double seconds, long bytes) {}

    private ListBench() {}

    static void run() throws Exception {
        try (var server = BenchServer.start();
                var db = server.connect()) {
            Machine.describe(server.folder());
            System.out.printf("makes %,d contacts …%n", CONTACTS);
            var things = ApiSetting.make(server, db, CONTACTS);
            var list =
                    Request.of(
                            "GET",
                            "/contacts?audience_uid=" + things.audienceUid(),
                            things.token(),
                            "");
            // The first of all calls finds nothing compiled.
            var first = read(server.port(), list);
            var second = read(server.port(), list);
            for (var each : List.of(first, second)) {
                System.out.printf(
                        "list         first byte after %.1f ms, all after %.1f s: %.0f MB, %.1f MB/s%n",
                        each.firstByteMillis(),
                        each.seconds(),
                        each.bytes() / 1e6,
                        each.bytes() / 1e6 / each.seconds());
            }
            long peak = server.peakMegabytes();
            System.out.printf("memory       at most %d MB%n", peak);

            var get =
                    Request.of(
                            "GET",
                            "/contacts?audience_uid=%s&contact_uid=s%s"
                                    .formatted(things.audienceUid(), "%".repeat(12)),
                            things.token(),
                            "");
            var undisturbed = get(server, get);
            System.out.printf("get contact  %s%n", undisturbed);
            var stalled = stall(server.port(), list);
            var disturbed = get(server, get);
            System.out.printf("  meanwhile  %s   %d readers have stopped%n", disturbed, STALLED);
            for (var reader : stalled) reader.close();
            System.out.printf(
                    Locale.ROOT,
                    "{\"bench\":\"list\",\"contacts\":%d,\"first_byte_ms\":%.1f,\"seconds\":%.2f,"
                            + "\"mb_per_s\":%.1f,\"peak_rss_mb\":%d,\"get_contact\":%s,"
                            + "\"get_contact_beside_stalled\":%s}%n",
                    CONTACTS,
                    second.firstByteMillis(),
                    second.seconds(),
                    second.bytes() / 1e6 / second.seconds(),
                    Math.max(peak, server.peakMegabytes()),
                    undisturbed.json(),
                    disturbed.json());
        }
    }

    private static Figures get(BenchServer server, Request request) throws Exception {
        return Load.http(1, server.port(), request, 200, new AtomicLong());
    }

    private static Arrival read(int port, Request request) throws IOException {
        long begin = System.nanoTime();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.filled().with(0));
            var in = socket.getInputStream();
            var buffer = new byte[64 << 10];
            long bytes = in.read(buffer);
            double firstByte = (System.nanoTime() - begin) / 1e6;
            if (!new String(buffer, 0, 12, US_ASCII).equals("HTTP/1.1 200")) {
                throw new IOException(new String(buffer, 0, (int) bytes, US_ASCII));
            }
            var tail = new Tail();
            tail.add(buffer, (int) bytes);
            for (int read; !tail.isEnd(); bytes += read) {
                read = in.read(buffer);
                if (read < 0) throw new IOException("The list breaks off");
                tail.add(buffer, read);
            }
            return new Arrival(firstByte, (System.nanoTime() - begin) / 1e9, bytes);
        }
    }

    /** The last bytes, however they are cut: the last chunk has none (RFC 9112 section 7.1). */
    private static final class Tail {

        private static final long END = 0x300D_0A0D_0AL;

        private long last;

        void add(byte[] bytes, int count) {
            for (int i = Math.max(0, count - 5); i < count; i++) {
                last = ((last << 8) | (bytes[i] & 0xFF)) & 0xFF_FFFF_FFFFL;
            }
        }

        boolean isEnd() {
            return last == END;
        }
    }

    private static List<Socket> stall(int port, Request request) throws IOException {
        var stalled = new ArrayList<Socket>();
        for (int i = 0; i < STALLED; i++) {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream().write(request.filled().with(0));
            socket.getInputStream().read(new byte[1024]);
            stalled.add(socket);
        }
        return stalled;
    }
}
