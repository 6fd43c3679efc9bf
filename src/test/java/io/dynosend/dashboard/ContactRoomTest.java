package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.DatabaseTest;
import io.dynosend.Http;
import io.dynosend.Inbox;
import io.dynosend.StalledReader;
import io.dynosend.account.Role;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Contacts by the list, by the file and by the form, without scripts. */
class ContactRoomTest extends DatabaseTest {

    private static final Path STRINGS = Path.of("../shared/corpora/strings/blns.json");

    static boolean corpusIsThere() {
        return Files.exists(STRINGS);
    }

    private static final String HOSTILE = "\"'><script>alert(1)</script>{{ 7 }}";
    private static final Duration SOON = Duration.ofSeconds(60);

    private final long account = holder(http.token()).account();
    private final Person ada = new Person(http.port());
    private String audience;

    @BeforeEach
    void thereIsAnAudienceWithFields() {
        ada.signIn(newLogin(account, Role.OWNER), Person.PASSWORD);
        ada.post(
                "/app/audiences/new",
                Map.of("name", "Letters", "from_name", "Ada", "from_email", "a@example.org"));
        audience = ada.page("/app/audiences").select("tbody a").attr("href");
        field("First name", "FIRST_NAME");
        field("City", "CITY");
    }

    @Test
    void contactsAreFoundByNameFieldStatusAndActivity() {
        add("ada@example.org", "Augusta", "London", "vip");
        add("bob@example.org", "Bob", "Paris", "");
        add("eve@example.org", "", "", "vip");
        execute("INSERT INTO blacklist VALUES (?, 'eve@example.org', 'bounced', now())", account);

        assertThat(found("search=gust")).containsExactly("ada@example.org");
        assertThat(found("search=@")).hasSize(3);
        assertThat(found("search=example&order=address"))
                .containsExactly("ada@example.org", "bob@example.org", "eve@example.org");
        assertThat(found("search=example&tag=vip"))
                .containsExactly("eve@example.org", "ada@example.org");
        assertThat(found("search=nobody&tag=vip")).isEmpty();
        assertThat(ada.page(audience + "?search=gust").select("tbody .below").text())
                .isEqualTo("Augusta");
        assertThat(found("field=CITY&is=value&value=Paris")).containsExactly("bob@example.org");
        assertThat(found("field=CITY&is=empty")).containsExactly("eve@example.org");
        assertThat(found("field=CITY&is=filled&tag=vip")).containsExactly("ada@example.org");
        assertThat(found("activity=bounced")).containsExactly("eve@example.org");
        assertThat(found("activity=never-opened")).hasSize(3);
        assertThat(found("activity=opened-30")).isEmpty();
        assertThat(found("order=address"))
                .containsExactly("ada@example.org", "bob@example.org", "eve@example.org");
        assertThat(found("order=oldest")).first().isEqualTo("ada@example.org");
        assertThat(found("activity=joined-7")).hasSize(3);
        clock.advance(Duration.ofDays(8));
        ada.signIn(newLogin(account, Role.OWNER), Person.PASSWORD);
        assertThat(found("activity=joined-7")).isEmpty();
    }

    @Test
    @EnabledIf("corpusIsThere")
    void whatIsNoFilterFiltersNothingAndWordsOfStrangersStayWords() throws Exception {
        add("ada@example.org", HOSTILE, "x' OR 1=1 --", HOSTILE);
        var strings = Http.json(Files.readString(STRINGS));
        int tried = 0;
        for (var each : strings) {
            if (tried++ % 25 != 0) continue;
            String text = URLEncoder.encode(each.asText(), UTF_8);
            var reply =
                    ada.get(
                            audience
                                    + "?search=%s&tag=%s&field=CITY&is=value&value=%s&after=%s&order=%s&activity=%s"
                                            .formatted(text, text, text, text, text, text));
            assertThat(reply.status()).as(each.asText()).isEqualTo(200);
            assertThat(Jsoup.parse(reply.body()).select("script:not([src])")).isEmpty();
        }
        assertThat(found("field=CITY&is=value&value=x%27+OR+1%3D1+--")).hasSize(1);
        assertThat(found("activity=opened-99999&status=x&field=NO%22SUCH&is=value&value=a"))
                .isEmpty();
    }

