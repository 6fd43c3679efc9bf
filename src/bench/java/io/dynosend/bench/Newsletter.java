package io.dynosend.bench;

import io.dynosend.account.SigningKey;
import io.dynosend.audience.TrackingMode;
import io.dynosend.common.EmailAddress;
import io.dynosend.content.Addressee;
import io.dynosend.content.CompiledMessage;
import io.dynosend.content.Draft;
import io.dynosend.content.Header;
import io.dynosend.content.PostalAddress;
import io.dynosend.content.TrackedLinks;
import io.dynosend.tracking.DeliveryRef;
import io.dynosend.tracking.MailingLinks;
import io.dynosend.tracking.TrackingTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;

/** A newsletter of 10 kB with 15 variables, 17 links and a loop of five, and its readers. */
final class Newsletter {

    static final Instant STARTED_AT = Instant.parse("2026-11-03T09:08:07Z");

    private static final String SECRET = "only for measuring, 32 characters";
    private static final String BASE_URL = "https://mail.kiln.example";
    private static final int READERS = 1_000;

    private static final TrackingTokens TOKENS =
            new TrackingTokens(SigningKey.load(Jdbi.create(Newsletter::noDatabase), SECRET));

    static final List<Header> LIST_HEADERS =
            List.of(
                    new Header("List-Id", "<sa1b2c3d4e5f6.list.mail.kiln.example>"),
                    new Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                    new Header("Feedback-ID", "sf6e5d4c3b2a1:sa1b2c3d4e5f6:campaign:dynosend"));

    private final MailingLinks links =
            new MailingLinks(
                    BASE_URL,
                    TOKENS,
                    TrackingMode.INDIVIDUAL,
                    3,
                    4_711,
                    compiled(html(), text()).links());
    private final List<EmailAddress> addresses =
            IntStream.range(0, READERS).mapToObj(Newsletter::address).toList();
    private final List<Map<String, Object>> readers =
            IntStream.range(0, READERS).mapToObj(Newsletter::reader).toList();

    static String subject() {
        return "{{ FIRST_NAME | default: 'Hello' }}, the first snow is a good time for fire";
    }

    static String html() {
        return resource("november-letter.html");
    }

    static String text() {
        return resource("november-letter.txt");
    }

    static CompiledMessage compiled(String html, String text) {
        var sender = new EmailAddress("letters@kiln.example");
        var draft = new Draft(subject(), "Käthe from Kiln & Wheel", sender, sender, html, text);
        return CompiledMessage.compile(
                draft, new PostalAddress(List.of("Kiln & Wheel", "Töpfergasse 12", "56203 Höhr")));
    }

    /** What Liquid reads of one of the readers. */
    Map<String, Object> variables(int number) {
        return readers.get(number % READERS);
    }

    /** One recipient, with tracked links. */
    Addressee addressee(int number) {
        return addressee(number, links(number));
    }

    Addressee addressee(int number, TrackedLinks links) {
        return new Addressee(
                addresses.get(number % READERS),
                variables(number),
                TOKENS.messageId(delivery(number)) + "@kiln.example",
                STARTED_AT,
                links,
                headers(links));
    }

    TrackedLinks links(int number) {
        return links.of(number + 1, 1_000_000 + number, false);
    }

    private static List<Header> headers(TrackedLinks links) {
        return List.of(new Header("List-Unsubscribe", "<" + links.unsubscribe() + ">"));
    }

    private static DeliveryRef delivery(int number) {
        return new DeliveryRef(3, 4_711, number + 1);
    }

    private static EmailAddress address(int number) {
        return new EmailAddress("reader.%d@mailbox%d.example".formatted(number, number % 17));
    }

    private static Map<String, Object> reader(int number) {
        String first = List.of("Ada", "Jörg", "Zoë", "Marie-Luise", "Bob").get(number % 5);
        var variables = new HashMap<String, Object>();
        variables.put("EMAIL", address(number).value());
        variables.put("FIRST_NAME", first);
        variables.put("LAST_NAME", "O'Neill-" + number);
        variables.put("CITY", List.of("Ulm", "Köln", "Bath & Wells").get(number % 3));
        variables.put("PLAN", number % 3 == 0 ? "Guild" : "Letter");
        variables.put("CRAFT", "Stoneware");
        variables.put("YEARS", number % 9 + 1);
        variables.put("DEADLINE", "21 December");
        variables.put("VOUCHER", "KILN-%05d".formatted(number));
        variables.put("CREDIT", "12.50");
        variables.put("EDITOR", "Käthe");
        variables.put("JOINED", "3 May 2021");
        variables.put("audience", Map.of("name", "Letters from the kiln"));
        variables.put("campaign", Map.of("subject", "The first snow"));
        variables.put(
                "EVENINGS",
                IntStream.range(0, 5)
                        .mapToObj(i ->
                                Map.of(
                                        "title", "Raku in the yard, evening " + (i + 1),
                                        "place", "Höhr",
                                        "price", 20 + i))
                        .toList());
        return variables;
    }

    private static String resource(String name) {
        try (var in = Newsletter.class.getResourceAsStream("/newsletters/" + name)) {
            if (in == null) throw new IllegalStateException("There is no " + name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Connection noDatabase() {
        throw new IllegalStateException("This measurement needs no database");
    }
}
