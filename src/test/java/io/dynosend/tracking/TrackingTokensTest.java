package io.dynosend.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Databases;
import io.dynosend.TestPostgres;
import io.dynosend.account.SigningKey;
import io.dynosend.tracking.TrackingTokens.Click;
import io.dynosend.tracking.TrackingTokens.ClickTo;
import io.dynosend.tracking.TrackingTokens.Open;
import io.dynosend.tracking.TrackingTokens.Unsubscribe;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrackingTokensTest {

    private static final DeliveryRef DELIVERY = new DeliveryRef(3, 70_000, 1_234_567);
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final TrackingTokens tokens =
            new TrackingTokens(key("a secret of this server, 32 long"));

    /** A purpose: a token of it, and who reads such tokens. */
    record Purpose(
            String name,
            Function<TrackingTokens, String> token,
            Function<TrackingTokens, Function<String, Optional<?>>> reader) {

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Purpose> purposes() {
        return List.of(
                new Purpose("open", all -> all.of(new Open(DELIVERY)), all -> all::open),
                new Purpose("click", all -> all.of(new Click(DELIVERY, 5)), all -> all::click),
                new Purpose(
                        "clickTo",
                        all -> all.of(new ClickTo(DELIVERY, "https://shop.example/ü?a=1&b=2")),
                        all -> all::clickTo),
                new Purpose(
                        "unsubscribe",
                        all -> all.of(new Unsubscribe(DELIVERY, 99)),
                        all -> all::unsubscribe));
    }

    static Stream<DeliveryRef> deliveries() {
        return Stream.of(
                DELIVERY,
                new DeliveryRef(0, 0, 0),
                new DeliveryRef(1, 127, 128),
                new DeliveryRef(Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("deliveries")
    void whatWasSignedIsReadBack(DeliveryRef delivery) {
        var open = new Open(delivery);
        var click = new Click(delivery, 300);
        var clickTo = new ClickTo(delivery, "https://例え.example/a?q=%20&x=€#y");
        var unsubscribe = new Unsubscribe(delivery, Long.MAX_VALUE);

        assertThat(tokens.open(tokens.of(open))).contains(open);
        assertThat(tokens.click(tokens.of(click))).contains(click);
        assertThat(tokens.clickTo(tokens.of(clickTo))).contains(clickTo);
        assertThat(tokens.unsubscribe(tokens.of(unsubscribe))).contains(unsubscribe);
    }

    @Test
    void aTokenIsShortAndFitForAnAddress() {
        assertThat(tokens.of(new Click(DELIVERY, 5))).matches("[A-Za-z0-9_-]{20,40}");
        assertThat(tokens.messageId(DELIVERY)).matches("[A-Za-z0-9_-]{20,40}");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000, 2_048})
    void aLongTargetIsReadBackToo(int length) {
        var click = new ClickTo(DELIVERY, "https://shop.example/" + "x".repeat(length));

        assertThat(tokens.clickTo(tokens.of(click))).contains(click);
    }

    @Test
    void aTargetTooLongForATokenIsLinkedToDirectly() {
        var copy = new TrackedCopy("https://mail.example", tokens, DELIVERY, 99);
        String url = "https://shop.example/" + "x".repeat(4_000);

        assertThat(copy.clickTo(url)).isEqualTo(url);
        assertThat(copy.clickTo("https://shop.example/x")).startsWith("https://mail.example/r/");
    }

    @ParameterizedTest
    @MethodSource("purposes")
    void aTokenWithAnyBitFlippedIsRefused(Purpose purpose) {
        byte[] token = Base64.getUrlDecoder().decode(purpose.token().apply(tokens));
        for (int bit = 0; bit < token.length * 8; bit++) {
            token[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(read(purpose, Base64.getUrlEncoder().withoutPadding().encodeToString(token)))
                    .as("bit %d", bit)
                    .isEmpty();

            token[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @ParameterizedTest
    @MethodSource("purposes")
    void aTokenWithAnyCharacterChangedIsRefused(Purpose purpose) {
        String token = purpose.token().apply(tokens);
        for (int i = 0; i < token.length(); i++) {
            for (char other : (ALPHABET + "=+/ \n\0é").toCharArray()) {
                if (other == token.charAt(i)) continue;
                assertThat(read(purpose, token.substring(0, i) + other + token.substring(i + 1)))
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("purposes")
    void aTokenThatIsCutOrLongerIsRefused(Purpose purpose) {
        String token = purpose.token().apply(tokens);
        for (int length = 0; length < token.length(); length++) {
            assertThat(read(purpose, token.substring(0, length))).isEmpty();
            assertThat(read(purpose, token.substring(length + 1))).isEmpty();
        }
        for (String more :
                List.of("A", "AA", "=", "==", ".", " ", "\n", token, "A".repeat(10_000))) {
            assertThat(read(purpose, token + more)).isEmpty();
            assertThat(read(purpose, more + token)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("purposes")
    void aTokenOfAnotherPurposeIsRefused(Purpose purpose) {
        for (var other : purposes()) {
            if (!other.name().equals(purpose.name())) {
                assertThat(read(purpose, other.token().apply(tokens))).isEmpty();
            }
        }
        assertThat(read(purpose, tokens.messageId(DELIVERY))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("purposes")
    void aTokenOfAnotherServerIsRefused(Purpose purpose) {
        var other = new TrackingTokens(key("a secret of another server, long"));

        assertThat(read(purpose, purpose.token().apply(other))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A",
                "AAAA",
                "..",
                "%00",
                "\0",
                "ü",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void whatIsNoTokenIsRefused(String token) {
        for (var purpose : purposes()) assertThat(read(purpose, token)).isEmpty();
    }

    @Test
    void aMessageIdIsTheSameForEveryAttemptAndDiffersFromDeliveryToDelivery() {
        assertThat(tokens.messageId(DELIVERY)).isEqualTo(tokens.messageId(DELIVERY));
        assertThat(tokens.messageId(DELIVERY))
                .isNotEqualTo(tokens.messageId(new DeliveryRef(3, 70_000, 1_234_568)));
    }

    @Test
    void theKeyThatNobodyConfiguredIsKeptInTheDatabase() {
        var jdbi = Databases.jdbi(TestPostgres.DATABASE);
        var first = new TrackingTokens(SigningKey.load(jdbi, null));
        var second = new TrackingTokens(SigningKey.load(jdbi, null));

        assertThat(second.open(first.of(new Open(DELIVERY)))).isPresent();
        assertThat(tokens.open(first.of(new Open(DELIVERY)))).isEmpty();
    }

    private Optional<?> read(Purpose purpose, String token) {
        return purpose.reader().apply(tokens).apply(token);
    }

    private static SigningKey key(String secret) {
        return SigningKey.load(Databases.jdbi(TestPostgres.DATABASE), secret);
    }
}
