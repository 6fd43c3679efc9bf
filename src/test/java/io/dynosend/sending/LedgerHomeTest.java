package io.dynosend.sending;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Databases;
import io.dynosend.TestPostgres;
import io.dynosend.database.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ledger from a backup has forgotten whom it has mailed since. */
class LedgerHomeTest {

    private static final Database database = Database.open(TestPostgres.newDatabase());
    private static final Jdbi jdbi = Databases.jdbi(database);

    @TempDir private Path folder;

    @BeforeEach
    void aCampaignUnderWayAndOneThatIsPaused() {
        jdbi.useHandle(db ->
                db.execute(
                        """
                        WITH a AS (
                            INSERT INTO account (uid, name, created_at) VALUES ('a', 'A', now())
                            RETURNING id
                        ), l AS (
                            INSERT INTO audience (
                                account_id, uid, name, from_email, from_name, created_at, updated_at)
                            SELECT id, 'a', 'A', 'a@example.org', 'A', now(), now() FROM a
                            RETURNING account_id, id
                        )
                        INSERT INTO mailing (account_id, audience_id, state, until_contact, started_at)
                        SELECT account_id, id, state, 0, now()
                        FROM l, unnest(ARRAY['sending', 'paused']) AS state
                        """));
    }

    @AfterEach
    void leaveNothingBehind() {
        jdbi.useHandle(db -> {
            db.execute("TRUNCATE account CASCADE");
            db.execute("TRUNCATE ledger_home");
        });
    }

    @AfterAll
    static void hangUp() {
        database.close();
    }

    @Test
    void theFirstStartAndLaterOnesHoldNothing() {
        assertThat(new LedgerHome(jdbi, folder).moveIn()).isZero();
        assertThat(new LedgerHome(jdbi, folder).moveIn()).isZero();
        assertThat(sending()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "system_identifier = system_identifier + 1",
                "timeline = timeline + 1",
                "database = '1'"
            })
    void anotherClusterTimelineOrDatabaseHoldsWhatIsUnderWay(String elsewhere) {
        new LedgerHome(jdbi, folder).moveIn();
        jdbi.useHandle(db -> db.execute("UPDATE ledger_home SET " + elsewhere));

        assertThat(new LedgerHome(jdbi, folder).moveIn()).isEqualTo(1);
        assertThat(sending()).isZero();
        assertThat(new LedgerHome(jdbi, folder).moveIn()).isZero();
    }

    @Test
    void filesThatWereCopiedBackHoldWhatIsUnderWay() throws IOException {
        new LedgerHome(jdbi, folder).moveIn();
        var file = folder.resolve("ledger-position");
        Files.writeString(file, Files.readString(file).strip() + "99\n");

        assertThat(new LedgerHome(jdbi, folder).moveIn()).isEqualTo(1);
        assertThat(sending()).isZero();
    }

    @Test
    void anOperatorLetsGoOnWhatWasHeldAndNothingElse() {
        new LedgerHome(jdbi, folder).moveIn();
        jdbi.useHandle(db -> db.execute("UPDATE ledger_home SET timeline = timeline + 1"));
        new LedgerHome(jdbi, folder).moveIn();

        assertThat(LedgerHome.release(jdbi)).isEqualTo(1);
        assertThat(sending()).isEqualTo(1);
    }

    private static long sending() {
        return jdbi.withHandle(db ->
                db.createQuery("SELECT count(*) FROM mailing WHERE state = 'sending'")
                        .mapTo(Long.class)
                        .one());
    }
}
