package io.dynosend.contact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.dynosend.Await;
import io.dynosend.DatabaseTest;
import io.dynosend.audience.Audiences;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node ends while it imports, or is so slow that another takes over: every row counts once. */
class ImportNodesTest extends DatabaseTest {

    private static final int ROWS = 5_000;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final long GATE = 730_412;

    private final long account = holder(http.token()).account();
    private final Audiences audiences = new Audiences(jdbi, clock);
    private final ImportJobs firstNode = new ImportJobs(jdbi, clock, audiences);
    private final ImportJobs secondNode = new ImportJobs(jdbi, clock, audiences);
    private String audience = "";

    @BeforeEach
    void anAudience() {
        audience =
                http.post(
                                "/api/v2/audiences",
                                "{\"name\": \"News\", \"from_email\": \"a@example.org\","
                                        + " \"from_name\": \"A\"}",
                                "Content-Type",
                                "application/json")
                        .json()
                        .get("audience_uid")
                        .asText();
    }

    @AfterEach
    void nothingStandsInTheWayAnyMore() {
        execute("DROP FUNCTION IF EXISTS in_the_way() CASCADE");
    }

    @Test
    void anotherNodeGoesOnBehindTheLastRowThatIsWritten() throws IOException {
        inTheWay("IF NEW.email = 'p3000@example.org' THEN RAISE 'the node ends here'; END IF;");
        var job = started();
        // The server of the tests may be quicker to take it, and ends as well.
        assertThatCode(firstNode::runQueued)
                .satisfiesAnyOf(
                        end -> assertThat(end).isNull(),
                        end -> assertThat(end).hasMessageContaining("the node ends here"));
        Await.until("a node has ended in the middle", SOON, () -> now(job).done() == 2_000);

        nothingStandsInTheWayAnyMore();
        leaseRunsOut(job);
        secondNode.runQueued();
        Await.until("the import ends", SOON, () -> !now(job).isUnderWay());

        everyRowIsThereOnce(job);
    }

    @Test
    void twoNodesThatTakeTheSameRowsWriteThemOnce() throws Exception {
        inTheWay("PERFORM pg_advisory_xact_lock_shared(%d);".formatted(GATE));
        var job = started();
        try (var gate = jdbi.open()) {
            gate.execute("SELECT pg_advisory_lock(?)", GATE);
            var slow = Thread.ofVirtual().start(firstNode::runQueued);
            untilTheyWait(1);
            leaseRunsOut(job);
            var quick = Thread.ofVirtual().start(secondNode::runQueued);
            untilTheyWait(2);
            gate.execute("SELECT pg_advisory_unlock(?)", GATE);
            slow.join();
            quick.join();
        }

        Await.until("the import ends", SOON, () -> !now(job).isUnderWay());
        everyRowIsThereOnce(job);
    }

    @Test
    void anImportThatGetsNoFurtherFailsAfterThreeRunsAndKeepsWhatIsWritten() throws IOException {
        inTheWay("IF NEW.email = 'p3000@example.org' THEN RAISE 'the node ends here'; END IF;");
        var job = started();

        Await.until(
                "it is given up",
                SOON,
                () -> {
                    leaseRunsOut(job);
                    firstNode.runQueued();
                    return !now(job).isUnderWay();
                });

        assertThat(now(job).state()).isEqualTo(ImportJob.State.FAILED);
        assertThat(now(job).problem()).contains("Stopped behind row 2,000", "3 attempts");
        assertThat(count("contact")).isEqualTo(2_000);
        assertThat(count("contact_import_file")).isZero();
    }

    @Test
    void rowsOfMuchTextAreWrittenInSmallPieces() throws IOException {
        inTheWay("IF NEW.email = 'p18@example.org' THEN RAISE 'the node ends here'; END IF;");
        String wide = (",\"" + "x".repeat(2_000) + "\"").repeat(200);
        var columns = new ArrayList<>(Collections.nCopies(201, ImportPlan.LEFT_OUT));
        columns.set(0, ImportPlan.EMAIL);

        var job = started(20, wide, columns, 0);
        firstNode.runQueued();

        Await.until("a node has ended", SOON, () -> now(job).done() == 15);
    }

