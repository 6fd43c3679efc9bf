package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalMessageTest {

    private static final Instant NOW = Instant.parse("2026-11-03T09:08:07Z");
    private static final Wording WORDING = new Wording("Receipt", "Paid\n", "<p>Paid</p>\n");

    @Test
    void itHasWhatTheAuthorWroteAndNothingElse() {
        byte[] bytes = composed(WORDING);

        assertThat(new String(bytes, StandardCharsets.US_ASCII))
                .isEqualTo(
                        """
                        From: ACME <shop@example.com>
                        To: ada@example.org
                        Subject: Receipt
                        Reply-To: help@example.com
                        Date: Tue, 3 Nov 2026 09:08:07 +0000
                        Message-ID: <1.abc@example.com>
                        MIME-Version: 1.0
                        X-Order: 12
                        Content-Type: multipart/alternative;
                         boundary="=_0bb177e6ecfa6f12c84debc95ad1a854"

                        --=_0bb177e6ecfa6f12c84debc95ad1a854
                        Content-Type: text/plain; charset=UTF-8
                        Content-Transfer-Encoding: 7bit

                        Paid

                        --=_0bb177e6ecfa6f12c84debc95ad1a854
                        Content-Type: text/html; charset=UTF-8
                        Content-Transfer-Encoding: 7bit

                        <p>Paid</p>

                        --=_0bb177e6ecfa6f12c84debc95ad1a854--
                        """
                                .replace("\n", "\r\n"));
    }

    @Test
    void withoutHtmlItIsPlainText() throws Exception {
        byte[] bytes = composed(new Wording("Code", "Grüße: 1234", null));

        var message = angus(bytes);
        assertThat(message.getContentType()).isEqualTo("text/plain; charset=UTF-8");
        assertThat(message.getContent()).isEqualTo("Grüße: 1234\r\n");
    }

    @Test
    void anAttachmentArrivesByteForByte() throws Exception {
        byte[] file = new byte[100_003];
        new Random(1).nextBytes(file);

        byte[] bytes = composed(WORDING, new Attachment("photo.jpg", "image/jpeg", file));

        var mixed = (MimeMultipart) angus(bytes).getContent();
        assertThat(mixed.getContentType()).startsWith("multipart/mixed");
        assertThat(mixed.getCount()).isEqualTo(2);
        var alternative = (MimeMultipart) mixed.getBodyPart(0).getContent();
        assertThat(alternative.getContentType()).startsWith("multipart/alternative");
        assertThat(alternative.getBodyPart(1).getContent()).isEqualTo("<p>Paid</p>\r\n");
        assertThat(mixed.getBodyPart(1).getDisposition()).isEqualTo("attachment");
        assertThat(mixed.getBodyPart(1).getContentType()).startsWith("image/jpeg;");
        assertThat(content(mixed.getBodyPart(1))).isEqualTo(file);
        assertThat(content(mime4jPart(bytes, 1))).isEqualTo(file);
    }

    @Test
    void severalAttachmentsMayBelongToAPlainText() throws Exception {
        byte[] bytes =
                composed(
                        new Wording("Files", "Two of them", null),
                        new Attachment("a.csv", "text/csv; charset=UTF-8", new byte[0]),
                        new Attachment(
                                "a.csv", "text/csv; name=\"other.csv\"", new byte[] {13, 10}));

        var mixed = (MimeMultipart) angus(bytes).getContent();
        assertThat(mixed.getCount()).isEqualTo(3);
        assertThat(mixed.getBodyPart(0).getContent()).isEqualTo("Two of them");
        assertThat(mixed.getBodyPart(1).getContentType())
                .isEqualTo("text/csv; charset=UTF-8; name=\"a.csv\"");
        assertThat(content(mixed.getBodyPart(1))).isEmpty();
        assertThat(mixed.getBodyPart(2).getContentType()).isEqualTo("text/csv; name=\"a.csv\"");
        assertThat(content(mixed.getBodyPart(2))).containsExactly(13, 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.pdf",
                "two words;  and = signs, (brackets).pdf",
                "a \"quoted\" 100%.txt",
                "=?utf-8?Q?a?=.txt",
                "Rechnung für Jörg.pdf",
                "請求書.pdf",
                "🎉 👩‍👩‍👧‍👦.png",
                "a-long-name-of-ascii-letters-a-long-name-of-ascii-letters-a-long-name.pdf",
                "Ein sehr langer Name mit Umlauten: ÄÖÜäöüß ÄÖÜäöüß ÄÖÜäöüß ÄÖÜäöüß.pdf",
                "--=_0bb177e6ecfa6f12c84debc95ad1a854",
                ".htaccess",
                "_"
            })
    void theNameOfAFileIsReadAsItWasWritten(String name) throws Exception {
        byte[] bytes = composed(WORDING, new Attachment(name, "application/pdf", new byte[] {1}));

        var part = ((MimeMultipart) angus(bytes).getContent()).getBodyPart(1);
        assertThat(part.getFileName()).isEqualTo(name);
        assertThat(mime4jPart(bytes, 1).getFilename()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "/etc/passwd",
                "..\\x",
                "a\r\nBcc: x@y.example",
                "a\0",
                "a\tb",
                "a\u2028b",
                "a\u0085b"
            })
    void whatIsNoFileNameIsRefused(String name) {
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> new Attachment(name, "text/plain", new byte[0]))
                .withMessageContaining("is not a file name");
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> new Attachment("é".repeat(128), "text/plain", new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pdf",
                "application/",
                "a/b\r\nX: y",
                "a/b; c",
                "a/b; c=d e",
                "a/b; c=\"",
                "a /b",
                "a/b/c",
                "ä/b",
                "message/rfc822",
                "Multipart/mixed",
                "a/b; charset=\"x\\\"\""
            })
    void whatIsNoContentTypeIsRefused(String type) {
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> new Attachment("a.pdf", type, new byte[0]))
                .withMessageContaining("“a.pdf”");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\r\nBcc: x@y.example", "a\0", "a\u2028", "a\u2029"})
    void aSubjectIsASingleLine(String subject) {
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> new Wording(subject, "", null))
                .withMessageStartingWith("subject ");
    }

    @Test
    void theTemplateIsRenderedWithoutFooterPixelAndTrackedLinks() {
        var template =
                PersonalTemplate.compile(
                        "Hi {{ NAME }}",
                        "<p>{{ NAME }} <a href=\"https://a.example/?x=1&amp;y=2\">go</a> and"
                                + " <a href='{{ LINK }}'>reset</a></p>",
                        null);
        Map<String, Object> tags =
                Map.of("NAME", "<b>&{{ LINK }}", "LINK", "https://r.example/?a=1&b=2");

        var wording = template.wording(null, tags, NOW);

        assertThat(wording.subject()).isEqualTo("Hi <b>&{{ LINK }}");
        assertThat(wording.html())
                .isEqualTo(
                        "<p>&lt;b&gt;&amp;{{ LINK }} <a href=\"https://a.example/?x=1&amp;y=2\">go</a>"
                                + " and <a href='https://r.example/?a=1&amp;b=2'>reset</a></p>");
        assertThat(wording.text())
                .isEqualTo(
                        """
                        <b>&{{ LINK }} go (https://a.example/?x=1&y=2) and reset
                        (https://r.example/?a=1&b=2)
                        """);
        assertThat(template.variables()).containsExactlyInAnyOrder("NAME", "LINK");
    }

    @Test
    void theGivenTextIsRenderedAsItIsWritten() {
        var template =
                PersonalTemplate.compile(
                        "S", "<p>{{ A }}", "To  {{ A }}:\nhttps://x.example/{{ A }}\n");

        var wording = template.wording(null, Map.of("A", "<&>"), NOW);

        assertThat(wording.text()).isEqualTo("To  <&>:\nhttps://x.example/<&>\n");
    }

    @Test
    void aSubjectThatIsGivenIsNoTemplate() {
        var template = PersonalTemplate.compile("{{ A }}", null, "x");

        var wording = template.wording("{{ A }} %}", Map.of("A", "no"), NOW);

        assertThat(wording.subject()).isEqualTo("{{ A }} %}");
        assertThat(wording.html()).isNull();
    }

    @Test
    void noLineOfATagLeavesTheSubject() {
        var template = PersonalTemplate.compile("Hi {{ A }}", null, "x");

        var wording = template.wording(null, Map.of("A", "B\r\nBcc: x@y.example"), NOW);

        assertThat(wording.subject()).isEqualTo("Hi B  Bcc: x@y.example");
    }

    @Test
    void anUnsubscribeLinkIsThereOnlyIfTheCallerGivesOne() {
        var template =
                PersonalTemplate.compile("S", "<p>{{ unsubscribe_url }}", "{{ unsubscribe_url }}");

        assertThat(template.wording(null, Map.of(), NOW).text()).isEmpty();
        assertThat(
                        template.wording(null, Map.of("unsubscribe_url", "https://a.example"), NOW)
                                .text())
                .isEqualTo("https://a.example");
    }

    @Test
    void noAuthorCanUseTheBlocksThatAreOurs() {
        for (String name : List.of("link", "linkto", "openpixel", "unsubscribe")) {
            String source = "{%% %s 0 %%}{%% end%<s %%}".formatted(name);
            assertThatExceptionOfType(BadInput.class)
                    .isThrownBy(() -> PersonalTemplate.compile("S", source, null))
                    .withMessageStartingWith("html: line 1");
            assertThatExceptionOfType(BadInput.class)
                    .isThrownBy(() -> PersonalTemplate.compile("S", null, source))
                    .withMessageStartingWith("text: line 1");
        }
    }

    private static byte[] composed(Wording wording, Attachment... attachments) {
        var sender =
                new Sender(
                        "ACME",
                        new EmailAddress("shop@example.com"),
                        new EmailAddress("help@example.com"));
        var heading =
                new Heading(
                        sender,
                        new EmailAddress("ada@example.org"),
                        "1.abc@example.com",
                        NOW,
                        List.of(new Header("X-Order", "12")));
        byte[] bytes = new PersonalMessage(heading, wording, List.of(attachments)).composed();
        Received.assertWellFormed(bytes);
        return bytes;
    }

    private static MimeMessage angus(byte[] bytes) throws MessagingException {
        return new MimeMessage(
                Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
    }

    private static Entity mime4jPart(byte[] bytes, int index) throws IOException {
        Message message = new DefaultMessageBuilder().parseMessage(new ByteArrayInputStream(bytes));
        return ((Multipart) message.getBody()).getBodyParts().get(index);
    }

    private static byte[] content(BodyPart part) throws IOException, MessagingException {
        try (var in = part.getInputStream()) {
            return in.readAllBytes();
        }
    }

    private static byte[] content(Entity part) throws IOException {
        try (var in = ((SingleBody) part.getBody()).getInputStream()) {
            return in.readAllBytes();
        }
    }
}
