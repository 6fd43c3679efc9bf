package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Http;
import io.dynosend.Http.Reply;
import io.dynosend.api.Calls.Things;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every curl of the API document as printed, with host, token and uids filled in, and its whole
 * answer. The document's own where it lies beside the project, ours in its manner always.
 */
class DocumentTest extends ApiTest {

    /**
     * A request of the document.
     *
     * @param command as printed
     */
    private record Curl(String verb, String path, String body, String command) {}

    private static final Path DOCUMENT = Path.of("../shared/seed/dynosend-api-v2.txt");

    private static final boolean IN_A_SHELL =
            Stream.of("bash", "curl").allMatch(DocumentTest::isInstalled);

    private static final Pattern CURL =
            Pattern.compile(
                    "curl -X (\\w+) \"https://[^/]+/api/v2([^\"]*)\"(.*?)Response:",
                    Pattern.DOTALL);

    private static final Pattern BODY = Pattern.compile("-d '(.*)'\\s*$", Pattern.DOTALL);

    private static final String AUDIENCE =
            """
            {"id":0,"uid":"UID","name":"Readers","default_subject":"",\
            "from_email":"me@example.org","from_name":"Me","created_at":"TIME","updated_at":"TIME"\
            """;

    private static final String CONTACT =
            """
            "email":"jake@example.org","status":"subscribed","source":"api",\
            "ip_address":"127.0.0.1","tags":"x","created_at":"TIME","updated_at":"TIME",\
            "CITY":null,"CUSTOM_FIELD_TAG":null}\
            """;

    private static final String CAMPAIGN =
            """
            {"uid":"UID","name":"News","type":"regular","subject":"Hello",\
            "from_email":"me@example.org","from_name":"Me","reply_to":"me@example.org",\
            "status":"new","delivered_at":null,"created_at":"TIME","updated_at":"TIME"}\
            """;

    /** In the order of the document; null: a list whose entries other tests compare. */
    private static final List<String> ANSWERS =
            List.of(
                    "200 [" + AUDIENCE + "}",
                    "200 {\"audience\":"
                            + AUDIENCE
                            + """
                            ,"fields":[{"label":"Email","type":"text","tag":"EMAIL",\
                            "visible":true,"required":true},\
                            {"label":"City","type":"text","tag":"CITY",\
                            "visible":true,"required":false},\
                            {"label":"Custom","type":"text","tag":"CUSTOM_FIELD_TAG",\
                            "visible":true,"required":false}]},\
                            "contact_information":{"company":"","address_1":"1 Main Street",\
                            "address_2":"","country":"","state":"","zip":"","city":"","phone":"",\
                            "website":"","email":""},\
                            "statistics":{"contact_count":2,"subscribe_rate":1,\
                            "unsubscribe_rate":0,"subscribe_count":2,"unsubscribe_count":0}}\
                            """,
                    success("Custom field created"),
                    "200 [{\"id\":0,\"contact_uid\":\"UID\"," + CONTACT,
                    """
                    200 {"status":"success","message":"Contact created","contact_uid":"UID"}\
                    """,
                    "200 {\"contact\":{\"id\":0,\"contact_uid\":\"UID\"," + CONTACT + "}",
                    "200 {\"contacts\":[{\"id\":0,\"contact_uid\":\"UID\",\"audience_uid\":\"UID\","
                            + CONTACT
                            + "]}",
                    """
                    200 {"status":"success","message":"Contact updated","contact_uid":"UID"}\
                    """,
                    success("Tag added"),
                    success("Contact subscribed"),
                    success("Contact unsubscribed"),
                    "204 ",
                    success("Contact deleted"),
                    "200 [{\"uid\":\"UID\",\"name\":\"News\",\"type\":\"regular\"",
                    "200 {\"campaign\":"
                            + CAMPAIGN
                            + """
                            ,"insights":{"recipients":0,"delivery_rate":0,"open_count":0,\
                            "unique_open_count":0,"unique_open_rate":0,"click_count":0,\
                            "unique_click_count":0,"click_rate":0,"click_per_unique_open":0,\
                            "spam_report_count":0,"spam_report_rate":0,"bounce_count":0,\
                            "bounce_rate":0,"unsubscribed_count":0,"unsubscribed_rate":0}}\
                            """,
                    success("Campaign started"),
                    success("Campaign paused"),
                    success("Campaign resumed"),
                    """
                    200 {"status":"success","message":"Your message has been sent",\
                    "sending_time":1767261600}\
                    """,
                    """
                    200 {"status":"success","email":"BAD","blacklisted":false,\
                    "blacklist_time":null,"reason":null}\
                    """,
                    "204 ");

    /** Lists: of these the first entry is compared. */
    private static final List<Integer> LISTS = List.of(0, 3, 13);

    private static String success(String message) {
        return "200 {\"status\":\"success\",\"message\":\"" + message + "\"}";
    }

    @Test
    void theDocumentHasTwentyOneOperations() throws IOException {
        assertThat(ours()).hasSize(21);
        if (Files.exists(DOCUMENT)) assertThat(printed()).hasSize(21);
    }

