package io.dynosend.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Databases;
import io.dynosend.TestPostgres;
import io.dynosend.account.SigningKey;
import io.dynosend.audience.TrackingMode;
import io.dynosend.content.LinkTarget;
import io.dynosend.content.LinkTarget.Frame;
import io.dynosend.content.TrackedLinks;
import io.dynosend.tracking.TrackingTokens.AnonymousClick;
import io.dynosend.tracking.TrackingTokens.AnonymousOpen;
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

        String key() {
            return name.replace(" with a filling", "");
        }

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
                        "click with a filling",
                        all -> all.of(new Click(DELIVERY, 5, "7f3k2m9x0q1zz")),
                        all -> all::click),
                new Purpose(
                        "anonymous open",
                        all -> all.of(new AnonymousOpen(3, 70_000)),
                        all -> all::anonymousOpen),
                new Purpose(
                        "anonymous click",
                        all -> all.of(new AnonymousClick(3, 70_000, 5)),
                        all -> all::anonymousClick),
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
        var filled = new Click(delivery, 300, "Åre & co?#%20");
        var anonymousOpen = new AnonymousOpen(delivery.account(), delivery.mailing());
        var anonymousClick = new AnonymousClick(delivery.account(), delivery.mailing(), 300);
        var clickTo = new ClickTo(delivery, "https://例え.example/a?q=%20&x=€#y");
        var unsubscribe = new Unsubscribe(delivery, Long.MAX_VALUE);

        assertThat(tokens.open(tokens.of(open))).contains(open);
        assertThat(tokens.click(tokens.of(click))).contains(click);
        assertThat(tokens.click(tokens.of(filled))).contains(filled);
        assertThat(tokens.anonymousOpen(tokens.of(anonymousOpen))).contains(anonymousOpen);
        assertThat(tokens.anonymousClick(tokens.of(anonymousClick))).contains(anonymousClick);
        assertThat(tokens.clickTo(tokens.of(clickTo))).contains(clickTo);
        assertThat(tokens.unsubscribe(tokens.of(unsubscribe))).contains(unsubscribe);
    }

    @Test
    void aTokenIsShortAndFitForAnAddress() {
        assertThat(tokens.of(new Click(DELIVERY, 5))).matches("[A-Za-z0-9_-]{32}");
        assertThat(tokens.of(new AnonymousClick(3, 70_000, 5))).matches("[A-Za-z0-9_-]{28}");
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
        var copy = copy(TrackingMode.INDIVIDUAL, false);
        String url = "https://shop.example/" + "x".repeat(4_000);

        assertThat(copy.clickTo(1, url)).isEqualTo(url);
        assertThat(copy.clickTo(1, "https://other.example/" + "x".repeat(4_000)))
                .startsWith("https://other.example/");
    }

    @Test
    void onlyWhatDiffersFromCopyToCopyTravelsInALink() {
        var copy = copy(TrackingMode.INDIVIDUAL, false);

        String framed = copy.clickTo(1, "https://shop.example/?id=7f3k2m9x0q1zz");
        String other = copy.clickTo(1, "https://other.example/");

        assertThat(framed).startsWith("https://mail.example/c/");
        assertThat(tokens.click(framed.substring(23)))
                .contains(new Click(DELIVERY, 1, "7f3k2m9x0q1zz"));
        assertThat(other).startsWith("https://mail.example/r/");
        assertThat(tokens.clickTo(other.substring(23)))
                .contains(new ClickTo(DELIVERY, "https://other.example/"));
    }

    @Test
    void copiesWhoseReadersAreNotToldApartAreAlikeButForTheWayOut() {
        var one = links(TrackingMode.AGGREGATE).of(1, 99, false);
        var other = links(TrackingMode.AGGREGATE).of(2, 98, false);

        assertThat(one.click(0)).isEqualTo(other.click(0)).startsWith("https://mail.example/l/");
        assertThat(one.openPixel())
                .isEqualTo(other.openPixel())
                .startsWith("https://mail.example/i/");
        assertThat(one.clickTo(1, "https://a.example/7")).isEqualTo("https://a.example/7");
        assertThat(one.unsubscribe()).isNotEqualTo(other.unsubscribe());
    }

    @Test
    void whoIsNotTrackedGetsTheTargetsThemselves() {
        for (var copy :
                List.of(copy(TrackingMode.OFF, false), copy(TrackingMode.INDIVIDUAL, true))) {
            assertThat(copy.click(0)).isEqualTo("https://shop.example/");
            assertThat(copy.clickTo(1, "https://a.example/7")).isEqualTo("https://a.example/7");
            assertThat(copy.openPixel()).isNull();
            assertThat(copy.unsubscribe()).startsWith("https://mail.example/u/");
        }
    }

    /** Mail that is out there has them. */
    @Test
    void tokensOfTheFirstServersAreStillRead() {
        assertThat(tokens.open("A_CiBIetS4WKCllS_a4lyiCVtwzWlr8")).contains(new Open(DELIVERY));
        assertThat(tokens.click("A_CiBIetSwWGDn22_If5G4a7sm1f_L5q"))
                .contains(new Click(DELIVERY, 5));
        assertThat(
                        tokens.clickTo(
                                "A_CiBIetS2h0dHBzOi8vc2hvcC5leGFtcGxlLz9hPTEmYj0yGgqE2mc7xtJrD0DLSwWkLw"))
                .contains(new ClickTo(DELIVERY, "https://shop.example/?a=1&b=2"));
        assertThat(tokens.unsubscribe("A_CiBIetS2OCjl-RxUng8Qor83eB6zuO"))
                .contains(new Unsubscribe(DELIVERY, 99));
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
            if (!other.key().equals(purpose.key())) {
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

    private TrackedLinks copy(TrackingMode mode, boolean refused) {
        return links(mode).of(DELIVERY.number(), 99, refused);
    }

    private MailingLinks links(TrackingMode mode) {
        return new MailingLinks(
                "https://mail.example",
                tokens,
                mode,
                DELIVERY.account(),
                DELIVERY.mailing(),
                List.of(
                        new LinkTarget("https://shop.example/", null),
                        new LinkTarget(
                                "https://shop.example/?id={{ contact.uid }}",
                                new Frame("https://shop.example/?id=", ""))));
    }

    private static SigningKey key(String secret) {
        return SigningKey.load(Databases.jdbi(TestPostgres.DATABASE), secret);
    }
}
