package io.dynosend.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynosend.audience.Audience;
import io.dynosend.audience.Audience.ContactInformation;
import io.dynosend.audience.TrackingMode;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What contacts may call themselves. */
class HostileDataTest {

    private static final Path BIG_LIST = Path.of("../shared/corpora/strings/blns.json");

    private static final CompiledMessage MESSAGE =
            Letter.html(
                            """
                            <html><body><p id="a" title="{{ V }}" data-b='{{ V }}'>{{ V }}</p>
                            <a id="d" href="https://a.example/?q={{ V | url_encode }}">x</a>
                            <a id="e" href={{ V }}>y</a></body></html>\
                            """)
                    .subject("Hi {{ V }}")
                    .compiled();

    private static final String EVERY_FIELD =
            """
            {{ V }} {{ contact.V }} {{ contact.uid }} {{ contact.tags }} {{ contact.tags | join: V }}
            <i class="{{ audience.name }} {{ audience.company }}">{{ audience.website }}</i>
            {{ audience.phone }} {{ audience.email }} {{ audience.uid }}
            <b title='{{ campaign.name }}'>{{ campaign.uid }} {{ campaign.subject }}</b>
            """;

    static Stream<String> values() throws IOException {
        return Stream.concat(ours(), bigList());
    }

    private static Stream<String> ours() {
        return Stream.of(
                "A\r\nBcc: all@example.org\r\n\r\nbody",
                "\r\n--=_\r\nContent-Type: text/html\r\n\r\n<script>",
                "\" onmouseover=\"alert(1)",
                "' onmouseover='alert(1)",
                "<script>alert(1)</script>",
                "-->]]></style></title></textarea><img src=x onerror=alert(1)>",
                "{{ secret }}{% if true %}{% endraw %}{% endlinkto %}",
                "{% link 0 %}{% endlink %}",
                "=?utf-8?Q?=0D=0ABcc:_x@example.org?=",
                "=\r\n=3Cscript=3E",
                "\0\u0001\u001b[31m\u0085\u2028\u2029\u202e\ufeff\ufdd0\ufdd1\ufdd2",
                "\ud83d",
                ".\r\n.\r\n",
                "https://evil.example/\"><script>",
                "javascript:alert(1)",
                "a\rb\nc\r\r\nd\n\re\u000b\fFrom f",
                "--=_0bb177e6ecfa6f12c84debc95ad1a854--",
                "\r\n\r\n--=_\r\n\r\n--=_--",
                "=?utf-8?B?DQpCY2M6IHhAZXhhbXBsZS5vcmc=?= =?x?q?=00?=",
                "a <b@example.org>, c@example.org; group: d@example.org;",
                "\"quoted\\\" (comment) \\",
                "{{ '{{' }}{%- comment -%}{{ V | append: V }}",
                "}}{% endif %}{% endfor %}{% render 'x' %}",
                "\u202e\u2066\u200f مرحبا \u05e9\u05dc\u05d5\u05dd",
                "🎉👩‍👩‍👧‍👦🇩🇪\ud83d\ud83d\ude00",
                "e" + "\u0301".repeat(3_000),
                "&lt;script&gt;&#0;&#x110000;&amp;amp;",
                " \t ",
                "x".repeat(20_000),
                "é".repeat(10_240),
                "=".repeat(10_240));
    }

