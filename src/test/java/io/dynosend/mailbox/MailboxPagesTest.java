package io.dynosend.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynosend.pages.Browser;
import io.dynosend.pages.Leaving;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxPagesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
    private static final String NOTICE = "No relay is configured: nothing leaves this machine.";
    private static final String FIRST = "20260101T100000.000000";
    private static final String LETTER =
            """
            From: "Acme" <news@acme.example>\r
            To: somebody else <other@example.org>\r
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_=3Cb=3E?=\r
            List-Unsubscribe: <https://example.org/u>\r
            MIME-Version: 1.0\r
            Content-Type: multipart/alternative; boundary=b\r
            \r
            --b\r
            Content-Type: text/plain\r
            \r
            plain <i>words</i>\r
            --b\r
            Content-Type: text/html; charset=utf-8\r
            \r
            <p onclick="alert(1)">rich <a href="https://example.org/c">words</a><script>1</script>\r
            --b--\
            """;

    @TempDir Path folder;
    private Mailbox mailbox;
    private Browser browser;

    @BeforeEach
    void open() {
        mailbox = Mailbox.start(folder, 0, InstantSource.fixed(NOW));
        browser = open(new MailboxAccess(true), Leaving.NOTHING);
    }

    @AfterEach
    void close() {
        browser.close();
        mailbox.close();
    }

    @Test
    void anEmptyMailboxTellsWhatWillAppearAndHowToSend() throws IOException {
        var page = browser.get("/mailbox");

        assertThat(page.body())
                .contains(
                        "Nothing has been sent yet",
                        "smtp://localhost:" + mailbox.smtpPort(),
                        NOTICE);
    }

    @Test
    void withARelayThereIsNoNotice() throws IOException {
        try (var other = open(new MailboxAccess(true), Leaving.ALL)) {
            assertThat(other.get("/mailbox").body()).doesNotContain(NOTICE);
        }
    }

    @Test
    void whereAnAccountHasARelayThePagesDoNotSayThatNothingLeaves() throws IOException {
        Smtp.send(mailbox, "ada@example.org", LETTER);
        try (var other = open(new MailboxAccess(true), Leaving.SOME)) {
            for (var path : List.of("/mailbox", "/mailbox/" + FIRST)) {
                assertThat(other.get(path).body())
                        .contains("Mail of accounts without a relay does not leave")
                        .doesNotContain(NOTICE);
            }
        }
    }

    @Test
    void whatProgramsGetIsProtectedAsPagesAre() throws IOException {
        for (var path : List.of("/mailbox/messages", "/mailbox/messages/none")) {
            var headers = browser.get(path).headers();
            assertThat(headers.firstValue("Cache-Control")).contains("no-store");
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
            assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
        }
    }

    @Test
    void theListShowsRecipientSubjectAndAuthorEscaped() throws IOException {
        Smtp.send(mailbox, "ada@example.org", LETTER);

        assertThat(browser.get("/mailbox").body())
                .contains("ada@example.org", "Gr\u00fc\u00dfe &lt;b&gt;", ">Acme<", "1–1 of 1")
                .doesNotContain("<b>");
    }

    @Test
    void fiftyMessagesAPageNewestFirst() throws IOException {
        send(120);

        var first = browser.get("/mailbox").body();
        var second = browser.get("/mailbox?before=" + id(70)).body();
        var third = browser.get("/mailbox?before=" + id(20)).body();

        assertThat(subjects(first)).hasSize(50).startsWith("s119").endsWith("s70");
        assertThat(first).contains("1–50 of 120", "href=\"/mailbox?before=" + id(70));
        assertThat(subjects(second)).hasSize(50).startsWith("s69").endsWith("s20");
        assertThat(second).contains("51–100 of 120", "href=\"/mailbox\" rel=\"prev\"");
        assertThat(subjects(third)).hasSize(20).endsWith("s0");
        assertThat(third)
                .contains("before=" + id(70) + "\" rel=\"prev\"")
                .doesNotContain("\"next\"");
    }

    @Test
    void theListIsSearchedByRecipientAndSubject() throws IOException {
        Smtp.send(mailbox, "ada@example.org", "Subject: Spring\r\n\r\nx");
        Smtp.send(mailbox, "grace@example.org", "Subject: Autumn\r\n\r\nx");

        assertThat(subjects(browser.get("/mailbox?search=GRACE%40").body()))
                .containsExactly("Autumn");
        assertThat(subjects(browser.get("/mailbox?search=spring").body()))
                .containsExactly("Spring");
        assertThat(browser.get("/mailbox?search=%3Cb%3E").body()).contains("&lt;b&gt;");
    }

    @Test
    void aMessageIsFramedWithoutScriptOriginOrRemoteImages() throws IOException {
        Smtp.send(mailbox, "ada@example.org", LETTER);

        var page = browser.get("/mailbox/" + FIRST);
        var frame = browser.get("/mailbox/" + FIRST + "/html");

        assertThat(page.body())
                .contains("<iframe class=\"letter\" sandbox=\"\"", "/" + FIRST + "/html\"")
                .doesNotContain("alert(1)");
        assertThat(header(page, "Content-Security-Policy")).doesNotContain("unsafe");
        assertThat(header(page, "X-Frame-Options")).isEqualTo("DENY");
        assertThat(header(frame, "Content-Security-Policy"))
                .startsWith("img-src data:; default-src 'none'; style-src 'unsafe-inline';")
                .endsWith("frame-ancestors 'self'; sandbox");
        assertThat(header(frame, "X-Frame-Options")).isEqualTo("SAMEORIGIN");
        assertThat(header(frame, "Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(header(frame, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(frame, "Referrer-Policy")).isEqualTo("no-referrer");
    }

    @Test
    void remoteImagesAreLoadedOnlyWhenAskedFor() throws IOException {
        Smtp.send(mailbox, "ada@example.org", LETTER);

        assertThat(browser.get("/mailbox/" + FIRST + "?images=1").body())
                .contains("/" + FIRST + "/html?images=1\"");
        assertThat(
                        header(
                                browser.get("/mailbox/" + FIRST + "/html?images=1"),
                                "Content-Security-Policy"))
                .startsWith("img-src data: http: https:;");
    }

    @Test
    void everyViewShowsItsPartEscaped() throws IOException {
        Smtp.send(mailbox, "ada@example.org", LETTER);
        var page = "/mailbox/" + FIRST + "?view=";

        assertThat(browser.get(page + "text").body()).contains("plain &lt;i&gt;words&lt;/i&gt;");
        assertThat(browser.get(page + "links").body())
                .contains("href=\"https://example.org/c\"", "noopener noreferrer", "Links (1)");
        assertThat(browser.get(page + "headers").body())
                .contains("&lt;sender@example.org&gt;", "client.example", "List-Unsubscribe");
        assertThat(browser.get(page + "source").body())
                .contains(
                        "Return-Path: &lt;sender@example.org&gt;",
                        "&lt;script&gt;1&lt;/script&gt;");
    }

    @Test
    void theSourceIsPlainTextAndTheDownloadTheFileItself() throws IOException {
        Smtp.send(mailbox, "ada@example.org", LETTER);
        var file = Files.readString(folder.resolve(FIRST + ".eml"));

        var source = browser.get("/mailbox/" + FIRST + "/source");
        var download = browser.get("/mailbox/" + FIRST + ".eml");

        assertThat(source.body()).isEqualTo(file);
        assertThat(header(source, "Content-Type")).isEqualTo("text/plain;charset=utf-8");
        assertThat(header(source, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(download.body()).isEqualTo(file);
        assertThat(header(download, "Content-Disposition")).contains("attachment");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..%2Fsecret",
                "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                "20260101T100000.00000",
                "20269901T100000.000000",
                "20260101T100000.000000x",
                "20260101T100000.000009",
                "secret"
            })
    void anIdThatIsNoneIsNotFound(String id) throws IOException {
        Files.writeString(folder.resolve("secret.eml"), "Subject: secret\r\n\r\nx");
        Files.writeString(folder.resolveSibling("secret.eml"), "Subject: secret\r\n\r\nx");

        for (var path :
                List.of(
                        "/mailbox/%s",
                        "/mailbox/%s/html",
                        "/mailbox/%s.eml",
                        "/mailbox/%s/source",
                        "/mailbox/messages/%s")) {
            var answer = browser.get(path.formatted(id));

            assertThat(answer.statusCode()).isIn(400, 404);
            assertThat(answer.body()).doesNotContain("Subject: secret");
        }
    }

    @Test
    void programsFollowByTheLastIdTheySaw() throws IOException {
        send(5);

        var first = json("/mailbox/messages?limit=3").get("messages");
        var rest = json("/mailbox/messages?after=" + first.get(2).get("id").asText());

        assertThat(first.findValuesAsText("subject")).containsExactly("s0", "s1", "s2");
        assertThat(rest.get("messages").findValuesAsText("subject")).containsExactly("s3", "s4");
        assertThat(first.get(0))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"id": "%s", "from": "sender@example.org", "to": "u0@example.org",
                                 "subject": "s0", "received_at": "2026-01-01T10:00:00Z", "size": 19}
                                """
                                        .formatted(FIRST)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "limit=-1", "after=..", "after=x"})
    void aQuestionThatMakesNoSenseIsRefused(String query) throws IOException {
        assertThat(browser.get("/mailbox/messages?" + query).statusCode()).isEqualTo(400);
    }

    @Test
    void programsGetAMessageTakenApart() throws IOException {
        Smtp.send(mailbox, "ada@example.org", LETTER);

        var message = json("/mailbox/messages/" + FIRST);

        assertThat(message.get("id").asText()).isEqualTo(FIRST);
        assertThat(message.get("from").asText()).isEqualTo("\"Acme\" <news@acme.example>");
        assertThat(message.get("to").asText()).isEqualTo("ada@example.org");
        assertThat(message.get("mail_from").asText()).isEqualTo("sender@example.org");
        assertThat(message.get("subject").asText()).isEqualTo("Gr\u00fc\u00dfe <b>");
        assertThat(message.get("headers").get(3))
                .isEqualTo(JSON.readTree("[\"List-Unsubscribe\", \"<https://example.org/u>\"]"));
        assertThat(message.get("text").asText().strip()).isEqualTo("plain <i>words</i>");
        assertThat(message.get("html").asText()).contains("<script>1</script>");
        assertThat(message.get("links").get(0).asText()).isEqualTo("https://example.org/c");
    }

    @Test
    void clearingIsAskedFirstAndThenDone() throws IOException {
        send(3);

        assertThat(browser.get("/mailbox/clear").body()).contains("Delete all 3 messages?");
        var answer = browser.post("/mailbox/clear", "Sec-Fetch-Site", "same-origin");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(browser.get("/mailbox").body()).contains("Nothing has been sent yet");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void clearingFromAnotherSiteIsRefused() throws IOException {
        send(1);

        assertThat(browser.post("/mailbox/clear", "Sec-Fetch-Site", "cross-site").statusCode())
                .isEqualTo(403);
        assertThat(browser.post("/mailbox/clear", "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(mailbox.messages().count()).isEqualTo(1);
    }

    @Test
    void everyRouteIsGuarded() throws IOException {
        Smtp.send(mailbox, "ada@example.org", LETTER);
        try (var other = open(new MailboxAccess(false), Leaving.NOTHING)) {
            for (var path :
                    List.of(
                            "",
                            "/clear",
                            "/messages",
                            "/messages/" + FIRST,
                            "/" + FIRST,
                            "/" + FIRST + ".eml",
                            "/" + FIRST + "/html",
                            "/" + FIRST + "/source"))
                assertThat(other.get("/mailbox" + path).statusCode()).as(path).isEqualTo(401);
            assertThat(other.post("/mailbox/clear").statusCode()).isEqualTo(401);
        }
        assertThat(mailbox.messages().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no header",
                "Content-Type: text/html; charset=nonsense\r\n\r\n<p>x",
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b",
                "Subject: \u202egnp.exe\u0000\u0007\r\n\r\nx",
                "Subject: <script>alert(1)</script>\r\nFrom: \"><img src=x>\r\n\r\nx",
                "Content-Type: text/html\r\n\r\n<a href='javascript:alert(1)'>x</a>"
            })
    void hostileMailDoesNotBreakThePage(String message) throws IOException {
        Smtp.send(mailbox, "ada@example.org", message);

        assertThat(browser.get("/mailbox").statusCode()).isEqualTo(200);
        assertThat(json("/mailbox/messages/" + FIRST).get("id").asText()).isEqualTo(FIRST);
        for (var view : List.of("html", "text", "links", "headers", "source")) {
            var page = browser.get("/mailbox/" + FIRST + "?view=" + view);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body())
                    .doesNotContain("<script", "<img", "href=\"javascript", "\u0000");
        }
    }

    @Test
    void aFilePutIntoTheFolderByHandIsShownToo() throws IOException {
        browser.close();
        mailbox.close();
        Files.writeString(folder.resolve(FIRST + ".eml"), "Subject: by hand\r\n\r\nx");

        open();

        assertThat(browser.get("/mailbox/" + FIRST).body()).contains("by hand");
    }

    private Browser open(MailboxAccess access, Leaving leaving) {
        var pages = new MailboxPages(mailbox, access, () -> leaving);
        return new Browser(pages::routes);
    }

    private void send(int count) throws IOException {
        for (int i = 0; i < count; i++)
            Smtp.send(
                    mailbox, "u%d@example.org".formatted(i), "Subject: s%d\r\n\r\nxy".formatted(i));
    }

    private static String id(int n) {
        return MessageId.at(NOW.plusNanos(n * 1000L)).toString();
    }

    private static List<String> subjects(String page) {
        var subjects = new ArrayList<String>();
        var mark = "<span class=\"subject stranger\">";
        for (int at; (at = page.indexOf(mark)) >= 0; page = page.substring(at + mark.length()))
            subjects.add(page.substring(at + mark.length(), page.indexOf('<', at + mark.length())));
        return subjects;
    }

    private JsonNode json(String path) throws IOException {
        return JSON.readTree(browser.get(path).body());
    }

    private static String header(HttpResponse<String> page, String name) {
        return page.headers().firstValue(name).orElse("");
    }
}
