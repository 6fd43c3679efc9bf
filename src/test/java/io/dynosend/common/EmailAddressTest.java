package io.dynosend.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynosend.common.Problem.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class EmailAddressTest {

    private static final Path CORPUS = Path.of("../shared/corpora/addresses/tests.xml");
    private static final String LONG_DOMAIN =
            "%s.%s.%s.".formatted("b".repeat(61), "c".repeat(61), "d".repeat(61));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.co",
                "jake@gmail.com",
                "first.last@example.org",
                "first+tag@example.org",
                "o'neill@example.org",
                "_______@example.org",
                "1234567890@example.org",
                "a-b@ex-ample.org",
                "a@1.example.org",
                "a@123.com",
                "a@example.museum",
                "!#$%&'*+-/=?^_`{|}~@example.org",
                "a@a.b.c.d.e.example.org",
                "a@xn--mller-kva.de",
                "a@example.xn--p1ai",
                "x@example.co.uk"
            })
    void whatCanBeMailedIsAnAddress(String address) {
        assertThat(EmailAddress.isValid(address)).isTrue();
        assertThat(new EmailAddress(address).value()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jürgen@example.org",
                "用户@例子.广告",
                "δοκιμή@παράδειγμα.δοκιμή",
                "a@müller.de",
                "квіточка@пошта.укр",
                "ñandú@example.org"
            })
    void lettersBeyondAsciiAreLettersToo(String address) {
        assertThat(EmailAddress.isValid(address)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "' Jake@Gmail.COM ', jake@gmail.com",
        "'\tA@B.CO\n', a@b.co",
        "JÜRGEN@MÜLLER.DE, jürgen@müller.de",
        "ju\u0308rgen@example.org, j\u00fcrgen@example.org"
    })
    void spellingsOfOneMailboxAreEqual(String written, String value) {
        assertThat(new EmailAddress(written)).isEqualTo(new EmailAddress(value));
        assertThat(new EmailAddress(written).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "@",
                "a",
                "a@",
                "@b.co",
                "a b@example.org",
                "a@b",
                "a@localhost",
                "a@b@example.org",
                "a..b@example.org",
                ".a@example.org",
                "a.@example.org",
                "a@.example.org",
                "a@example..org",
                "a@example.org.",
                "a@-example.org",
                "a@example-.org",
                "a@exam_ple.org",
                "a@example.123",
                "a@1.2.3.4",
                "a@[1.2.3.4]",
                "a@[IPv6:::1]",
                "\"a b\"@example.org",
                "\"a\"@example.org",
                "a(comment)@example.org",
                "a@(comment)example.org",
                "a@example.org(comment)",
                "Jake <jake@example.org>",
                "<jake@example.org>",
                "jake@example.org,b@example.org",
                "jake@example.org;b@example.org",
                "mailto:jake@example.org",
                "@a.org:b@example.org",
                "a\\b@example.org",
                "a@exam ple.org",
                "a@example.org/x",
                "a@example.org?subject=x",
                "a@example.org:25",
                "a@b.c|d",
                "a@ex*mple.org",
                "a@example.org#x",
                "a@%41.org",
                "a@example。org",
                "a@exa\u00admple.org",
                "a\u200bb@example.org",
                "a@exam\u200bple.org",
                "\u202ea@example.org",
                "a@xn--.org",
                "a\u00a0b@example.org"
            })
    void whatCannotBeMailedIsNone(String address) {
        assertThat(EmailAddress.isValid(address)).isFalse();
        assertThatThrownBy(() -> new EmailAddress(address))
                .isInstanceOfSatisfying(
                        BadInput.class,
                        problem -> assertThat(problem.code()).isEqualTo("invalid_email"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nRCPT TO:<x@evil.example>@example.org",
                "a@example.org\r\nBcc: x@evil.example",
                "a\nb@example.org",
                "a\rb@example.org",
                "a@exam\r\n ple.org",
                "a\0@example.org",
                "a@example.org\0",
                "a>@example.org",
                "a@example.org> SIZE=1",
                "<a@example.org",
                "\"a\r\nb\"@example.org",
                "a\tb@example.org",
                "a\u0085b@example.org",
                "a\u2028b@example.org",
                "a\u2029b@example.org",
                "a@example.org\u2028x",
                "a\u007fb@example.org",
                "\ud800@example.org",
                "a@\udfff.org",
                "a\ufeffb@example.org"
            })
    void nothingThatBreaksACommandOrAHeaderIsAnAddress(String address) {
        assertThat(EmailAddress.isValid(address)).isFalse();
    }

    @Test
    void theLocalPartHasAtMost64Octets() {
        assertThat(EmailAddress.isValid("a".repeat(64) + "@example.org")).isTrue();
        assertThat(EmailAddress.isValid("a".repeat(65) + "@example.org")).isFalse();
        assertThat(EmailAddress.isValid("ü".repeat(32) + "@example.org")).isTrue();
        assertThat(EmailAddress.isValid("ü".repeat(33) + "@example.org")).isFalse();
    }

    @Test
    void theWholeHasAtMost254Octets() {
        String local = "a".repeat(63) + "@";

        assertThat(EmailAddress.isValid(local + LONG_DOMAIN + "oorg")).isTrue();
        assertThat(EmailAddress.isValid("a" + local + LONG_DOMAIN + "oorg")).isFalse();
        assertThat(EmailAddress.isValid("a".repeat(1_000_000) + "@example.org")).isFalse();
    }

    @Test
    void aLabelHasAtMost63CharactersAsItTravels() {
        assertThat(EmailAddress.isValid("a@" + "b".repeat(63) + ".org")).isTrue();
        assertThat(EmailAddress.isValid("a@" + "b".repeat(64) + ".org")).isFalse();
        assertThat(EmailAddress.isValid("a@" + "ü".repeat(60) + ".org")).isFalse();
    }

    @Test
    void theDomainIsWhatFollowsTheSign() {
        assertThat(new EmailAddress("Jake@Mail.Example.org").domain())
                .isEqualTo("mail.example.org");
        assertThat(new EmailAddress("a@example.org")).hasToString("a@example.org");
    }

    @Test
    void aLongImpossibleAddressIsNotRepeatedWhole() {
        assertThatThrownBy(() -> new EmailAddress("x".repeat(100_000)))
                .hasMessageMatching("“x{80}…” is not a valid email address");
    }

    /**
     * A case of isemail.info.
     *
     * @param category of RFC 5321 and RFC 5322 rules it meets or breaks
     */
    record Case(String address, String category, String diagnosis) {}

    static List<Case> corpus() throws Exception {
        var cases = new ArrayList<Case>();
        if (!Files.exists(CORPUS)) return cases;
        var tests =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(CORPUS.toFile())
                        .getElementsByTagName("test");
        for (int i = 0; i < tests.getLength(); i++) {
            var test = (Element) tests.item(i);
            String address = controls(text(test, "address"));
            // We trim first, so that what is around an address is no part of it.
            if (!address.strip().equals(address)) continue;
            cases.add(new Case(address, text(test, "category"), text(test, "diagnosis")));
        }
        return cases;
    }

    // Only what may travel in an SMTP command today, to a domain that may have a mail server.
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("corpus")
    void ofAllThatGrammarsAllowOnlyWhatCanBeMailedTodayIsTaken(Case test) {
        boolean mailable =
                switch (test.category()) {
                    // A top-level domain by itself receives no mail (RFC 7085).
                    case "ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN" ->
                            test.address().indexOf('.', test.address().indexOf('@')) > 0;
                    case "ISEMAIL_RFC5321",
                            "ISEMAIL_CFWS",
                            "ISEMAIL_DEPREC",
                            "ISEMAIL_RFC5322",
                            "ISEMAIL_ERR" ->
                            false;
                    default -> throw new AssertionError(test.category());
                };

        assertThat(EmailAddress.isValid(test.address())).isEqualTo(mailable);
    }

    private static String text(Element test, String name) {
        return test.getElementsByTagName(name).item(0).getTextContent();
    }

    /** The corpus writes a control character as its picture. */
    private static String controls(String address) {
        var text = new StringBuilder();
        address.chars()
                .forEach(c -> text.append((char) (c >= 0x2400 && c <= 0x2420 ? c - 0x2400 : c)));
        return text.toString();
    }
}
