package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.TextBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.jspecify.annotations.Nullable;

/** A message as two readers who do not know us understand it; they must agree. */
final class Received {

    private final byte[] bytes;
    private final MimeMessage angus;
    private final Message mime4j;

    private Received(byte[] bytes, MimeMessage angus, Message mime4j) {
        this.bytes = bytes;
        this.angus = angus;
        this.mime4j = mime4j;
    }

    static Received of(byte[] bytes) {
        try {
            var angus = new MimeMessage(Session.getInstance(new Properties()), stream(bytes));
            var builder = new DefaultMessageBuilder();
            builder.setMimeEntityConfig(MimeConfig.PERMISSIVE);
            var received = new Received(bytes, angus, builder.parseMessage(stream(bytes)));
            assertWellFormed(bytes);
            received.bothAgree();
            return received;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    String source() {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    List<String> headerNames() {
        return mime4j.getHeader().getFields().stream().map(field -> field.getName()).toList();
    }

    String header(String name) {
        try {
            return angus.getHeader(name, null).replaceAll("\r\n(?=[ \t])", "");
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    String subject() {
        return orEmpty(mime4j.getSubject());
    }

    String fromName() {
        return orEmpty(mime4j.getFrom().getFirst().getName());
    }

    String fromAddress() {
        return mime4j.getFrom().getFirst().getAddress();
    }

    String text() {
        return part(0, "text/plain");
    }

    String html() {
        return part(1, "text/html");
    }

    private static ByteArrayInputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private String part(int index, String type) {
        try {
            Entity part = ((Multipart) mime4j.getBody()).getBodyParts().get(index);
            assertThat(part.getMimeType()).isEqualTo(type);
            assertThat(part.getCharset()).isEqualToIgnoringCase("utf-8");
            try (var in = ((TextBody) part.getBody()).getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What every message keeps, whatever its parts. */
    static void assertWellFormed(byte[] bytes) {
        String source = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(source.chars().allMatch(c -> isBlank(c) || (c >= ' ' && c <= '~')))
                .as("ASCII without controls")
                .isTrue();
        assertThat(source.replace("\r\n", "")).doesNotContain("\r", "\n");
        assertThat(source).endsWith("\r\n");
        int body = source.indexOf("\r\n\r\n");
        assertThat(source.substring(0, body).lines()).allMatch(line -> line.length() <= 998);
        assertThat(source.substring(body).lines()).allMatch(line -> line.length() <= 76);
        assertThat(source.lines()).noneMatch(line -> line.startsWith("."));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static boolean isBlank(int c) {
        return c == '\r' || c == '\n' || c == '\t';
    }

    private void bothAgree() throws MessagingException, IOException {
        var from = (InternetAddress) angus.getFrom()[0];
        assertThat(angus.getFrom()).hasSize(1);
        assertThat(mime4j.getFrom()).hasSize(1);
        assertThat(from.getAddress()).isEqualTo(fromAddress());
        assertThat(orEmpty(from.getPersonal())).isEqualTo(fromName());
        assertThat(orEmpty(angus.getSubject())).isEqualTo(subject());
        assertThat(angus.getAllHeaderLines().asIterator())
                .toIterable()
                .hasSameSizeAs(headerNames());
        var parts = (MimeMultipart) angus.getContent();
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(((Multipart) mime4j.getBody()).getCount()).isEqualTo(2);
        assertThat(parts.getBodyPart(0).getContent()).isEqualTo(text());
        assertThat(parts.getBodyPart(1).getContent()).isEqualTo(html());
    }
}
