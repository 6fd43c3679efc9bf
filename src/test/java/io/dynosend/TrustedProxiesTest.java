package io.dynosend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.common.Uid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose address counts, behind a proxy that is trusted and behind one that is not. */
class TrustedProxiesTest extends DatabaseTest {

    private static final String ANN = "198.51.100.7";
    private static final String BOB = "198.51.100.8";

    private static Application node;
    private final String email = "nobody-%s@example.org".formatted(Uid.random());

    @BeforeAll
    static void start() {
        node = anotherNode("--trusted-proxies", "127.0.0.0/8, ::1, 10.0.0.0/8");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void eachClientBehindATrustedProxyHasAttemptsOfTheirOwn() {
        for (int i = 0; i < 10; i++) assertThat(signIn(node, ANN)).isEqualTo(401);

        assertThat(signIn(node, ANN)).isEqualTo(429);
        assertThat(signIn(node, BOB)).isEqualTo(401);
    }

    @Test
    void whatTheClientWritesBeforeItsOwnAddressDoesNotHelp() {
        for (int i = 0; i < 10; i++) {
            assertThat(signIn(node, "203.0.113.%d, %s, 10.1.2.3".formatted(i, ANN))).isEqualTo(401);
        }

        assertThat(signIn(node, "203.0.113.99, " + ANN)).isEqualTo(429);
    }

    @Test
    void aHeaderFromElsewhereIsIgnored() {
        for (int i = 0; i < 10; i++) {
            assertThat(signIn(application, "203.0.113." + i)).isEqualTo(401);
        }

        assertThat(signIn(application, "203.0.113.99")).isEqualTo(429);
    }

    @Test
    void theRecordOfConsentHasTheClientsAddress() {
        assertThat(consentThrough(node, "203.0.113.1, " + ANN)).isEqualTo(ANN);
        assertThat(consentThrough(node, "2001:db8::7")).isEqualTo("2001:db8:0:0:0:0:0:7");
        assertThat(consentThrough(application, ANN)).isNotEqualTo(ANN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "unknown", "evil.example", "1.2.3.4.5", "198.51.100.7:80", "1::2::3"})
    void whatIsNoAddressIsNotTaken(String header) {
        assertThat(consentThrough(node, "203.0.113.1, " + header))
                .isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void theSchemeOfATrustedProxyIsThatOfThePage() {
        assertThat(signIn(node, ANN, "Origin", secure(node), "X-Forwarded-Proto", "https"))
                .isEqualTo(401);
        assertThat(signIn(node, ANN, "Origin", secure(node))).isEqualTo(403);
        assertThat(
                        signIn(
                                application,
                                ANN,
                                "Origin",
                                secure(application),
                                "X-Forwarded-Proto",
                                "https"))
                .isEqualTo(403);
    }

    private static String secure(Application at) {
        return "https://localhost:" + at.port();
    }

    private int signIn(Application at, String forwardedFor, String... more) {
        var headers = new String[more.length + 4];
        System.arraycopy(more, 0, headers, 4, more.length);
        headers[0] = "X-Forwarded-For";
        headers[1] = forwardedFor;
        headers[2] = "Content-Type";
        headers[3] = "application/x-www-form-urlencoded";
        String form = "email=%s&password=wrong".formatted(email.replace("@", "%40"));
        return new Http(at.port(), "").post("/app/sign-in", form, headers).status();
    }

    private String consentThrough(Application at, String forwardedFor) {
        String audience =
                http.post(
                                "/api/v2/audiences",
                                """
                                {"name": "Readers", "from_email": "me@example.org",
                                 "from_name": "Me"}
                                """)
                        .json()
                        .get("audience_uid")
                        .asText();
        String contact = "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s\"}".formatted(audience, email);
        new Http(at.port(), http.token())
                .post("/api/v2/contacts", contact, "X-Forwarded-For", forwardedFor);
        return single(
                String.class,
                """
                SELECT a.ip_address FROM contact_activity a
                JOIN contact c ON c.account_id = a.account_id AND c.id = a.contact_id
                WHERE c.email = ? AND a.kind = 'subscribed' ORDER BY c.id DESC LIMIT 1
                """,
                email);
    }
}