    @Test
    void allThatMatchAreChangedInTheBackgroundAndNobodyElse() {
        for (int i = 0; i < 7; i++) add("new" + i + "@example.org", "", "", "");
        add("old@example.org", "", "", "");
        var all = new HashMap<>(Map.of("scope", "all", "search", "new", "do", "unsubscribe"));

        var asked = ada.post(audience + "/contacts/bulk", all);
        assertThat(Jsoup.parse(asked.body()).select(".question").text())
                .isEqualTo(
                        "Unsubscribe all 7 contacts that match? They get nothing more from this"
                                + " audience.");
        assertThat(found("status=unsubscribed")).isEmpty();

        all.put("confirmed", "yes");
        String progress = ada.post(audience + "/contacts/bulk", all).header("Location");
        Await.until(
                "it is finished", SOON, () -> ada.page(progress).text().contains("Finished: 7"));
        assertThat(found("status=unsubscribed")).hasSize(7);

        all.put("do", "delete");
        String deletion = ada.post(audience + "/contacts/bulk", all).header("Location");
        Await.until(
                "it is finished", SOON, () -> ada.page(deletion).text().contains("Finished: 7"));
        assertThat(found("")).containsExactly("old@example.org");
    }

    @Test
    void aChangeOfAnotherAudienceIsNotStoppedFromHere() {
        add("ada@example.org", "", "", "");
        String here = audience;
        thereIsAnAudienceWithFields();
        String other =
                ada.page("/app/audiences").select("tbody a").eachAttr("href").stream()
                        .filter(each -> !each.equals(here))
                        .findFirst()
                        .orElseThrow();
        var change = Map.of("scope", "all", "do", "tag", "with_tag", "x", "confirmed", "yes");
        String path = ada.post(here + "/contacts/bulk", change).header("Location");

        assertThat(ada.post(path.replace(here, other) + "/stop", Map.of()).status()).isEqualTo(404);
        assertThat(ada.post(path + "/stop", Map.of()).status()).isEqualTo(303);
    }

