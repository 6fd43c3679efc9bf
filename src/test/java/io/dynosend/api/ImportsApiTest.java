package io.dynosend.api;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.Http.Reply;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportsApiTest extends ApiTest {

    private static final Path CORPUS = Path.of("../shared/corpora/csv/csvs");
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private String audience = "";

    @BeforeEach
    void anAudienceWithFields() {
        audience = newAudience();
        addField(audience, "text", "FIRST_NAME", "First name");
        addField(audience, "number", "AGE", "Age");
        addField(audience, "date", "BORN", "Date of birth");
    }

    @Test
    void everyRowBecomesAContactAndTheAnswerSaysSo() {
        var imported =
                upload(
                        """
                        EMAIL,FIRST_NAME,AGE,BORN,tags
                        Ada@Example.org,Ada,36,1815-12-10,"math, engine"
                        bob@example.org,,,,
                        """);

        String uid = ok(imported).get("import_uid").asText();
        assertThat(imported.body())
                .isEqualTo(
                        """
                        {"status":"success","message":"Import finished","import_uid":"%s",\
                        "rows":2,"created":2,"updated":0,"rejected":0,"rejections":[]}\
                        """
                                .formatted(uid));
        assertThat(call("GET", "/imports", "{\"import_uid\": \"%s\"}".formatted(uid)).body())
                .isEqualTo(
                        """
                        {"import":{"import_uid":"%s","rows":2,"created":2,"updated":0,\
                        "rejected":0,"rejections":[]}}\
                        """
                                .formatted(uid));
        var ada = contactByEmail(audience, "ada@example.org");
        assertThat(ada.get("status").asText()).isEqualTo("subscribed");
        assertThat(ada.get("source").asText()).isEqualTo("import");
        assertThat(ada.get("tags").asText()).isEqualTo("math,engine");
        assertThat(ada.get("FIRST_NAME").asText()).isEqualTo("Ada");
        assertThat(ada.get("AGE").asText()).isEqualTo("36");
        assertThat(ada.get("BORN").asText()).isEqualTo("1815-12-10");
        assertThat(contactByEmail(audience, "bob@example.org").get("FIRST_NAME").isNull()).isTrue();
    }

    @Test
    void everyBrokenRowIsRejectedWithItsLineAndTheOthersAreImported() {
        addField(audience, "datetime", "SEEN");
        addField(audience, "time", "AT");
        addField(audience, "textarea", "NOTE");
        var answer =
                ok(
                        upload(
                                """
                                EMAIL,FIRST_NAME,AGE,BORN,SEEN,AT,NOTE,tags
                                good1@example.org,Ada,1,2000-01-01,2000-01-01 10:00,10:00,n,a
                                ,empty,,,,,,
                                nobody,no at sign,,,,,,
                                two@@example.org,two ats,,,,,,
                                spaced out@example.org,a space,,,,,,
                                "quoted local"@example.org,quoted,,,,,,
                                age@example.org,number,old,,,,,
                                born@example.org,date,,01/02/2000,,,,
                                seen@example.org,datetime,,,yesterday,,,
                                at@example.org,time,,,,noon,,
                                long@example.org,%s,,,,,,
                                few@example.org,too few
                                many@example.org,too many,,,,,,,,
                                tag@example.org,,,,,,,"a
                                b"
                                note@example.org,,,,,,%s,
                                evil@example.org>,,,,,,,
                                nul@example.org,\0,,,,,,
                                good1@example.org,again,,,,,,
                                good2@example.org,Bob,,,,,,
                                """
                                        .formatted("x".repeat(256), "x".repeat(65_536))));

        var wanted = new LinkedHashMap<Long, String>();
        wanted.put(3L, "EMAIL is empty");
        for (long line = 4; line <= 7; line++) {
            wanted.put(line, "EMAIL is not a valid email address");
        }
        wanted.put(8L, "AGE must be a number such as 12 or 3.5");
        wanted.put(9L, "BORN must be a date such as 2026-12-31");
        wanted.put(
                10L,
                "SEEN must be a date and time such as 2026-12-31 18:30:00 or 2026-12-31T18:30:00Z");
        wanted.put(11L, "AT must be a time such as 18:30 or 18:30:00");
        wanted.put(12L, "FIRST_NAME must be at most 255 characters");
        wanted.put(13L, "2 columns where the header has 8");
        wanted.put(14L, "10 columns where the header has 8");
        wanted.put(15L, "tag must be a single line without control characters");
        wanted.put(17L, "NOTE must be at most 65,535 characters");
        wanted.put(18L, "EMAIL is not a valid email address");
        wanted.put(19L, "FIRST_NAME must be at most 255 characters");
        wanted.put(20L, "the same address as in line 2");
        assertThat(rejections(answer)).isEqualTo(wanted);
        assertThat(answer.get("rows").asInt()).isEqualTo(19);
        assertThat(answer.get("created").asInt()).isEqualTo(2);
        assertThat(answer.get("rejected").asInt()).isEqualTo(17);
        assertThat(list().findValuesAsText("email"))
                .containsExactlyInAnyOrder("good1@example.org", "good2@example.org");
        assertThat(contactByEmail(audience, "good1@example.org").get("FIRST_NAME").asText())
                .isEqualTo("Ada");
    }

    @Test
    void theHeaderNamesFieldsByTagOrLabelInAnyCaseAndOtherColumnsAreLeftOut() {
        ok(upload("first NAME , E-mail,shoe size,Tag,age\nAda,ada@example.org,39,x,36\n"));

        var ada = contactByEmail(audience, "ada@example.org");
        assertThat(ada.get("FIRST_NAME").asText()).isEqualTo("Ada");
        assertThat(ada.get("AGE").asText()).isEqualTo("36");
        assertThat(ada.get("tags").asText()).isEqualTo("x");
        assertThat(ada.toString()).doesNotContain("39");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void columnsAreSeparatedByCommaSemicolonOrTab(String separator) {
        ok(upload("EMAIL,FIRST_NAME\nada@example.org,Ada\n".replace(",", separator)));

        assertThat(firstName("ada@example.org")).isEqualTo("Ada");
    }

    @Test
    void linesMayEndInAnyWayAndTheLastOneInNone() {
        for (String end : new String[] {"\n", "\r\n", "\r"}) {
            var answer =
                    ok(
                            upload(
                                    "EMAIL,FIRST_NAME\na@example.org,A\nbroken,B\nc@example.org,Ç"
                                            .replace("\n", end)));

            assertThat(rejections(answer)).containsOnlyKeys(3L);
            assertThat(firstName("c@example.org")).isEqualTo("Ç");
        }
    }

    @Test
    void emptyLinesAreNoRowsButAreCountedAsLines() {
        var answer = ok(upload("\n\nEMAIL;AGE\n\na@example.org;1\n\n\nbroken;2\n\n"));

        assertThat(answer.get("rows").asInt()).isEqualTo(2);
        assertThat(rejections(answer)).containsOnlyKeys(8L);
    }

    static Stream<byte[]> encodings() {
        String text = "\uFEFFEMAIL,FIRST_NAME\nzoe@example.org,Zoë Müller €\n";
        return Stream.of(
                text.getBytes(UTF_8),
                text.substring(1).getBytes(UTF_8),
                text.getBytes(UTF_16LE),
                text.getBytes(UTF_16BE),
                text.substring(1).getBytes(WINDOWS_1252));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void utf8Utf16AndWindows1252AreTold(byte[] file) {
        ok(upload(file));

        assertThat(firstName("zoe@example.org")).isEqualTo("Zoë Müller €");
    }

    @Test
    void quotedLineBreaksStayAndTheLinesAfterThemKeepTheirNumber() {
        addField(audience, "textarea", "NOTE");
        var answer =
                ok(
                        upload(
                                "EMAIL,NOTE\r\n"
                                        + "a@example.org,\"one\r\ntwo\r\nthree, \"\"quoted\"\"\"\r\n"
                                        + "broken,x\r\n"
                                        + "\"b@example.org\",\"x\ny\"\r\n"
                                        + "broken,z\r\n"));

        assertThat(rejections(answer)).containsOnlyKeys(5L, 8L);
        assertThat(contactByEmail(audience, "a@example.org").get("NOTE").asText())
                .isEqualTo("one\r\ntwo\r\nthree, \"quoted\"");
    }

    @Test
    void aQuoteThatIsNeverClosedEndsTheImportAndIsToldOnce() {
        var answer =
                ok(
                        upload(
                                """
                                EMAIL,FIRST_NAME
                                a@example.org,"A
                                B"
                                b@example.org,"never closed
                                c@example.org,C
                                """));

        assertThat(answer.get("created").asInt()).isEqualTo(1);
        assertThat(rejections(answer)).containsOnlyKeys(4L);
        assertThat(rejections(answer).get(4L)).contains("never closed");
        assertThat(list()).hasSize(1);
    }

    @Test
    void textBehindAClosingQuoteDoesNotBreakTheOtherRows() {
        var answer =
                ok(upload("EMAIL,FIRST_NAME\na@example.org,\"A\" b\nb@example.org,a \"B\" c\n"));

        assertThat(answer.get("rows").asInt()).isEqualTo(2);
        assertThat(firstName("b@example.org")).isEqualTo("a \"B\" c");
    }

    @Test
    void ofARepeatedAddressTheFirstRowCountsWhateverItsCase() {
        var answer =
                ok(
                        upload(
                                """
                                EMAIL,FIRST_NAME
                                a@example.org,first
                                A@EXAMPLE.ORG,second
                                " a@example.org ",third
                                """));

        assertThat(rejections(answer))
                .containsExactly(
                        Map.entry(3L, "the same address as in line 2"),
                        Map.entry(4L, "the same address as in line 2"));
        assertThat(firstName("a@example.org")).isEqualTo("first");
    }

    @Test
    void aBlacklistedAddressIsRejectedAndAnotherAccountsBlacklistIsNotAsked() {
        blacklist(http.token(), "bad@example.org");
        blacklist(newAccount(), "good@example.org");

        var answer = ok(upload("EMAIL\ngood@example.org\nBAD@example.org\n"));

        assertThat(rejections(answer))
                .containsExactly(Map.entry(3L, "the address is on the blacklist: complained"));
        assertThat(list().findValuesAsText("email")).containsExactly("good@example.org");
    }

    @Test
    void aContactThatIsThereIsUpdatedAndKeepsItsStatus() {
        String uid =
                newContact(
                        audience,
                        "\"EMAIL\": \"a@example.org\", \"FIRST_NAME\": \"Old\", \"AGE\": 3, \"tag\": \"x,y\"");
        ok(
                call(
                        "PATCH",
                        "/contacts/unsubscribe?audience_uid=%s&contact_uid=%s"
                                .formatted(audience, uid),
                        ""));
        clock.advance(Duration.ofHours(1));

        var answer =
                ok(
                        upload(
                                "EMAIL,FIRST_NAME,AGE,tags\nA@example.org,New,,\"z,y\"\nb@example.org,,,\n"));

        assertThat(answer.get("created").asInt()).isEqualTo(1);
        assertThat(answer.get("updated").asInt()).isEqualTo(1);
        var contact = contact(audience, uid);
        assertThat(contact.get("status").asText()).isEqualTo("unsubscribed");
        assertThat(contact.get("source").asText()).isEqualTo("api");
        assertThat(contact.get("FIRST_NAME").asText()).isEqualTo("New");
        assertThat(contact.get("AGE").asText()).isEqualTo("3");
        assertThat(contact.get("tags").asText()).isEqualTo("x,y,z");
        assertThat(contact.get("created_at").asText()).isEqualTo(NOW);
        assertThat(contact.get("updated_at").asText()).isEqualTo("2026-01-01T11:00:00.000000Z");
    }

    @Test
    void aRowThatWouldMakeTheFieldsOfItsContactTooLongIsRejected() {
        for (String tag : new String[] {"A", "B", "C"}) addField(audience, "textarea", tag);
        String most = "x".repeat(65_535);
        ok(upload("EMAIL,A,B\nada@example.org,%s,%s\n".formatted(most, most)));

        var answer =
                ok(
                        upload(
                                "EMAIL,B,C\nada@example.org,y,%s\nbob@example.org,%s,%s\n"
                                        .formatted(most, most, most)));
        var refused = ok(upload("EMAIL,B\nada@example.org,%s\n".formatted(most)));

        assertThat(answer.get("updated").asInt()).isEqualTo(1);
        assertThat(answer.get("created").asInt()).isEqualTo(1);
        assertThat(rejections(refused).get(2L))
                .isEqualTo(
                        "the custom fields of a contact have at most 131,072 characters together");
    }

    @Test
    void theSameFileTwiceChangesNothingTheSecondTime() {
        String file = "EMAIL,FIRST_NAME\na@example.org,A\nb@example.org,B\n";
        ok(upload(file));
        var before = list();

        var again = ok(upload(file));

        assertThat(again.get("created").asInt()).isZero();
        assertThat(again.get("updated").asInt()).isEqualTo(2);
        assertThat(list()).isEqualTo(before);
    }

    @Test
    void tagsForAllAreAddedToThoseOfTheRow() {
        ok(
                http.upload(
                        "/api/v2/imports",
                        Map.of("audience_uid", audience, "tag", "fair, 2026"),
                        "a.csv",
                        "EMAIL,TAGS\na@example.org,\"own,fair\"\n".getBytes(UTF_8)));

        assertThat(contactByEmail(audience, "a@example.org").get("tags").asText())
                .isEqualTo("fair,2026,own");
    }

    @Test
    void whatLooksLikeSqlOrCopySyntaxIsKeptAsItIs() {
        String name = "\\N \\. \\t {a,\"b\"} 'x' $1 \\\\ \\";
        ok(
                upload(
                        "EMAIL,FIRST_NAME,tags\na@example.org,\"%s\",\"{x\\\"\"}\"\n"
                                .formatted(name.replace("\"", "\"\""))));

        var contact = contactByEmail(audience, "a@example.org");
        assertThat(contact.get("FIRST_NAME").asText()).isEqualTo(name);
        assertThat(contact.get("tags").asText()).isEqualTo("{x\\\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "\uFEFF",
                "NAME,AGE\nAda,36\n",
                "\"EMAIL",
                "EMAIL,\"FIRST_NAME\na@example.org,x\n",
                "EMAIL,email\n",
                "EMAIL,E-Mail address\n",
                "EMAIL,AGE,age\n",
                "EMAIL,FIRST_NAME,First name\n",
                "EMAIL,tag,tags\n",
                "a@example.org\nb@example.org\n",
                "\0\0\0\0",
                "PK\u0003\u0004\0\0"
            })
    void aFileWhoseHeaderCannotBeUsedIsRefusedWhole(String file) {
        var reply = upload(file);

        assertThat(badInput(reply)).startsWith("file");
        assertThat(list()).isEmpty();
        assertThat(
                        single(
                                Integer.class,
                                """
                                SELECT count(*) FROM contact_import i
                                JOIN audience a ON a.account_id = i.account_id AND a.id = i.audience_id
                                WHERE a.uid = ?
                                """,
                                audience))
                .isZero();
    }

    @Test
    void aHeaderOfAMegabyteIsRefused() {
        assertThat(badInput(upload("EMAIL," + "x".repeat(2_000_000)))).startsWith("file");
        assertThat(badInput(upload("EMAIL" + ",x".repeat(100_000)))).startsWith("file");
    }

    @Test
    void aRowOfOverAMegabyteEndsTheImport() {
        var answer =
                ok(
                        upload(
                                "EMAIL,FIRST_NAME\na@example.org,A\nb@example.org,%s\nc@example.org,C\n"
                                        .formatted("x".repeat(2_000_000))));

        assertThat(answer.get("created").asInt()).isEqualTo(1);
        assertThat(rejections(answer)).containsOnlyKeys(3L);
    }

    @Test
    void aMissingFileIsNamed() {
        var none = call("POST", "/imports", "{\"audience_uid\": \"%s\"}".formatted(audience));
        var text =
                call(
                        "POST",
                        "/imports",
                        multipart("audience_uid", audience, "file", "EMAIL\na@example.org\n"),
                        "Content-Type",
                        MULTIPART);

        for (Reply reply : new Reply[] {none, text}) {
            assertThat(refused(reply, 400, "missing_parameter"))
                    .startsWith("Missing parameter: file");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "a\u0000b.csv",
                "Größe €.csv",
                "",
                "'; DROP TABLE contact;--"
            })
    void theNameOfTheFileDoesNotMatter(String name) {
        var reply =
                http.upload(
                        "/api/v2/imports",
                        Map.of("audience_uid", audience),
                        name,
                        "EMAIL\na@example.org\n".getBytes(UTF_8));

        assertThat(reply.status()).as(reply.body()).isIn(200, 400);
        assertThat(reply.json().has("status")).isTrue();
    }

    @Test
    void tenThousandRowsAreImportedInOneGo() {
        var file = new StringBuilder("EMAIL,FIRST_NAME,AGE\n");
        for (int i = 0; i < 10_000; i++) {
            file.append("c%d@example.org,Näme %d,%d\n".formatted(i, i, i % 100));
        }

        var answer = ok(upload(file.toString()));

        assertThat(answer.get("created").asInt()).isEqualTo(10_000);
    }

    static Stream<Path> corpus() throws IOException {
        if (!Files.isDirectory(CORPUS)) return Stream.empty();
        try (var files = Files.list(CORPUS)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("corpus")
    void filesOfTheWildAreReadOrRefusedAndNeverBreakAnything(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        var before = upload(bytes);
        addField(audience, "text", "A", "Email address of the file");
        byte[] withHeader = ("EMAIL,A,B\n" + new String(bytes, UTF_8)).getBytes(UTF_8);

        var answer = ok(upload(withHeader));

        assertThat(before.status()).isEqualTo(400);
        assertThat(answer.get("rows").asInt())
                .isEqualTo(answer.get("rejected").asInt())
                .isEqualTo(answer.get("rejections").size())
                .isGreaterThan(0);
    }

    private Reply upload(String file) {
        return upload(file.getBytes(UTF_8));
    }

    private Reply upload(byte[] file) {
        return http.upload("/api/v2/imports", Map.of("audience_uid", audience), "a.csv", file);
    }

    private JsonNode list() {
        return ok(call("GET", "/contacts?audience_uid=" + audience, ""));
    }

    private String firstName(String email) {
        return contactByEmail(audience, email).get("FIRST_NAME").asText();
    }

    private static SequencedMap<Long, String> rejections(JsonNode answer) {
        var rejections = new LinkedHashMap<Long, String>();
        for (var rejection : answer.get("rejections")) {
            rejections.put(rejection.get("line").asLong(), rejection.get("reason").asText());
        }
        return rejections;
    }

    private static void blacklist(String token, String email) {
        execute(
                """
                INSERT INTO blacklist (account_id, email, reason, created_at)
                SELECT account_id, ?, 'complained', now()
                FROM api_token WHERE sha256 = sha256(convert_to(?, 'UTF8'))
                """,
                email,
                token);
    }
}