    @Test
    void anImportGoesOnInTheMiddleOfAPiece() throws IOException {
        var job = started(ROWS, "", List.of(ImportPlan.EMAIL), 700);
        firstNode.runQueued();

        Await.until("the import ends", SOON, () -> !now(job).isUnderWay());
        assertThat(now(job).done()).isEqualTo(ROWS);
        assertThat(now(job).created()).isEqualTo(4_300);
        assertThat(now(job).rejected()).isZero();
    }

    private void everyRowIsThereOnce(ImportJob job) {
        var done = now(job);
        assertThat(done.state()).isEqualTo(ImportJob.State.DONE);
        assertThat(List.of(done.done(), done.created(), done.updated(), done.rejected()))
                .containsExactly(5_000L, ROWS, 0, 0);
        assertThat(count("contact")).isEqualTo(ROWS);
        assertThat(count("contact_activity")).isEqualTo(ROWS);
    }

    private long count(String table) {
        return single(
                Long.class, "SELECT count(*) FROM " + table + " WHERE account_id = ?", account);
    }

    private void inTheWay(String statement) {
        jdbi.useHandle(db -> {
            db.execute(
                    """
                    CREATE FUNCTION in_the_way() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF NEW.account_id = %d THEN %s END IF;
                        RETURN NEW;
                    END $$
                    """
                            .formatted(account, statement));
            db.execute(
                    "CREATE TRIGGER in_the_way BEFORE INSERT ON contact FOR EACH ROW"
                            + " EXECUTE FUNCTION in_the_way()");
        });
    }

    private static void untilTheyWait(int nodes) {
        Await.until(
                nodes + " wait",
                SOON,
                () ->
                        single(
                                        Long.class,
                                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                                                + " AND objid = ? AND NOT granted",
                                        GATE)
                                == nodes);
    }

    private void leaseRunsOut(ImportJob job) {
        execute(
                "UPDATE contact_import SET leased_until = NULL WHERE account_id = ? AND id = ?",
                account,
                job.id());
    }

    private ImportJob started() throws IOException {
        return started(ROWS, "", List.of(ImportPlan.EMAIL), 0);
    }

    /**
     * @param more what stands behind each address
     * @param done rows that are written already
     */
    private ImportJob started(int rows, String more, List<String> columns, int done)
            throws IOException {
        var file = Files.createTempFile("import-", ".csv");
        try {
            var text = new StringBuilder("EMAIL").append(",".repeat(columns.size() - 1));
            for (int i = 1; i <= rows; i++) text.append("\np%d@example.org%s".formatted(i, more));
            Files.writeString(file, text, UTF_8);
            var actor = new Actor("import", null, null, null);
            var id = audiences.get(account, audience).id();
            String uid = firstNode.draft(account, audience, file, "people.csv", actor);
            var draft = firstNode.get(account, id, uid);
            var plan =
                    new ImportPlan(
                            new CsvFormat(
                                    CsvFormat.Encoding.of("utf_8"),
                                    CsvFormat.Separator.of("comma"),
                                    true),
                            columns,
                            List.of("EMAIL"),
                            ImportPlan.Rule.UPDATE,
                            List.of(),
                            ContactStatus.SUBSCRIBED,
                            "Signed up in the shop");
            execute("UPDATE contact_import SET rows_done = ? WHERE id = ?", done, draft.id());
            firstNode.start(account, audience, draft, plan, List.of(), actor);
            return draft;
        } finally {
            Files.delete(file);
        }
    }

    private ImportJob now(ImportJob job) {
        return firstNode.get(account, job.audience(), job.uid());
    }
}
