package io.dynosend.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import io.dynosend.account.SigningKey;
import io.dynosend.content.LinkTarget;
import io.dynosend.content.LinkTarget.Frame;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.Links;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.tracking.TrackingTokens.AnonymousClick;
import io.dynosend.tracking.TrackingTokens.AnonymousOpen;
import io.dynosend.tracking.TrackingTokens.Click;
import io.dynosend.tracking.TrackingTokens.ClickTo;
import io.dynosend.tracking.TrackingTokens.Open;
import io.dynosend.tracking.TrackingTokens.Unsubscribe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The links of a message, as readers, mail programs and scanners follow them. */
class TrackingPagesTest extends DatabaseTest {

    private static final String GIF = "GIF89a";

    private final TrackingTokens tokens = new TrackingTokens(SigningKey.load(jdbi, null));
    private DeliveryRef delivery = new DeliveryRef(0, 0, 0);
    private long contact;

    @BeforeEach
    void aMessageThatWasSent() {
        String audience =
                http.post(
                                "/api/v2/audiences",
                                """
                                {"name": "<b>News</b>", "from_email": "a@example.org", "from_name": "A"}
                                """)
                        .json()
                        .get("audience_uid")
                        .asText();
        http.post(
                "/api/v2/contacts",
                "{\"audience_uid\": \"%s\", \"EMAIL\": \"reader@example.org\"}"
                        .formatted(audience));
        contact =
                single(
                        Long.class,
                        """
                        SELECT c.id FROM contact c JOIN audience a ON a.id = c.audience_id
                        WHERE a.uid = ?
                        """,
                        audience);
        long account = single(Long.class, "SELECT account_id FROM contact WHERE id = ?", contact);
        long mailing =
                single(
                        Long.class,
                        """
                        INSERT INTO mailing (
                            account_id, audience_id, state, until_contact, started_at,
                            recipients_written_at, done_at)
                        SELECT account_id, audience_id, 'done', 0, now(), now(), now()
                        FROM contact WHERE id = ?
                        RETURNING id
                        """,
                        contact);
        execute(
                """
                INSERT INTO delivery (account_id, mailing_id, number, contact_id, address, state)
                VALUES (?, ?, 1, ?, 'reader@example.org', 'sent')
                """,
                account,
                mailing,
                contact);
        jdbi.useTransaction(tx ->
                new Links(jdbi)
                        .register(
                                tx,
                                account,
                                mailing,
                                List.of(
                                        new LinkTarget("https://shop.example/?a=1&b=2", null),
                                        new LinkTarget("https://müller.example/ü €", null),
                                        new LinkTarget(
                                                "https://shop.example/{{ X }}?a=1#top",
                                                new Frame("https://shop.example/", "?a=1#top")))));
        delivery = new DeliveryRef(account, mailing, 1);
    }

