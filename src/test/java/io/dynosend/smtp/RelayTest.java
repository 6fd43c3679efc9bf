package io.dynosend.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayTest {

    @ParameterizedTest
    @CsvSource({
        "smtp://mail.example.org, mail.example.org, 25, STARTTLS_IF_OFFERED",
        "smtp://mail.example.org:2525, mail.example.org, 2525, STARTTLS_IF_OFFERED",
        "smtp://me:pw@mail.example.org, mail.example.org, 587, STARTTLS",
        "smtp://me:pw@localhost:1025, localhost, 1025, STARTTLS_IF_OFFERED",
        "smtps://me:pw@mail.example.org, mail.example.org, 465, TLS",
        "smtp://[::1]:25, ::1, 25, STARTTLS_IF_OFFERED",
    })
    void aUrlSaysWhereAndHowSafely(String url, String host, int port, Security security) {
        var relay = Relay.parse(url, "here");

        assertThat(relay.host()).isEqualTo(host);
        assertThat(relay.port()).isEqualTo(port);
        assertThat(relay.security()).isEqualTo(security);
    }

    @Test
    void userAndPasswordArePercentDecodedAndNeverShown() {
        var relay = Relay.parse("smtp://me%40example.org:p%2Fw+x@mail.example.org", "here");

        assertThat(relay.credentials()).isEqualTo(new Credentials("me@example.org", "p/w+x"));
        assertThat(relay.toString()).isEqualTo("mail.example.org:587");
        assertThat(String.valueOf(relay.credentials())).doesNotContain("p/w");
    }

    @Test
    void aUrlNamesWhatIsDifferentAboutARelay() {
        var relay =
                Relay.parse("smtps://me:pw@mail.example.org?options=no-chunking,xoauth2", "here");

        assertThat(relay.options()).containsExactlyInAnyOrder(Option.NO_CHUNKING, Option.XOAUTH2);
        assertThat(relay.credentials()).isEqualTo(new Credentials("me", "pw", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp://h?options=fast", "smtp://h?options=", "smtp://h?chunking=no"})
    void anOptionThatThereIsNotIsRefused(String url) {
        assertThatThrownBy(() -> Relay.parse(url, "here"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nMAIL", "ä"})
    void theNameForEhloIsOneWord(String name) {
        assertThatThrownBy(() -> Relay.parse("smtp://h", name))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail.example.org",
                "http://mail.example.org",
                "smtp://",
                "smtp://a b",
                "smtp://me:s3cret%@h",
                "smtp://me@h"
            })
    void whatIsNoUrlIsRefusedInOneLineWithoutThePassword(String url) {
        assertThatThrownBy(() -> Relay.parse(url, "here"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("smtp://user:password@host:port")
                .hasMessageNotContaining("s3cret");
    }
}
