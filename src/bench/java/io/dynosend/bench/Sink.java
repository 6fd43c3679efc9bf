package io.dynosend.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.Set;

/**
 * A process that takes mail as fast as it comes, throws it away, and remembers for whom it was. It
 * prints {@code listening PORT}, then answers {@code count} and {@code reset} on its standard input
 * with a line of JSON, and ends with its input.
 *
 * <p>Flags: {@code --port 0}, {@code --threads 1}, {@code --without PIPELINING,CHUNKING} (what EHLO
 * leaves out), {@code --file PATH} (each recipient whose message was taken on a line of its own;
 * complete when {@code count} has answered).
 */
final class Sink {

    private static final List<String> EXTENSIONS =
            List.of("PIPELINING", "CHUNKING", "8BITMIME", "SMTPUTF8", "SIZE 104857600");
    private static final int BACKLOG = 1024;

    private Sink() {}

    static void main(String[] args) throws Exception {
        var flags = List.of(args);
        int threads = Integer.parseInt(flag(flags, "--threads", "1"));
        String file = flag(flags, "--file", "");
        var accepted = new SinkLedger(file.isEmpty() ? null : Path.of(file));
        var greeting = hello(Set.of(flag(flags, "--without", "").split(",", -1)));
        var loops = new ArrayList<SinkLoop>();
        for (int i = 0; i < threads; i++) {
            loops.add(new SinkLoop(accepted, greeting));
            Thread.ofPlatform().name("sink-" + i).daemon().start(loops.getLast());
        }
        var server = listen(Integer.parseInt(flag(flags, "--port", "0")));
        System.out.println("listening " + ((InetSocketAddress) server.getLocalAddress()).getPort());
        Thread.ofPlatform().name("accept").daemon().start(() -> accept(server, loops));
        obey(accepted);
    }

    private static String flag(List<String> flags, String name, String otherwise) {
        int at = flags.indexOf(name);
        return at < 0 ? otherwise : flags.get(at + 1);
    }

    private static String hello(Set<String> without) {
        var offered =
                EXTENSIONS.stream().filter(e -> !without.contains(e.split(" ", 2)[0])).toList();
        if (offered.isEmpty()) return "250 sink\r\n";
        return "250-sink\r\n250-"
                + String.join("\r\n250-", offered.subList(0, offered.size() - 1))
                + (offered.size() > 1 ? "\r\n250 " : "")
                + offered.getLast()
                + "\r\n";
    }

    private static ServerSocketChannel listen(int port) throws IOException {
        var server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        return server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    }

    private static void accept(ServerSocketChannel server, List<SinkLoop> loops) {
        try {
            for (int i = 0; ; i++) loops.get(i % loops.size()).add(server.accept());
        } catch (IOException e) {
            System.err.println("The sink takes no more connections: " + e);
        }
    }

    private static void obey(SinkLedger accepted) throws IOException {
        try (var commands = new Scanner(System.in, StandardCharsets.US_ASCII)) {
            while (commands.hasNextLine()) {
                switch (commands.nextLine().strip()) {
                    case "count" -> System.out.println(accepted.json(cpuMillis()));
                    case "reset" -> {
                        accepted.reset();
                        System.out.println("{}");
                    }
                    default -> System.out.println("{\"error\":\"count or reset\"}");
                }
            }
        }
    }

    private static long cpuMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
    }
}
