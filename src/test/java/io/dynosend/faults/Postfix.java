package io.dynosend.faults;

import io.dynosend.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Postfix on loopback, which puts everything for example.org into one Maildir, and OpenDKIM in
 * front of it, which writes its verdict on each signature into the message. Takes the rights of
 * root.
 */
final class Postfix implements AutoCloseable {

    private static final String MAIN =
            """
            compatibility_level = 3.6
            queue_directory = {folder}/queue
            data_directory = {folder}/data
            maillog_file_prefixes = {folder}
            maillog_file = {folder}/mail.log
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            myhostname = mta.example
            mydestination =
            mynetworks = 127.0.0.0/8
            smtpd_recipient_restrictions = permit_mynetworks, reject
            virtual_mailbox_domains = example.org
            virtual_mailbox_base = {folder}
            virtual_mailbox_maps = static:inbox/
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            virtual_minimum_uid = 1
            virtual_destination_recipient_limit = 1
            smtpd_milters = inet:127.0.0.1:{verifier}
            milter_default_action = tempfail
            """;

    private static final String SERVICES =
            """
            {port} inet n - n - - smtpd
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            showq unix n - n - - showq
            error unix - - n - - error
            retry unix - - n - - error
            virtual unix - n n - - virtual
            anvil unix - - n - 1 anvil
            postlog unix-dgram n - n - 1 postlogd
            """;

    private static final String VERIFIER =
            """
            Mode v
            Socket inet:{verifier}@127.0.0.1
            AuthservID mta.example
            AlwaysAddARHeader yes
            Syslog no
            TestDNSData {folder}/dns
            """;

    private final Path folder;
    private final int port = freePort();
    private final int milter = freePort();
    private @Nullable Process verifier;

    Postfix() throws IOException {
        // Its programs run as users of their own and have to get in.
        folder = Files.createTempDirectory("postfix");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(folder.resolve("queue"));
        run("chown", "postfix", Files.createDirectory(folder.resolve("data")).toString());
        run("chown", "65534:65534", Files.createDirectory(folder.resolve("inbox")).toString());
        Files.createDirectory(folder.resolve("conf"));
        write("conf/main.cf", settled(MAIN));
        write("conf/master.cf", settled(SERVICES));
        postfix("start");
        Await.until("Postfix listens", Duration.ofSeconds(20), () -> listens(port));
    }

    static boolean isInstalled() {
        return Stream.of("/usr/sbin/postfix", "/usr/sbin/opendkim")
                .allMatch(program -> Files.isExecutable(Path.of(program)));
    }

    String url() {
        return "smtp://127.0.0.1:" + port;
    }

    /**
     * What the verifier finds in the DNS; to be called once, before the first message.
     *
     * @param dns the text of TXT records by their names
     */
    void publish(Map<String, String> dns) throws IOException {
        write("dns", records(dns));
        write("opendkim.conf", settled(VERIFIER));
        verifier =
                new ProcessBuilder(
                                "/usr/sbin/opendkim",
                                "-f",
                                "-x",
                                folder.resolve("opendkim.conf").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("opendkim.log").toFile())
                        .start();
        Await.until("OpenDKIM listens", Duration.ofSeconds(20), () -> listens(milter));
    }

    /** The messages that lie in the mailbox. */
    List<Path> inbox() throws IOException {
        var messages = folder.resolve("inbox/new");
        if (!Files.exists(messages)) return List.of();
        try (var files = Files.list(messages)) {
            return files.toList();
        }
    }

    @Override
    public void close() throws IOException {
        postfix("stop");
        if (verifier != null) verifier.destroyForcibly();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private String settled(String template) {
        return template.replace("{folder}", folder.toString())
                .replace("{port}", Integer.toString(port))
                .replace("{verifier}", Integer.toString(milter));
    }

    private static String records(Map<String, String> dns) {
        return dns.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private void postfix(String command) throws IOException {
        run("/usr/sbin/postfix", "-c", folder.resolve("conf").toString(), command);
    }

    private static void run(String... command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("%s: %s".formatted(String.join(" ", command), output));
        }
    }

    private static boolean listens(int port) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