    @Test
    void anExportOfManyHasEachOnceTheOldestFirst() {
        many(2_500, 1);

        var lines = ada.post(audience + "/export", Map.of()).body().lines().skip(1).toList();

        assertThat(lines.stream().map(line -> line.substring(0, line.indexOf(','))))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 2_500)
                                .mapToObj("c%d@example.org"::formatted)
                                .toList());
    }

    @Test
    void anExportOfLargeContactsIsReadInSmallPartsAndHasEachOnce() {
        many(120, 100_000);

        var lines = ada.post(audience + "/export", Map.of()).body().lines().skip(1).toList();

        assertThat(lines.stream().map(line -> line.substring(0, line.indexOf(','))))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 120)
                                .mapToObj("c%d@example.org"::formatted)
                                .toList());
    }

    @Test
    void readersOfExportsWhoStopReadingHoldUpNobody() {
        many(10_000, 1_000);
        var readers =
                IntStream.range(0, 20)
                        .mapToObj(_ ->
                                StalledReader.ofForm(
                                        http.port(),
                                        audience + "/export",
                                        ada.cookie(),
                                        ada.formToken()))
                        .toList();
        try {
            assertThat(readers).allMatch(reader -> reader.firstLine().contains(" 200 "));
            assertThat(ada.get(audience).status()).isEqualTo(200);
            Await.until(
                    "nothing of the database is held",
                    SOON,
                    () ->
                            single(
                                            Long.class,
                                            """
                                            SELECT count(*) FROM pg_stat_activity
                                            WHERE state LIKE 'idle in transaction%'
                                              AND query LIKE '%FROM contact c%'
                                            """)
                                    == 0);
        } finally {
            readers.forEach(StalledReader::close);
        }
    }

    @Test
    void whatIsExportedCanBeImportedAgainAndIsNoFormula() {
        add("ada@example.org", "=1+1", "'=x, \"y\"", "vip, @b");
        add("bob@example.org", "x;=1;'-2", "-2\n+3;=1;'-2", "");
        var csv = ada.post(audience + "/export", Map.of());

        assertThat(csv.header("Content-Disposition")).startsWith("attachment");
        assertThat(csv.body()).contains("'=1+1").doesNotContain(",=1+1");
        assertThat(
                        single(
                                Long.class,
                                "SELECT count(*) FROM audit_entry WHERE account_id = ? AND action LIKE 'exported%'",
                                account))
                .isEqualTo(1);

        String first = audience;
        thereIsAnAudienceWithFields();
        audience =
                ada.page("/app/audiences").select("tbody a").stream()
                        .map(link -> link.attr("href"))
                        .filter(href -> !href.equals(first))
                        .findFirst()
                        .orElseThrow();
        field("First name", "FIRST_NAME");
        field("City", "CITY");
        String job = imported(csv.body(), Map.of());

        assertThat(ada.page(job).select(".small-figures").text())
                .isEqualTo("New 2 Updated 0 Skipped 0 Rejected 0");
        var again = ada.post(audience + "/export", Map.of()).body();
        assertThat(names(again)).isEqualTo(names(csv.body()));
    }

    @Test
    void aKnownContactIsSkippedUpdatedOrOverwrittenAndKeepsItsStatus() {
        add("ada@example.org", "Ada", "London", "");
        ada.post(contact("ada@example.org") + "/unsubscribe", Map.of("confirmed", "yes"));
        String file = "EMAIL,FIRST_NAME,CITY\nada@example.org,Augusta,\nbob@example.org,Bob,Rome\n";

        imported(file, Map.of("rule", "skip"));
        assertThat(fields("ada@example.org")).isEqualTo("Ada/London");
        imported(file, Map.of("rule", "update", "tags", "autumn"));
        assertThat(fields("ada@example.org")).isEqualTo("Augusta/London");
        imported(file, Map.of("rule", "overwrite"));
        assertThat(fields("ada@example.org")).isEqualTo("Augusta/");

        assertThat(found("status=unsubscribed")).containsExactly("ada@example.org");
        assertThat(found("tag=autumn")).hasSize(2);
        imported("EMAIL\nbob@example.org\n", Map.of("status", "unsubscribed"));
        assertThat(found("status=unsubscribed")).hasSize(2);
    }

    @Test
    void rowsThatWereNotImportedCanBeDownloadedWithTheReasonAndAreForgottenWithTheirContact() {
        execute(
                "INSERT INTO blacklist VALUES (?, 'listed@example.org', 'complained', now())",
                account);
        String job =
                imported(
                        """
                        EMAIL,Town
                        ada@example.org,=cmd
                        ADA@example.org,x
                        no,y
                        listed@example.org,z
                        one,two,three
                        """,
                        Map.of());

        assertThat(ada.page(job).select(".reasons li").eachText())
                .contains(
                        "1 The same address as in an earlier line", "1 This is no e-mail address");
        var viewer = new Person(http.port());
        viewer.signIn(newLogin(account, Role.VIEWER), Person.PASSWORD);
        assertThat(viewer.page(job).select("a[download]")).isEmpty();
        assertThat(viewer.get(job + "/rejected.csv").status()).isEqualTo(403);
        var rejected = ada.get(job + "/rejected.csv").body();
        assertThat(rejected)
                .contains("Line,Reason,EMAIL,Town")
                .contains("3,the same address as in line 2,ADA@example.org,x")
                .contains("4,This is no e-mail address,no,y")
                .contains("5,the address is on the blacklist: complained")
                .contains("6,3 columns where the first line has 2,one,two,three");
        assertThat(
                        single(
                                Long.class,
                                "SELECT count(*) FROM contact_import_file WHERE account_id = ?",
                                account))
                .isZero();

        ada.post(contact("ada@example.org") + "/delete", Map.of("confirmed", "yes"));
        assertThat(ada.get(job + "/rejected.csv").body()).doesNotContain("ADA@example.org");
    }

    @Test
    void thePreviewTellsOfAllRowsThatAreRejectedAndOfColumnsThatAreLeftOut() {
        var file = new StringBuilder("EMAIL,Town,Shoe size\n");
        for (int i = 0; i < 40; i++) file.append("p%d@example.org,Rome,42\n".formatted(i));
        file.append("no,Rome,42\np7@example.org,Rome,42\n");
        String draft = draft(file.toString());

        var page =
                Jsoup.parse(
                        ada.post(
                                        draft,
                                        plan(
                                                Map.of(
                                                        "do", "preview",
                                                        "column_1", "new field",
                                                        "column_2", "")))
                                .body());

        assertThat(page.select("main").text())
                .contains("All 42 rows of the file", "40 new, 2 rejected")
                .contains("Not imported: the column Shoe size.", "New field when the import")
                .contains("This is no e-mail address", "The same address as in line 9");
        assertThat(page.select("tbody tr")).hasSize(10);
    }

    @Test
    void thePreviewOfALongFileIsOfItsFirstThousandRows() {
        var file = new StringBuilder("EMAIL\n");
        for (int i = 0; i < 1_500; i++) file.append("p%d@example.org\n".formatted(i));

        var answer = ada.post(draft(file.toString()), plan(Map.of("do", "preview")));

        assertThat(Jsoup.parse(answer.body()).select("main").text())
                .contains("The first 1,000 rows of the file", "1,000 new");
    }

    @Test
    void howPeopleAgreedStandsInTheConsentRecordOfEachOfThem() {
        imported("EMAIL\nada@example.org\n", Map.of("statement", "Ticked it at the till"));

        assertThat(ada.page(contact("ada@example.org")).select(".proof").text())
                .contains("Agreed to: Ticked it at the till");
    }

    @Test
    void manyRowsThatWereNotImportedAreEachInTheirFileOnce() {
        String job = imported("EMAIL,CITY\n" + "nobody@,x\n".repeat(1_200), Map.of());

        var lines = ada.get(job + "/rejected.csv").body().lines().skip(1).toList();

        assertThat(lines).hasSize(1_200).doesNotHaveDuplicates();
        assertThat(lines.getFirst()).startsWith("2,");
        assertThat(lines.getLast()).startsWith("1201,");
    }

    @Test
    void aQuoteThatIsNeverClosedIsARejectedRowAtTheEnd() {
        String file = "EMAIL\na@example.org\n\"b@example.org\n";
        String draft = draft(file);

        var preview = ada.post(draft, plan(Map.of("do", "preview")));
        String job = imported(file, Map.of());

        assertThat(preview.status()).isEqualTo(200);
        assertThat(Jsoup.parse(preview.body()).select("main").text())
                .contains("1 new, 1 rejected", "A quotation mark opens here or below");
        assertThat(ada.page(job).select(".small-figures").text())
                .isEqualTo("New 1 Updated 0 Skipped 0 Rejected 1");
        assertThat(ada.get(job + "/rejected.csv").body()).contains("3,\"a quotation mark opens");
    }

    @Test
    void ofAHugeRowThatIsRejectedTheBeginningIsKept() {
        String row = "nobody" + (",\"" + "x".repeat(3_000) + "\"").repeat(200) + "\n";
        String job = imported("EMAIL\na@example.org\n" + row.repeat(20), Map.of());

        var lines = ada.get(job + "/rejected.csv").body().lines().skip(1).toList();

        assertThat(lines).hasSize(20).allMatch(line -> line.length() < 17_000);
        assertThat(lines.getFirst()).contains("nobody," + "x".repeat(2_000) + ",");
    }

    @Test
    void aFileOfTooManyColumnsIsRefusedWhenItComes() {
        var refused = upload("EMAIL" + ",x".repeat(500) + "\n");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("The file has over 500 columns");
    }

    @Test
    void fiveFilesOfAnAccountMayWaitForTheirImport() {
        String first = draft("EMAIL\na@example.org\n");
        for (int i = 0; i < 4; i++) draft("EMAIL\na@example.org\n");

        assertThat(upload("EMAIL\na@example.org\n").body()).contains("5 files, or 512 MB, wait");
        ada.post(first, Map.of("do", "discard"));
        assertThat(upload("EMAIL\na@example.org\n").status()).isEqualTo(303);
    }

    @Test
    void anImportAndItsNewFieldsAreStartedTogetherAndReadersDoNotSeeThem() {
        String draft = draft("EMAIL,Town,View URL\na@example.org,Rome,x\n");
        var plan = plan(Map.of("column_1", "new field", "column_2", "new field"));
        for (int i = 0; i < 197; i++) field("F" + i, "F" + i);

        var refused = ada.post(draft, plan);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("An audience has at most 200 fields");
        assertThat(fieldTags()).doesNotContain("TOWN");
        assertThat(ada.page(draft).text()).contains("Drop the file");

        ada.post(audience + "/fields/F0/remove", Map.of("confirmed", "yes"));
        assertThat(ada.post(draft, plan).status()).isEqualTo(303);
        assertThat(fieldTags()).contains("TOWN", "VIEW_URL_2");
        assertThat(
                        single(
                                Boolean.class,
                                "SELECT visible FROM audience_field WHERE account_id = ? AND tag = 'TOWN'",
                                account))
                .isFalse();

        var again = ada.post(draft, plan);
        assertThat(again.status()).isEqualTo(303);
        assertThat(ada.page(draft).text()).contains("This import has been started already.");
    }

    private List<String> fieldTags() {
        return jdbi.withHandle(db ->
                db.createQuery("SELECT tag FROM audience_field WHERE account_id = ?")
                        .bind(0, account)
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void aFileWithoutRowsCannotBeStarted() {
        var preview = ada.post(draft("EMAIL\n"), plan(Map.of("do", "preview")));

        assertThat(Jsoup.parse(preview.body()).select("main").text())
                .contains("There is no row in this file")
                .doesNotContain("Start import");
    }

    @Test
    void thePreviewShowsWhatStandsInThePlaceOfTheAddress() {
        var preview = ada.post(draft("EMAIL\nno at\n"), plan(Map.of("do", "preview")));

        assertThat(Jsoup.parse(preview.body()).select("tbody th").text()).isEqualTo("no at");
    }

    @Test
    void aRowThatWouldMakeTheFieldsOfItsContactTooLongIsRejected() {
        for (String tag : List.of("A", "B", "C")) {
            ada.post(audience + "/fields", Map.of("label", tag, "tag", tag, "type", "textarea"));
        }
        String most = "x".repeat(65_535);
        imported("EMAIL,A,B\nada@example.org,%s,%s\n".formatted(most, most), Map.of());

        String file = "EMAIL,A,C\nada@example.org,,%s\n".formatted(most);
        String rejected = imported(file, Map.of());
        String cleared = imported(file, Map.of("rule", "overwrite"));

        assertThat(ada.page(rejected).select(".small-figures").text())
                .isEqualTo("New 0 Updated 0 Skipped 0 Rejected 1");
        assertThat(ada.get(rejected + "/rejected.csv").body())
                .contains("at most 131,072 characters together");
        assertThat(ada.page(cleared).select(".small-figures").text())
                .isEqualTo("New 0 Updated 1 Skipped 0 Rejected 0");
    }

    @Test
    void anEmptyAudienceTellsOfTheImportThatRuns() {
        String draft = draft("EMAIL\na@example.org\n");
        execute(
                "UPDATE contact_import SET leased_until = now() + interval '1 hour'"
                        + " WHERE account_id = ?",
                account);
        ada.post(draft, plan(Map.of()));

        assertThat(ada.page(audience).text())
                .contains("Import of “people.csv”: reading the file.", "on their way")
                .doesNotContain("No contacts yet");
    }

    @Test
    void anImportNeedsAStatementOfConsentAndKeepsWhatWasTyped() {
        String draft = draft("EMAIL,Town\nada@example.org,Rome\n");

        var refused = ada.post(draft, plan(Map.of("statement", "", "column_1", "new field")));

        assertThat(refused.status()).isEqualTo(422);
        var page = Jsoup.parse(refused.body());
        assertThat(page.select(".problem").text()).contains("Say how these people agreed");
        assertThat(page.select("[aria-invalid]").eachAttr("name")).containsExactly("statement");
        assertThat(page.select("[name=column_1] [selected]").val()).isEqualTo("new field");
    }

    @Test
    void spreadsheetsAndEmptyFilesAreRefusedInWords() {
        assertThat(upload("PK\u0003\u0004zip").body()).contains("Save it as CSV");
        assertThat(upload("").body()).contains("The file is empty");
        assertThat(upload("EMAIL\n").status()).isEqualTo(303);
    }

    @Test
    void aViewerBringsNoFileAndOpensNoForm() {
        String viewer = newLogin(account, Role.VIEWER);
        var vera = new Person(http.port());
        vera.signIn(viewer, Person.PASSWORD);
        for (String path :
                List.of(
                        audience + "/imports/new",
                        audience + "/settings/form",
                        audience + "/settings/contact",
                        audience + "/settings/consent",
                        audience + "/fields/CITY",
                        audience + "/fields/CITY/remove",
                        audience + "/contacts/bulk",
                        audience + "/export")) {
            assertThat(vera.post(path, Map.of("confirmed", "yes")).status())
                    .as(path)
                    .isEqualTo(403);
        }
        for (String page : List.of("", "/statistics", "/imports", "/settings/form")) {
            assertThat(vera.get(audience + page).status()).as(page).isEqualTo(200);
        }
    }

    @Test
    void whatAFormAnswersTellsNothingAboutAnAddress() {
        String form = openForm();
        add("known@example.org", "Ada", "", "");
        execute(
                "INSERT INTO blacklist VALUES (?, 'listed@example.org', 'complained', now())",
                account);

        var fresh = signUp(form, "fresh-form@example.org");
        for (String address : List.of("known@example.org", "listed@example.org")) {
            var reply = signUp(form, address);
            assertThat(reply.status()).isEqualTo(fresh.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo(fresh.body());
        }
        assertThat(fresh.header("Set-Cookie")).isEmpty();
        assertThat(fields("known@example.org")).as("strangers change nothing").startsWith("Ada/");
        assertThat(found("search=listed")).isEmpty();
        assertThat(found("status=unconfirmed")).containsExactly("fresh-form@example.org");
    }

    @Test
    void aFormTakesOnlyVisibleFieldsAndNoProgram() {
        String form = openForm();
        ada.post(audience + "/fields/CITY", Map.of("label", "City", "required", ""));

        http.post(
                form,
                "EMAIL=zoe@example.org&agree=yes&FIRST_NAME=Zo&CITY=Rome&status=subscribed&tags=vip",
                "Content-Type",
                "application/x-www-form-urlencoded");
        http.post(
                form,
                "EMAIL=bot@example.org&agree=yes&nickname=bot",
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(fields("zoe@example.org")).isEqualTo("Zo/");
        assertThat(found("")).containsExactly("zoe@example.org");
        assertThat(found("status=unconfirmed")).hasSize(1);
    }

    @Test
    void whoHasLeftComesBackOnlyByTheLinkAndOtherwiseStaysAway() {
        String form = openForm();
        add("left-form@example.org", "", "", "");
        ada.post(contact("left-form@example.org") + "/unsubscribe", Map.of("confirmed", "yes"));

        signUp(form, "left-form@example.org");

        assertThat(found("status=unconfirmed")).hasSize(1);
        new Inbox(http, "left-form@example.org").message();
        clock.advance(Duration.ofDays(31));
        forgetUnansweredRequests();
        assertThat(single(String.class, "SELECT status FROM contact WHERE account_id = ?", account))
                .isEqualTo("unsubscribed");
    }

    @Test
    void aFormIsNotSentForOneMailboxAgainAndAgainAndAClosedOneNotAtAll() {
        String form = openForm();
        for (int i = 0; i < 5; i++) {
            assertThat(signUp(form, "o.n.e+" + i + "@gmail.com").status()).isEqualTo(200);
        }
        assertThat(signUp(form, "one@googlemail.com").status()).isEqualTo(429);

        clock.advance(Duration.ofMinutes(16));
        assertThat(signUp(form, "one@googlemail.com").status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(-16));
        ada.post(audience + "/settings/form", form(""));
        assertThat(http.get(form).status()).isEqualTo(404);
        assertThat(signUp(form, "two@example.org").status()).isEqualTo(404);
    }

    @Test
    void theStatisticsCountWhoJoinedAndWhoLeft() {
        add("ada@example.org", "", "", "vip");
        add("bob@example.org", "", "", "");
        ada.post(contact("bob@example.org") + "/unsubscribe", Map.of("confirmed", "yes"));

        sumUp();

        var page = ada.page(audience + "/statistics");
        assertThat(page.select(".figure").text())
                .contains("Subscribed now 1", "New 2 in 30 days", "Unsubscribed 1 in 30 days");
        assertThat(ada.page(audience).select("[name=tag] option").eachText()).contains("vip");
    }

    @Test
    void aFieldIsRenamedAndRemovedWithWhatIsInIt() {
        add("ada@example.org", "Ada", "London", "");

        ada.post(audience + "/fields/CITY", Map.of("label", "Town", "visible", "on"));
        assertThat(ada.page(audience + "/settings/fields").text()).contains("Town");

        ada.post(audience + "/fields/CITY/remove", Map.of("confirmed", "yes"));
        assertThat(ada.page(audience + "/settings/fields").select("#tag-CITY")).isEmpty();
        Await.until(
                "it is cleared",
                SOON,
                () ->
                        single(
                                Boolean.class,
                                "SELECT fields = '{\"FIRST_NAME\": \"Ada\"}' FROM contact WHERE account_id = ?",
                                account));
    }

    @Test
    void allThatIsKnownOfOneContactIsOneFile() {
        add("ada@example.org", "Ada", "London", "vip");

        var all = ada.post(contact("ada@example.org") + "/export", Map.of()).json();

        assertThat(all.path("email").asText()).isEqualTo("ada@example.org");
        var contact = all.path("contacts").path(0);
        assertThat(contact.path("fields").path("CITY").asText()).isEqualTo("London");
        assertThat(contact.path("consent").path(0).path("type").asText()).isEqualTo("subscribed");
        assertThat(contact.path("timeline").isEmpty()).isFalse();
    }

    private void many(int count, int lettersEach) {
        execute(
                """
                INSERT INTO contact (
                    account_id, audience_id, uid, email, status, source, fields, created_at,
                    updated_at)
                SELECT account_id, id, uid || n, 'c' || n || '@example.org', 'subscribed', 'api',
                       jsonb_build_object('CITY', repeat('x', ?)), now(), now()
                FROM audience, generate_series(1, ?) AS n
                WHERE uid = ?
                ORDER BY n
                """,
                lettersEach,
                count,
                audience.substring(audience.lastIndexOf('/') + 1));
    }

    private void field(String label, String tag) {
        ada.post(audience + "/fields", Map.of("label", label, "tag", tag, "type", "text"));
    }

    private void add(String email, String name, String city, String tags) {
        ada.post(
                audience + "/contacts/new",
                Map.of("email", email, "FIRST_NAME", name, "CITY", city, "tags", tags));
    }

    private List<String> found(String query) {
        return ada.page(audience + "?" + query).select("tbody th a").eachText();
    }

    private String contact(String email) {
        return ada.page(audience + "?search=" + email).select("tbody th a").attr("href");
    }

    private String fields(String email) {
        var page = ada.page(contact(email));
        return page.select("#FIRST_NAME").val() + "/" + page.select("#CITY").val();
    }

    private Http.Reply upload(String file) {
        return ada.upload(audience + "/imports/new", "people.csv", file.getBytes(UTF_8));
    }

    private String draft(String file) {
        return upload(file).header("Location");
    }

    private static Map<String, String> plan(Map<String, String> more) {
        var plan =
                new HashMap<>(
                        Map.of(
                                "separator", "comma",
                                "charset", "utf_8",
                                "header", "yes",
                                "column_0", "EMAIL",
                                "rule", "update",
                                "status", "subscribed",
                                "statement", "Signed up in the shop",
                                "agreed", "on"));
        plan.put("do", "start");
        plan.putAll(more);
        return plan;
    }

    /** The page of an import that is done, every column of which is what it is called. */
    private String imported(String file, Map<String, String> more) {
        String draft = draft(file);
        var plan = plan(more);
        for (var select : ada.page(draft).select("select[name^=column_]")) {
            plan.put(select.attr("name"), select.select("[selected]").val());
        }
        assertThat(ada.post(draft, plan).status()).isEqualTo(303);
        Await.until("the import is done", SOON, () -> ada.page(draft).text().contains("done"));
        return draft;
    }

    private static List<String> names(String csv) {
        return csv.lines()
                .map(line -> line.replaceAll("\\d{4}-\\d\\d-\\d\\dT[^,]*Z", ""))
                .map(line -> line.replace("dashboard", "").replace("import", ""))
                .toList();
    }

    private static Map<String, String> form(String open) {
        return Map.of(
                "open", open,
                "title", "Our letter",
                "intro", "",
                "consent", "I want to get it.",
                "button", "Subscribe");
    }

    private String openForm() {
        ada.post(audience + "/settings/form", form("on"));
        String url = ada.page(audience + "/settings/form").select("#form-url").text();
        return url.substring(url.indexOf("/f/"));
    }

    private Http.Reply signUp(String form, String address) {
        return http.post(
                form,
                "agree=yes&EMAIL=" + URLEncoder.encode(address, UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");
    }
}
