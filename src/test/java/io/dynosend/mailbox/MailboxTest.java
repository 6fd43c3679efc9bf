package io.dynosend.mailbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailboxTest {

    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00.123456Z");

    @TempDir Path folder;
    Mailbox mailbox;

    @BeforeEach
    void start() {
        mailbox = Mailbox.start(folder, 0, InstantSource.fixed(NOW));
    }

    @AfterEach
    void stop() {
        mailbox.close();
    }

    @Test
    void whatCameAfterDataIsKeptByteForByteBehindTheTraceLines() throws IOException {
        var sent =
                "Subject: x\r\n\r\n..\r\n...two\r\nbare\nand\rlines\r\n\0\r\n.\rx\r\n"
                        .getBytes(UTF_8);
        var eightBit = "gr\u00fc\u00df\r\n".getBytes(ISO_8859_1);

        try (var smtp = Smtp.connect(mailbox)) {
            smtp.send("ada@example.org", concat(sent, eightBit, "end".getBytes(UTF_8)));
        }

        assertThat(new String(onlyFile(), ISO_8859_1))
                .isEqualTo(
                        "Return-Path: <sender@example.org>\r\n"
                                + "Delivered-To: ada@example.org\r\n"
                                + "Received: from client.example ([127.0.0.1]) by localhost"
                                + " (Dynosend mailbox) with ESMTP;"
                                + " Thu, 1 Jan 2026 10:00:00 +0000\r\n"
                                + "Subject: x\r\n\r\n.\r\n..two\r\nbare\nand\rlines\r\n\0\r\n\rx\r\n"
                                + "gr\u00fc\u00df\r\nend\r\n");
    }

    @Test
    void aLineOfTenMegabytesIsKept() throws IOException {
        var line = new byte[10_000_000];
        Arrays.fill(line, (byte) 'a');

        try (var smtp = Smtp.connect(mailbox)) {
            assertThat(smtp.send("ada@example.org", line)).startsWith("250 ");
        }

        var kept = onlyFile();
        assertThat(Arrays.copyOfRange(kept, kept.length - line.length - 2, kept.length - 2))
                .isEqualTo(line);
    }

    @Test
    void theAnswerToTheFinalDotNamesTheStoredMessage() throws IOException {
        var answer = Smtp.send(mailbox, "ada@example.org", "Subject: x\r\n\r\nx");

        assertThat(answer).isEqualTo("250 2.0.0 Ok: stored as 20260101T100000.123456");
        assertThat(folder.resolve("20260101T100000.123456.eml")).exists();
    }

    @Test
    void namesGrowEvenWhenTheClockStandsStill() throws IOException {
        Smtp.send(mailbox, "ada@example.org", "1");
        Smtp.send(mailbox, "ada@example.org", "2");

        assertThat(ids()).containsExactly("20260101T100000.123456", "20260101T100000.123457");
    }

    @Test
    void storedMessagesAndTheirOrderSurviveARestartWithTheClockSetBack() throws IOException {
        Smtp.send(mailbox, "ada@example.org", "1");
        mailbox.close();

        mailbox = Mailbox.start(folder, 0, InstantSource.fixed(NOW.minusSeconds(3600)));
        Smtp.send(mailbox, "ada@example.org", "2");

        assertThat(ids()).containsExactly("20260101T100000.123456", "20260101T100000.123457");
    }

    @Test
    void anIdIsNotGivenAgainAfterClearing() throws IOException {
        Smtp.send(mailbox, "ada@example.org", "1");
        mailbox.messages().clear();
        Smtp.send(mailbox, "ada@example.org", "2");

        assertThat(ids()).containsExactly("20260101T100000.123457");
    }

    @Test
    void aClientThatHangsUpBeforeTheFinalDotLeavesNothing() throws IOException {
        try (var smtp = Smtp.connect(mailbox)) {
            smtp.say("MAIL FROM:<>");
            smtp.say("RCPT TO:<ada@example.org>");
            smtp.say("DATA");
            smtp.write("Subject: half a mess".getBytes(UTF_8));
        }
        mailbox.close(); // waits for the connection to end

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatAnEarlierProcessLeftUnfinishedIsRemoved() throws IOException {
        mailbox.close();
        Files.writeString(folder.resolve("7.unfinished"), "half");

        mailbox = Mailbox.start(folder, 0, InstantSource.fixed(NOW));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void bounceIsNoSuchUser() throws IOException {
        assertThat(rcpt("Bounce+7@example.org")).startsWith("550 5.1.1 ");
    }

    @Test
    void fullIsAFullMailboxEveryTime() throws IOException {
        assertThat(rcpt("full@example.org")).startsWith("452 4.2.2 ");
        assertThat(rcpt("full@example.org")).startsWith("452 4.2.2 ");
    }

    @Test
    void deferIsRefusedOnceForEachAddressWhateverItsCase() throws IOException {
        assertThat(rcpt("defer1@example.org")).startsWith("451 4.7.1 ");
        assertThat(rcpt("DEFER1@example.org")).startsWith("250 ");
        assertThat(rcpt("defer2@example.org")).startsWith("451 4.7.1 ");
    }

    @Test
    void spamIsRefusedAfterTheFinalDotAndTheConnectionGoesOn() throws IOException {
        try (var smtp = Smtp.connect(mailbox)) {
            assertThat(smtp.send("spam@example.org", bytes("x"))).startsWith("554 5.7.1 ");
            assertThat(smtp.send("ada@example.org", bytes("x"))).startsWith("250 ");
        }
        assertThat(ids()).hasSize(1);
    }

    @Test
    void slowIsAnsweredASecondLateWhileOthersAreServed() throws Exception {
        var start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var slow =
                    threads.submit(() -> {
                        Smtp.send(mailbox, "slow@example.org", "x");
                        return since(start);
                    });
            var quick =
                    threads.submit(() -> {
                        Smtp.send(mailbox, "ada@example.org", "x");
                        return since(start);
                    });

            assertThat(slow.get()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(quick.get()).isLessThan(slow.get());
        }
    }

    @Test
    void aMessageLargerThanAnnouncedIsRefusedAndTheConnectionGoesOn() throws IOException {
        try (var smtp = Smtp.connect(mailbox)) {
            assertThat(smtp.send("ada@example.org", new byte[Messages.LARGEST + 1]))
                    .startsWith("552 5.3.4 ");
            assertThat(smtp.send("ada@example.org", bytes("x"))).startsWith("250 ");
        }
    }

    @Test
    void offersWhatItCanDo() throws IOException {
        try (var smtp = Smtp.connect(mailbox)) {
            assertThat(smtp.say("EHLO again").split("\n"))
                    .contains(
                            "250-PIPELINING", "250-8BITMIME", "250-SIZE 26214400", "250 SMTPUTF8");
            assertThat(smtp.say("BDAT 3 LAST")).startsWith("502 ");
        }
    }

    @Test
    void theNextTransactionMayFollowTheFinalDotAtOnce() throws IOException {
        var transaction = "MAIL FROM:<>\r\nRCPT TO:<ada@example.org>\r\nDATA\r\n";

        try (var smtp = Smtp.connect(mailbox)) {
            smtp.write(bytes(transaction));
            assertThat(List.of(smtp.reply(), smtp.reply(), smtp.reply()).getLast())
                    .startsWith("354 ");
            smtp.write(bytes("one\r\n.\r\n" + transaction));
            var replies = List.of(smtp.reply(), smtp.reply(), smtp.reply(), smtp.reply());
            assertThat(smtp.say("two\r\n.")).startsWith("250 ");

            assertThat(replies.getFirst()).startsWith("250 ");
            assertThat(replies.getLast()).startsWith("354 ");
        }
        assertThat(ids()).hasSize(2);
    }

    @Test
    void anAddressThatCouldForgeATraceLineIsRefused() throws IOException {
        assertThat(rcpt("ada\tb\u0085@example.org")).startsWith("553 5.1.3 ");
        assertThat(rcpt("nobody")).startsWith("553 5.1.3 ");
        try (var smtp = Smtp.connect(mailbox)) {
            assertThat(smtp.say("MAIL FROM:<a\u0007@example.org>")).startsWith("553 ");
        }
    }

    @Test
    void anOrdinaryMailLibraryCanSendToAnInternationalAddress() throws Exception {
        var properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(mailbox.smtpPort()));
        properties.put("mail.mime.allowutf8", "true");
        var message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("absender@example.org"));
        message.setRecipient(
                Message.RecipientType.TO, new InternetAddress("j\u00f6rg@b\u00fccher.example"));
        message.setSubject("Gr\u00fc\u00dfe", "UTF-8");
        message.setText("Hallo J\u00f6rg", "UTF-8");

        Transport.send(message);

        var stored = only();
        assertThat(stored.envelope())
                .isEqualTo(
                        new Envelope(
                                "absender@example.org",
                                List.of("j\u00f6rg@b\u00fccher.example"),
                                stored.envelope().helo(),
                                "127.0.0.1"));
        assertThat(stored.subject()).isEqualTo("Gr\u00fc\u00dfe");
        assertThat(stored.contents().text().strip()).isEqualTo("Hallo J\u00f6rg");
    }

    @Test
    void twoHundredConnectionsAreServedAtOnce() throws IOException {
        var connections = new ArrayList<Smtp>();
        for (int i = 0; i < 200; i++) connections.add(Smtp.connect(mailbox));

        for (var smtp : connections) {
            assertThat(smtp.send("ada@example.org", bytes("x"))).startsWith("250 ");
            smtp.close();
        }
        assertThat(ids()).hasSize(200).isSorted();
    }

    @Test
    void aTakenPortIsSaidPlainly() {
        assertThatThrownBy(() ->
                        Mailbox.start(
                                folder.resolve("2"), mailbox.smtpPort(), InstantSource.fixed(NOW)))
                .hasMessageContaining("port " + mailbox.smtpPort());
    }

    private String rcpt(String address) throws IOException {
        try (var smtp = Smtp.connect(mailbox)) {
            smtp.say("MAIL FROM:<>");
            return smtp.say("RCPT TO:<" + address + ">");
        }
    }

    private List<String> ids() {
        return mailbox.messages().after(MessageId.FIRST, 1000).stream()
                .map(MessageId::toString)
                .toList();
    }

    private StoredMessage only() throws IOException {
        return mailbox.messages().find(ids().getFirst()).orElseThrow();
    }

    private byte[] onlyFile() throws IOException {
        return Files.readAllBytes(only().file());
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] concat(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) all.writeBytes(part);
        return all.toByteArray();
    }
}
