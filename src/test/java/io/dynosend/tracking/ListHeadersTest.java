package io.dynosend.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListHeadersTest {

    private static final String URL = "https://mail.example.com/u/AbC-_9";

    @Test
    void withoutADomainForMailThereIsTheLinkAlone() {
        var headers = new ListHeaders("https://mail.example.com", Optional.empty());

        assertThat(headers.unsubscribe(URL).value()).isEqualTo("<" + URL + ">");
    }

    @Test
    void theAddressCarriesTheTokenOfTheLink() {
        var headers = new ListHeaders("https://mail.example.com", Optional.of("in.example.com"));

        assertThat(headers.unsubscribe(URL).value())
                .isEqualTo("<" + URL + ">, <mailto:u-AbC-_9@in.example.com?subject=unsubscribe>");
    }

    @Test
    void aTokenTooLongForAnAddressLeavesTheLinkAlone() {
        var headers = new ListHeaders("https://mail.example.com", Optional.of("in.example.com"));
        String url = "https://mail.example.com/u/" + "a".repeat(63);

        assertThat(headers.unsubscribe(url).value()).isEqualTo("<" + url + ">");
    }
}
