package io.dynosend.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dynosend.Await;
import io.dynosend.Http;
import io.dynosend.database.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.TextBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay that nobody here wrote. Runs where Debian's postfix and opendkim are installed. */
@Tag("faults")
class PostfixTest {

    private static final int RECIPIENTS = 10_000;

    // A dot alone, a line beyond 998 octets, letters beyond ASCII, the signature of nobody.
    private static final String HTML =
            "<p>Hello {{ EMAIL }}</p>\\n.\\n..\\n<p>Grüße, %s \uD83D\uDE00</p>\\n"
                            .formatted("long ".repeat(300))
                    + "From here on: whole, {{ EMAIL }}";

    private static final Pattern RECIPIENT = Pattern.compile("whole, (r\\d+@example\\.org)");
    private static final Pattern VERDICT =
            Pattern.compile("(dkim=\\w+)[^;]*?header\\.a=([\\w-]+)", Pattern.DOTALL);

    @TempDir private Path folder;

    @Test
    void tenThousandMessagesArriveWholeAndTheirSignaturesVerify() throws Exception {
        assumeThat(Postfix.isInstalled()).as("Postfix and OpenDKIM are installed").isTrue();
        try (var postgres = EmbeddedPostgres.start(folder.resolve("data"));
                var postfix = new Postfix()) {
            var node = new Node(folder, database(postgres), postfix.url()).start();
            try {
                postfix.publish(keys(node.http()));
                verified(postgres);
                deliver(node, postfix);
            } finally {
                node.terminate();
            }
        }
    }

    private static void deliver(Node node, Postfix postfix) throws Exception {
        var campaign = Campaign.make(node.http(), RECIPIENTS, HTML);
        long begin = System.nanoTime();

        campaign.start();
        campaign.awaitDone(Duration.ofMinutes(10));
        double seconds = (System.nanoTime() - begin) / 1e9;
        Await.until(
                "all lie in the mailbox",
                Duration.ofMinutes(5),
                () -> inbox(postfix) >= RECIPIENTS);

        assertThat(campaign.ledger()).containsOnlyKeys("sent");
        var got = new TreeMap<String, Integer>();
        var verdicts = new TreeMap<String, Integer>();
        for (var file : postfix.inbox()) {
            var message = message(file);
            got.merge(recipient(message), 1, Integer::sum);
            var verdict = VERDICT.matcher(authenticationResults(message));
            while (verdict.find()) {
                verdicts.merge(verdict.group(1) + " " + verdict.group(2), 1, Integer::sum);
            }
        }
        System.out.printf(
                "POSTFIX %,d recipients, %,d in the mailbox, %,.0f a second, %s%n",
                RECIPIENTS, got.size(), RECIPIENTS / seconds, verdicts);
        assertThat(got).hasSize(RECIPIENTS);
        assertThat(got.values()).containsOnly(1);
        assertThat(verdicts)
                .isEqualTo(
                        Map.of(
                                "dkim=pass rsa-sha256", RECIPIENTS,
                                "dkim=pass ed25519-sha256", RECIPIENTS));
    }

    private static Map<String, String> keys(Http http) {
        var domain = Campaign.ok(http.post("/api/v2/domains", "{\"domain\": \"example.org\"}"));
        var keys = new HashMap<String, String>();
        for (var record : domain.findValue("records")) {
            if (record.get("purpose").asText().startsWith("dkim")) {
                keys.put(record.get("name").asText(), record.get("value").asText());
            }
        }
        return keys;
    }

    // What a check would find, if the domain were ours.
    private static void verified(EmbeddedPostgres postgres) throws SQLException {
        var endpoint = postgres.endpoint();
        try (var db =
                        DriverManager.getConnection(
                                endpoint.jdbcUrl(), endpoint.user(), endpoint.password());
                var statement = db.createStatement()) {
            statement.execute("UPDATE sending_domain SET verified_at = now()");
        }
    }

    private static String database(EmbeddedPostgres postgres) {
        var url = URI.create(postgres.jdbcUrl().substring("jdbc:".length()));
        return "postgresql://%s:%s@127.0.0.1:%d/postgres?sslmode=disable"
                .formatted(postgres.user(), postgres.password(), url.getPort());
    }

    private static int inbox(Postfix postfix) {
        try {
            return postfix.inbox().size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Message message(Path file) throws IOException {
        return new DefaultMessageBuilder()
                .parseMessage(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static String authenticationResults(Message message) {
        return message.getHeader().getFields("Authentication-Results").stream()
                .map(field -> field.getBody())
                .reduce("", String::concat);
    }

    private static String recipient(Message message) throws IOException {
        var parts = ((Multipart) message.getBody()).getBodyParts();
        var html = (TextBody) parts.getLast().getBody();
        String text =
                new String(
                        html.getInputStream().readAllBytes(),
                        Charset.forName(html.getMimeCharset()));
        assertThat(text).contains("\r\n.\r\n..\r\n", "Grüße, long long", "\uD83D\uDE00");
        var recipient = RECIPIENT.matcher(text);
        assertThat(recipient.find()).as(text).isTrue();
        return recipient.group(1);
    }
}
