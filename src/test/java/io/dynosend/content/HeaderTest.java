package io.dynosend.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTest {

    @Test
    void theHeaderSaysWhoWhatAndWhen() {
        var received =
                Letter.html("<p>Hi")
                        .headers(
                                new Header("List-Id", "ACME <acme.example.com>"),
                                new Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
                        .received();

        assertThat(received.headerNames())
                .containsExactly(
                        "From",
                        "To",
                        "Subject",
                        "Date",
                        "Message-ID",
                        "MIME-Version",
                        "List-Id",
                        "List-Unsubscribe-Post",
                        "Content-Type");
        assertThat(received.source())
                .startsWith(
                        """
                        From: ACME <news@example.com>
                        To: ada@example.org
                        Subject: News
                        Date: Tue, 3 Nov 2026 09:08:07 +0000
                        Message-ID: <1.abc@example.com>
                        MIME-Version: 1.0
                        List-Id: ACME <acme.example.com>
                        List-Unsubscribe-Post: List-Unsubscribe=One-Click
                        Content-Type: multipart/alternative;
                        """
                                .replace("\n", "\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Plain",
                "",
                "Two  blanks, then   three",
                "Grüße aus Köln",
                "🎉 50 % off 👩‍👩‍👧‍👦",
                "مرحبا بالعالم",
                "שלום עולם",
                "日本語の件名はとても長いので何行にも分けて書かなければなりませんがそれでも読めるはずです",
                "=?utf-8?Q?not_encoded?=",
                "=?utf-8?",
                "a \"quoted\" \\ name, with (all) <the> specials; of: RFC@822.",
                "\"",
                "\\",
                "J. Doe",
                "Ünï " + "=?UTF-8?B?eA==?=",
                "a                    b",
                "verylongwordverylongwordverylongwordverylongwordverylongwordverylongwordverylongword x",
                "A subject of many short ASCII words that is longer than one line and so has to be folded somewhere in it",
                "\uFEFFbyte order mark",
                "combining e\u0301\u0301\u0301",
                "From: x",
                "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 012 é"
            })
    void subjectAndNameAreReadAsTheyWereWritten(String text) {
        var received = Letter.html("<p>Hi").subject(text).fromName(text).received();

        assertThat(received.subject()).isEqualTo(text);
        assertThat(received.fromName()).isEqualTo(text);
        assertThat(received.fromAddress()).isEqualTo("news@example.com");
        assertThat(received.source().lines().takeWhile(line -> !line.isEmpty()))
                .allMatch(line -> line.length() <= 76)
                .noneMatch(String::isBlank);
    }

    @Test
    void encodedWordsKeepCharactersWholeAtEveryLength() {
        for (int length = 1; length <= 120; length++) {
            String text = "x".repeat(length % 7) + "é😀".repeat(length);

            var received =
                    Letter.html("").subject("{{ T }}").variables(Map.of("T", text)).received();

            assertThat(received.subject()).isEqualTo(text);
            assertThat(received.source().lines().takeWhile(line -> !line.isEmpty()))
                    .allMatch(line -> line.length() <= 76);
        }
    }

    @Test
    void whatAContactBringsIntoTheSubjectStaysOnItsLine() {
        var received =
                Letter.html("<p>Hi")
                        .subject("Hi {{ NAME }}!")
                        .variables(
                                Map.of("NAME", "A\r\nBcc: x@example.org\n\0\u2028\u2029\u0085<b>"))
                        .received();

        assertThat(received.subject()).isEqualTo("Hi A  Bcc: x@example.org     <b>!");
        assertThat(received.headerNames()).doesNotContain("Bcc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\rb", "a\nb", "a\0b", "a\u2028b", "a\u2029b", "a\r\nBcc: x@y.example"})
    void aDraftWithALineBreakIsRefused(String text) {
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> Letter.html("").subject(text).compiled())
                .withMessageStartingWith("subject ");
        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> Letter.html("").fromName(text).compiled())
                .withMessageStartingWith("from_name ");
        assertThatExceptionOfType(BadInput.class).isThrownBy(() -> new Header("X-A", text));
        assertThatExceptionOfType(BadInput.class).isThrownBy(() -> new Header(text, "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "X A", "X:", "Ü", "\t", "Content-Type", "from", "Message-Id", "DATE"})
    void aHeaderNameIsANameAndNoneOfTheMessagesOwn(String name) {
        assertThatExceptionOfType(BadInput.class).isThrownBy(() -> new Header(name, "x"));
    }

    @Test
    void aLongListUnsubscribeIsFoldedBetweenItsAddresses() {
        String url = "<https://t.example/u/" + "a".repeat(300) + ">";
        String mail = "<mailto:u@example.com?subject=" + "b".repeat(60) + ">";

        var received =
                Letter.html("")
                        .headers(new Header("List-Unsubscribe", url + ", " + mail))
                        .received();

        assertThat(received.source())
                .contains("List-Unsubscribe: " + url + ",\r\n " + mail + "\r\n");
    }

    @Test
    void lettersBeyondAsciiInAHeaderAreEncoded() {
        var received =
                Letter.html("")
                        .headers(new Header("List-Id", "Été à Paris <x.example>"))
                        .received();

        assertThat(received.source())
                .contains("List-Id: =?UTF-8?B?w4l0w6kgw6A=?= Paris <x.example>\r\n");
    }

    @Test
    void aDomainBeyondAsciiIsWrittenInALabels() {
        assertThat(Letter.html("").to("ada@bücher.example").received().source())
                .contains("To: ada@xn--bcher-kva.example\r\n");
    }

    @Test
    void aMessageIdTakesTheSendersDomainWhateverItsLetters() {
        var letter = Letter.html("").addressee(new Letter.Links(null));

        var addressee =
                new Addressee(
                        letter.to(),
                        letter.variables(),
                        "<1.a@bücher.example>",
                        letter.date(),
                        letter.links(),
                        letter.headers());

        assertThat(addressee.messageId()).isEqualTo("1.a@xn--bcher-kva.example");
    }

    @Test
    void anAddresseeThatAsciiCannotWriteIsWrittenInUtf8() throws Exception {
        var utf8 = new Properties();
        utf8.setProperty("mail.mime.allowutf8", "true");
        byte[] bytes = Letter.html("<p>Grüße").to("jörg@bücher.example").composed();

        var message = new MimeMessage(Session.getInstance(utf8), new ByteArrayInputStream(bytes));

        assertThat(new String(bytes, UTF_8)).contains("\r\nTo: jörg@xn--bcher-kva.example\r\n");
        assertThat(((InternetAddress) message.getAllRecipients()[0]).getAddress())
                .isEqualTo("jörg@xn--bcher-kva.example");
        assertThat(((MimeMultipart) message.getContent()).getCount()).isEqualTo(2);
    }

    @Test
    void aSenderThatAsciiCannotWriteIsRefused() {
        var from = new EmailAddress("jörg@example.org");

        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() -> new Draft("s", "n", from, null, "", null))
                .withMessageStartingWith("from_email");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a@b@c", "a b@c", "<a@b", "a@b>\r\nBcc: x", "a@"})
    void aMessageIdIsOne(String id) {
        var letter = Letter.html("").addressee(new Letter.Links(null));

        assertThatExceptionOfType(BadInput.class)
                .isThrownBy(() ->
                        new Addressee(
                                letter.to(),
                                letter.variables(),
                                id,
                                letter.date(),
                                letter.links(),
                                letter.headers()));
    }
}