    @Test
    void askingToUnsubscribeChangesNothing() {
        String path = "/u/" + tokens.of(new Unsubscribe(delivery, contact));

        var page = http.get(path);
        var head = http.call("HEAD", path, "");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body())
                .contains("reader@example.org", "&lt;b&gt;News&lt;/b&gt;", "<form method=\"post\">")
                .doesNotContain("<b>News");
        assertThat(head.status()).isEqualTo(200);
        assertThat(status()).isEqualTo("subscribed");
        assertThat(events()).isZero();
    }

    @Test
    void noOtherVerbUnsubscribes() {
        String path = "/u/" + tokens.of(new Unsubscribe(delivery, contact));

        for (String verb : List.of("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")) {
            http.call(verb, path, "");
        }

        assertThat(status()).isEqualTo("subscribed");
    }

    @Test
    void oneClickUnsubscribesAtOnceWithoutARedirectAndAgainTheSame() {
        String path = "/u/" + tokens.of(new Unsubscribe(delivery, contact));

        var urlencoded =
                oneClick(path, "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click");
        var multipart =
                oneClick(
                        path,
                        "multipart/form-data; boundary=b",
                        """
                        --b\r
                        Content-Disposition: form-data; name="List-Unsubscribe"\r
                        \r
                        One-Click\r
                        --b--\r
                        """);
        var nothing = http.post(path, "");

        for (var reply : List.of(urlencoded, multipart, nothing)) {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers().map()).doesNotContainKeys("set-cookie", "location");
            assertThat(reply.body()).isEqualTo(urlencoded.body());
        }
        assertThat(status()).isEqualTo("unsubscribed");
        assertThat(events()).isEqualTo(1);
        assertThat(engagement("count(unsubscribed_at)")).isEqualTo(1);
    }

    @Test
    void whoWasErasedSinceIsToldThatTheyAreOut() {
        String path = "/u/" + tokens.of(new Unsubscribe(delivery, contact));
        execute("DELETE FROM contact WHERE id = ?", contact);

        var reply = http.post(path, "");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("You are unsubscribed");
    }

    @Test
    void everyUnknownUnsubscribeLinkIsAnsweredAlike() {
        String good = tokens.of(new Unsubscribe(delivery, contact));
        var answers =
                List.of(
                                "x",
                                good.substring(1),
                                good + "A",
                                tokens.of(new Open(delivery)),
                                tokens.of(new Click(delivery, 0)),
                                tokens.of(new ClickTo(delivery, "https://evil.example")))
                        .stream()
                        .flatMap(token ->
                                List.of(http.get("/u/" + token), http.post("/u/" + token, ""))
                                        .stream())
                        .toList();

        for (var answer : answers) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo(answers.getFirst().body());
        }
        assertThat(status()).isEqualTo("subscribed");
    }

    @Test
    void aClickIsCountedAndLeadsWhereTheLinkLed() {
        String path = "/c/" + tokens.of(new Click(delivery, 0));

        var first = http.get(path);
        http.get(path);

        assertThat(first.status()).isEqualTo(302);
        assertThat(first.header("Location")).isEqualTo("https://shop.example/?a=1&b=2");
        assertThat(first.header("Cache-Control")).contains("no-store");
        assertThat(first.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(engagement("sum(click_count)")).isEqualTo(2);
        assertThat(engagement("count(first_click_at)")).isEqualTo(1);
    }

    @Test
    void whatDiffersFromCopyToCopyComesBetweenWhatAllHave() {
        var reply = http.get("/c/" + tokens.of(new Click(delivery, 2, "me/7?x=ü&y=%20#")));

        assertThat(reply.header("Location"))
                .isEqualTo("https://shop.example/me/7?x=%C3%BC&y=%20#?a=1#top");
    }

    @Test
    void aLinkOfAllCopiesIsCountedForNobody() {
        var click = new AnonymousClick(delivery.account(), delivery.mailing(), 0);
        var open = new AnonymousOpen(delivery.account(), delivery.mailing());

        var first = http.get("/l/" + tokens.of(click));
        http.get("/l/" + tokens.of(click));
        var picture = http.get("/i/%s.gif".formatted(tokens.of(open)));

        assertThat(first.status()).isEqualTo(302);
        assertThat(first.header("Location")).isEqualTo("https://shop.example/?a=1&b=2");
        assertThat(first.header("Cache-Control")).contains("no-store");
        assertThat(picture.body()).startsWith(GIF);
        assertThat(anonymous()).isEqualTo("click 0: 2, open -1: 1");
        assertThat(events()).isZero();
        assertThat(engagement("count(*)")).isZero();
    }

    @Test
    void aTokenOfWhichOneBitIsOtherLeadsNowhereAndCountsNothing() {
        var links =
                Map.of(
                        "/c/%s", tokens.of(new Click(delivery, 2, "me")),
                        "/r/%s", tokens.of(new ClickTo(delivery, "https://a.example/")),
                        "/u/%s", tokens.of(new Unsubscribe(delivery, contact)),
                        "/l/%s",
                                tokens.of(
                                        new AnonymousClick(
                                                delivery.account(), delivery.mailing(), 0)),
                        "/o/%s.gif", tokens.of(new Open(delivery)),
                        "/i/%s.gif",
                                tokens.of(
                                        new AnonymousOpen(delivery.account(), delivery.mailing())));

        links.forEach((path, token) -> {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                String forged = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                var reply = http.call(verb(path), path.formatted(forged), "");
                assertThat(reply.status()).isEqualTo(path.endsWith(".gif") ? 200 : 404);
                assertThat(reply.headers().map()).doesNotContainKey("location");
            }
        });
        assertThat(status()).isEqualTo("subscribed");
        assertThat(events()).isZero();
        assertThat(anonymous()).isEmpty();
    }

    private static String verb(String path) {
        return path.startsWith("/u/") ? "POST" : "GET";
    }

    @Test
    void aTargetBeyondAsciiArrivesWhole() {
        var registered = http.get("/c/" + tokens.of(new Click(delivery, 1)));
        var signed =
                http.get("/r/" + tokens.of(new ClickTo(delivery, "https://例え.example/ü €\u0001")));

        assertThat(registered.header("Location"))
                .isEqualTo("https://m%C3%BCller.example/%C3%BC%20%E2%82%AC");
        assertThat(signed.header("Location"))
                .isEqualTo("https://%E4%BE%8B%E3%81%88.example/%C3%BC%20%E2%82%AC%01");
    }

    @Test
    void aTargetWithLineBreaksAddsNoHeader() {
        var reply =
                http.get(
                        "/r/"
                                + tokens.of(
                                        new ClickTo(
                                                delivery,
                                                "https://a.example/\r\nSet-Cookie: x=1\r\n\r\n<b>")));

        assertThat(reply.headers().map()).doesNotContainKey("set-cookie");
        assertThat(reply.header("Location")).startsWith("https://a.example/%0D%0ASet-Cookie:");
        assertThat(reply.body()).doesNotContain("<b>", "a.example");
    }

    @Test
    void nothingRedirectsToWhereNobodySigned() {
        String click = tokens.of(new Click(delivery, 0));
        var answers =
                List.of(
                        http.get("/c/x"),
                        http.get("/c/" + click.substring(1)),
                        http.get("/c/" + tokens.of(new Click(delivery, 3))),
                        http.get("/c/" + tokens.of(new Click(delivery, -1))),
                        http.get(
                                "/c/"
                                        + tokens.of(
                                                new Click(
                                                        new DeliveryRef(
                                                                delivery.account() + 1,
                                                                delivery.mailing(),
                                                                1),
                                                        0))),
                        http.get("/l/" + click),
                        http.get("/l/" + tokens.of(anonymous(2))),
                        http.get("/l/" + tokens.of(anonymous(3))),
                        http.get("/c/" + tokens.of(anonymous(0))),
                        http.get("/c//evil.example"),
                        http.get("/l/https:%2f%2fevil.example"),
                        http.get(
                                "/c/"
                                        + tokens.of(new Open(delivery))
                                        + "?url=https://evil.example"),
                        http.get("/r/x?url=https://evil.example"),
                        http.get("/r/" + click));

        for (var answer : answers) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.headers().map()).doesNotContainKey("location");
            assertThat(answer.body())
                    .isEqualTo(answers.getFirst().body())
                    .doesNotContain("evil.example");
        }
        assertThat(events()).isZero();
    }

    @Test
    void lookingAtAClickWithoutFollowingItIsNoClick() {
        var head = http.call("HEAD", "/c/" + tokens.of(new Click(delivery, 0)), "");

        assertThat(head.status()).isLessThan(500);
        assertThat(events()).isZero();
    }

    @Test
    void anOpenIsCountedAndShowsThePicture() {
        String path = "/o/%s.gif".formatted(tokens.of(new Open(delivery)));

        var first = http.get(path);
        http.get(path);

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Content-Type")).isEqualTo("image/gif");
        assertThat(first.header("Cache-Control")).contains("no-store");
        assertThat(first.body()).startsWith(GIF);
        assertThat(engagement("sum(open_count)")).isEqualTo(2);
        assertThat(engagement("count(first_open_at)")).isEqualTo(1);
    }

    @Test
    void thePictureIsShownWhateverTheToken() {
        for (String token :
                List.of("x", "%00", "..", tokens.of(new Click(delivery, 0)), "A".repeat(5_000))) {
            var reply = http.get("/o/%s.gif".formatted(token));
            if (reply.status() == 400 && token.startsWith("%")) continue;

            assertThat(reply.status()).as(token).isEqualTo(200);
            assertThat(reply.body()).startsWith(GIF);
        }
        assertThat(events()).isZero();
    }

    @Test
    void thePictureIsShownEvenIfItsMessageIsGone() {
        execute("DELETE FROM mailing WHERE id = ?", delivery.mailing());

        var reply = http.get("/o/%s.gif".formatted(tokens.of(new Open(delivery))));

        assertThat(reply.body()).startsWith(GIF);
        assertThat(events()).isZero();
    }

    @Test
    void anEventRemembersWhoWasThere() {
        http.get(
                "/o/%s.gif".formatted(tokens.of(new Open(delivery))),
                "User-Agent",
                "Mozilla/5.0 (X11)");

        assertThat(event("kind || ' ' || ip_address || ' ' || user_agent"))
                .isEqualTo("open 127.0.0.1 Mozilla/5.0 (X11)");
    }

    @Test
    void aLongUserAgentIsKeptShortened() {
        http.get(
                "/o/%s.gif".formatted(tokens.of(new Open(delivery))),
                "User-Agent",
                "x".repeat(5_000));

        assertThat(event("user_agent")).hasSize(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; DROP TABLE contact;--",
                "<script>alert(1)</script>",
                "\t",
                "\u0001\u007f",
                "\u00ff\u0080",
                "ü€😀",
                "\\u0000",
                "{{ 7 | times: 7 }}",
                "%00%0d%0a"
            })
    void aHostileUserAgentBreaksNothing(String userAgent) throws IOException {
        String open = raw("GET", "/o/%s.gif".formatted(tokens.of(new Open(delivery))), userAgent);
        String click = raw("GET", "/c/" + tokens.of(new Click(delivery, 0)), userAgent);
        String out = raw("POST", "/u/" + tokens.of(new Unsubscribe(delivery, contact)), userAgent);

        for (String answer : List.of(open, click, out)) {
            assertThat(answer).matches("(?s)HTTP/1.1 (200|302|400) .*");
        }
        if (out.startsWith("HTTP/1.1 200")) assertThat(status()).isEqualTo("unsubscribed");
    }

    @Test
    void aUserAgentIsNotCutInTheMiddleOfACharacter() throws IOException {
        String userAgent = "x".repeat(499) + "😀".repeat(10);

        raw("POST", "/u/" + tokens.of(new Unsubscribe(delivery, contact)), userAgent);

        assertThat(status()).isEqualTo("unsubscribed");
        assertThat(event("user_agent")).startsWith("xxx").hasSizeLessThanOrEqualTo(500);
    }

    @Test
    void aPageThatIsNotThereIsAPageAndNoJson() {
        var reply = http.get("/nothing");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.header("Content-Type")).startsWith("text/html");
        assertThat(reply.body()).contains("There is nothing here");
    }

    private Reply oneClick(String path, String type, String body) {
        return http.post(path, body, "Content-Type", type);
    }

    private String status() {
        return single(String.class, "SELECT status FROM contact WHERE id = ?", contact);
    }

    private int events() {
        return single(
                Integer.class,
                "SELECT count(*) FROM engagement_event WHERE mailing_id = ?",
                delivery.mailing());
    }

    private String event(String columns) {
        return single(
                String.class,
                "SELECT " + columns + " FROM engagement_event WHERE mailing_id = ?",
                delivery.mailing());
    }

    private AnonymousClick anonymous(int link) {
        return new AnonymousClick(delivery.account(), delivery.mailing(), link);
    }

    private String anonymous() {
        return single(
                String.class,
                """
                SELECT coalesce(string_agg(format('%s %s: %s', kind, link, count), ', '
                       ORDER BY kind), '')
                FROM anonymous_engagement WHERE mailing_id = ?
                """,
                delivery.mailing());
    }

    private int engagement(String sum) {
        return single(
                Integer.class,
                "SELECT " + sum + " FROM engagement WHERE mailing_id = ?",
                delivery.mailing());
    }

    /** The whole answer to a request whose User-Agent a proper client would not send. */
    private String raw(String verb, String path, String userAgent) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            """
                            %s %s HTTP/1.1\r
                            Host: localhost\r
                            User-Agent: %s\r
                            Content-Length: 0\r
                            Connection: close\r
                            \r
                            """
                                    .formatted(verb, path, userAgent)
                                    .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