    private static Stream<String> bigList() throws IOException {
        if (!Files.exists(BIG_LIST)) return Stream.of();
        return Stream.of(new ObjectMapper().readValue(BIG_LIST.toFile(), String[].class));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueStaysWhereItWasPut(String value) {
        Map<String, Object> variables = Map.of("V", value, "secret", "TOP");
        var letter = Letter.html("").variables(variables);

        Received received =
                Received.of(
                        MESSAGE.compose(letter.addressee(new Letter.Links("https://t.example/o"))));

        assertThat(received.headerNames())
                .containsExactly(
                        "From",
                        "To",
                        "Subject",
                        "Date",
                        "Message-ID",
                        "MIME-Version",
                        "Content-Type");
        assertThat(received.subject()).isEqualTo(("Hi " + oneLine(value)).strip());
        assertThat(received.html()).doesNotContain("TOP");
        assertThat(received.text()).doesNotContain("TOP");
        hasTheAuthorsElementsOnly(Jsoup.parse(received.html()), value);
    }

    @ParameterizedTest
    @MethodSource("values")
    void noFieldOfAContactOrAnAudienceBreaksOut(String value) {
        var letter =
                Letter.html(EVERY_FIELD)
                        .text(EVERY_FIELD)
                        .subject(
                                "{{ V }} {{ contact.tags }} {{ audience.name }} {{ campaign.name }}");

        Received received = letter.variables(everyField(value)).received();

        assertThat(received.headerNames()).hasSize(7).doesNotContain("Bcc");
        assertThat(received.subject()).contains(oneLine(value).strip());
        assertThat(received.text()).contains(wellFormed(value).replaceAll("\r\n?|\n", "\r\n"));
        assertThat(Jsoup.parse(received.html()).body().select("*"))
                .extracting(Element::normalName)
                .containsExactly("body", "i", "b", "div", "a", "br", "br", "br", "img");
    }

    @ParameterizedTest
    @MethodSource("values")
    void whatAnAudienceSaysOfItselfIsRefusedOrStaysInItsPlace(String value) {
        Received received;
        try {
            var sender = new EmailAddress("news@example.com");
            var literal = LiquidSource.literal(value);
            var draft = new Draft(literal, value, sender, sender, "<p>Hi", null);
            var address = new PostalAddress(List.of(value, value + " 12", "Ulm"));
            received =
                    Received.of(
                            CompiledMessage.compile(draft, address)
                                    .compose(Letter.html("").addressee(new Letter.Links(null))));
        } catch (BadInput e) {
            assertThat(value.length() > 255 || value.chars().anyMatch(Ascii::breaksLine)).isTrue();
            return;
        }

        assertThat(received.headerNames())
                .containsExactly(
                        "From",
                        "To",
                        "Subject",
                        "Reply-To",
                        "Date",
                        "Message-ID",
                        "MIME-Version",
                        "Content-Type");
        assertThat(received.subject()).isEqualTo(wellFormed(value).strip());
        assertThat(received.fromName()).isEqualTo(wellFormed(value).strip());
        assertThat(received.fromAddress()).isEqualTo("news@example.com");
        assertThat(Jsoup.parse(received.html()).body().select("*"))
                .extracting(Element::normalName)
                .filteredOn(name -> !name.equals("br"))
                .containsExactly("body", "p", "div", "a");
    }

    private static Map<String, Object> everyField(String value) {
        var contact =
                new Contact(
                        1,
                        2,
                        value,
                        new EmailAddress("ada@example.org"),
                        ContactStatus.SUBSCRIBED,
                        value,
                        value,
                        List.of(value, "tag"),
                        Map.of("V", value),
                        Instant.EPOCH,
                        Instant.EPOCH);
        var information =
                new ContactInformation(
                        value, value, value, value, value, value, value, value, value, value);
        var audience =
                new Audience(
                        2,
                        value,
                        value,
                        value,
                        new EmailAddress("news@example.com"),
                        value,
                        false,
                        TrackingMode.INDIVIDUAL,
                        information,
                        Instant.EPOCH,
                        Instant.EPOCH);
        var variables = new HashMap<String, Object>();
        variables.put("V", value);
        variables.put("contact", ContactVariables.contact(contact));
        variables.put("audience", ContactVariables.audience(audience));
        variables.put("campaign", Map.of("uid", value, "name", value, "subject", value));
        return variables;
    }

    private static void hasTheAuthorsElementsOnly(Document document, String value) {
        assertThat(document.body().select("*"))
                .extracting(Element::normalName)
                .containsExactly("body", "p", "a", "a", "div", "a", "br", "br", "br", "img");
        Element p = document.expectFirst("#a");
        assertThat(names(p)).containsExactly("id", "title", "data-b");
        assertThat(p.attr("title")).isEqualTo(shown(value));
        assertThat(p.attr("data-b")).isEqualTo(shown(value));
        assertThat(names(document.expectFirst("#d"))).containsExactly("id", "href");
        assertThat(names(document.expectFirst("#e"))).containsExactly("id", "href");
        assertThat(document.expectFirst("#d").attr("href"))
                .startsWith("https://t.example/to?u=https://a.example/?q=");
    }

    private static List<String> names(Element element) {
        return element.attributes().asList().stream().map(attribute -> attribute.getKey()).toList();
    }

    private static String oneLine(String value) {
        return wellFormed(value).replaceAll("[\\p{Cntrl}\u0080-\u009f\u2028\u2029]", " ");
    }

    // MIME has one kind of line end, and NUL is none of HTML's characters.
    private static String shown(String value) {
        return wellFormed(value).replaceAll("\r\n?|\n", "\r\n").replace('\0', '\ufffd');
    }

    private static String wellFormed(String value) {
        var copy = new StringBuilder();
        value.codePoints()
                .map(c -> c >= 0xd800 && c <= 0xdfff ? 0xfffd : c)
                .forEach(copy::appendCodePoint);
        return copy.toString();
    }
}