    @TestFactory
    Stream<DynamicTest> everyCurlIsAnsweredAsTheDocumentSays() throws IOException {
        var tests = new ArrayList<DynamicTest>();
        addTests(tests, "ours", ours());
        if (Files.exists(DOCUMENT)) addTests(tests, "printed", printed());
        return tests.stream();
    }

    /** As the vendor's PHP SDK calls: no Accept, a JSON null where there are no parameters. */
    @Test
    void aBodyOfNullIsNoParameters() {
        newAudience();

        for (String path : List.of("/audiences", "/campaigns")) {
            var reply = curl("GET", path, "null");

            assertThat(reply.body()).isEqualTo(call("GET", path, "").body());
            assertThat(reply.status()).isEqualTo(200);
        }
    }

    private void addTests(List<DynamicTest> tests, String source, List<Curl> curls) {
        IntStream.range(0, curls.size())
                .mapToObj(i ->
                        DynamicTest.dynamicTest(
                                "%s %d: %s %s"
                                        .formatted(
                                                source,
                                                i + 1,
                                                curls.get(i).verb(),
                                                curls.get(i).path()),
                                () -> isAnswered(curls.get(i), i)))
                .forEach(tests::add);
    }

    private void isAnswered(Curl curl, int place) throws IOException {
        var owner = http.as(newAccount());
        var things = new EveryOperationTest().things(owner);
        made(
                owner.post(
                        "/api/v2/audiences/add-field",
                        """
                        {"audience_uid": "%s", "type": "text", "label": "Custom",
                         "tag": "CUSTOM_FIELD_TAG"}
                        """
                                .formatted(things.uid("audience_uid"))));

        var reply =
                IN_A_SHELL
                        ? inAShell(curl, owner, things, place)
                        : sent(curl, owner, things, place);

        String answer = reply.status() + " " + neutral(reply.body());
        if (LISTS.contains(place)) assertThat(answer).startsWith(ANSWERS.get(place));
        else assertThat(answer).isEqualTo(ANSWERS.get(place));
        assertThat(reply.header("Content-Type"))
                .isEqualTo(reply.status() == 204 ? "" : "application/json");
    }

    /** By the very program the document prints, where it is installed. */
    private static Reply inAShell(Curl curl, Http owner, Things things, int place)
            throws IOException {
        String command =
                filled(curl.command(), things, place)
                        .replaceFirst("https://[^/]+", "http://localhost:" + owner.port())
                        .replace("YOUR_API_TOKEN", owner.token());
        var shell =
                new ProcessBuilder(
                                "bash", "-c", command + " -sS -w '\n%{http_code} %{content_type}'")
                        .redirectErrorStream(true)
                        .start();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int end = out.lastIndexOf('\n');
        assertThat(out.substring(end + 1)).as(out).matches("\\d{3} .*");
        String type = out.substring(end + 5);
        return new Reply(
                Integer.parseInt(out.substring(end + 1, end + 4)),
                out.substring(0, end),
                HttpHeaders.of(Map.of("Content-Type", List.of(type)), (_, _) -> true));
    }

    private static Reply sent(Curl curl, Http owner, Things things, int place) {
        return owner.call(
                curl.verb(),
                "/api/v2" + curl.path(),
                filled(curl.body(), things, place),
                "Content-Type",
                "application/json");
    }

    private static void made(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    }

    private static String filled(String body, Things things, int place) {
        String campaign =
                switch (place) {
                    case 16 -> "started_campaign_uid";
                    case 17 -> "paused_campaign_uid";
                    default -> "campaign_uid";
                };
        return body.replace("YOUR_AUDIENCE_UID", things.uid("audience_uid"))
                .replace("YOUR_CONTACT_UID", things.uid("contact_uid"))
                .replace("YOUR_CAMPGIN_UID", things.uid(campaign))
                .replace("MESSAGE_UID", things.uid("transactional_uid"))
                .replace("RECIPIENT_EMAIL", "someone@example.org")
                .replace("YOUR_EMAIL", things.email())
                .replace("YOUR_EVENT", "trial_started");
    }

    private static String neutral(String body) {
        return body.replaceAll("\"[0-9a-z]{13}\"", "\"UID\"")
                .replaceAll("\"id\":\\d+", "\"id\":0")
                .replaceAll("\"\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}\\.\\d{6}Z\"", "\"TIME\"")
                .replaceAll("\"email\":\"bad[^\"]*\"", "\"email\":\"BAD\"");
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static List<Curl> printed() throws IOException {
        return curls(Files.readString(DOCUMENT));
    }

    private static List<Curl> ours() throws IOException {
        try (var resource =
                Objects.requireNonNull(
                        DocumentTest.class.getResourceAsStream("/document/requests.txt"))) {
            return curls(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static List<Curl> curls(String text) {
        return CURL.matcher(text)
                .results()
                .map(curl -> {
                    var body = BODY.matcher(curl.group(3).strip());
                    String command = curl.group();
                    return new Curl(
                            curl.group(1),
                            curl.group(2),
                            body.find() ? body.group(1) : "",
                            command.substring(0, command.lastIndexOf("Response:")).strip());
                })
                .toList();
    }
}
