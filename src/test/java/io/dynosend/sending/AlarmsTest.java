package io.dynosend.sending;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Databases;
import io.dynosend.TestPostgres;
import io.dynosend.account.Quotas;
import io.dynosend.database.Database;
import io.dynosend.relay.RelayHealth;
import io.dynosend.relay.RelayHealths;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a campaign pauses itself. */
class AlarmsTest {

    private static final Database database = Database.open(TestPostgres.newDatabase());
    private static final Jdbi jdbi = Databases.jdbi(database);

    private final InstantSource clock = InstantSource.system();
    private final RelayHealths healths = new RelayHealths(jdbi);
    private final Alarms alarms =
            new Alarms(
                    jdbi, clock, TestRelays.of(jdbi, "smtp://a.example smtp://b.example"), healths);
    private final Mailings mailings = new Mailings(jdbi, clock, new Quotas(jdbi, clock));
    private long account;
    private long mailing;

    @BeforeEach
    void aCampaignToTwoThousand() {
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
                        ), m AS (
                            INSERT INTO mailing (
                                account_id, audience_id, state, recipients, until_contact, started_at)
                            SELECT account_id, id, 'sending', 2000, 0, now() FROM l
                            RETURNING account_id, audience_id, id
                        ), d AS (
                            INSERT INTO delivery (account_id, mailing_id, number, contact_id, address)
                            SELECT account_id, id, n, -n, n || '@example.org'
                            FROM m, generate_series(1, 2000) AS n
                        )
                        INSERT INTO campaign (
                            account_id, uid, audience_id, name, subject, from_email, from_name,
                            reply_to, html, mailing_id, created_at, updated_at)
                        SELECT account_id, 'c', audience_id, 'C', 'S', 'a@example.org', 'A',
                               'a@example.org', '', id, now(), now()
                        FROM m
                        """));
        account = one("SELECT account_id FROM mailing");
        mailing = one("SELECT id FROM mailing");
    }

    @AfterEach
    void leaveNothingBehind() {
        jdbi.useHandle(db -> {
            db.execute("TRUNCATE account CASCADE");
            db.execute("TRUNCATE relay_health");
        });
    }

    @AfterAll
    static void hangUp() {
        database.close();
    }

    @Test
    void moreThanFiveInAHundredBouncesAmongTheFirstThousandPauseIt() {
        bounce(1, 51);

        alarms.look();

        assertThat(standing()).isEqualTo("paused bounces");
    }

    @Test
    void fiveInAHundredDoNotNorDoThoseThatComeLater() {
        bounce(1, 50);
        bounce(1_001, 1_500);

        alarms.look();

        assertThat(standing()).isEqualTo("sending ");
    }

    @Test
    void whoResumesItHasAcceptedTheBounces() {
        bounce(1, 80);
        alarms.look();

        mailings.resume(account, mailing);
        alarms.look();

        assertThat(standing()).isEqualTo("sending ");
    }

    @Test
    void whenAllItsRelaysFailForFiveMinutesItIsPaused() {
        healths.report(
                UUID.randomUUID(), Map.of("server", failingFor(6), "server-2", failingFor(7)));

        alarms.look();

        assertThat(standing()).isEqualTo("paused relay");
    }

    @Test
    void whenOneOfThemWorksItGoesOn() {
        healths.report(
                UUID.randomUUID(),
                Map.of("server", failingFor(6), "server-2", RelayHealth.UNTRIED));

        alarms.look();

        assertThat(standing()).isEqualTo("sending ");
    }

    @Test
    void aShortFailureIsNoReason() {
        healths.report(
                UUID.randomUUID(), Map.of("server", failingFor(4), "server-2", failingFor(4)));

        alarms.look();

        assertThat(standing()).isEqualTo("sending ");
    }

    private RelayHealth failingFor(int minutes) {
        var since = clock.instant().minus(Duration.ofMinutes(minutes));
        return new RelayHealth(0, 0, 0, 0, "no answer", since, clock.instant());
    }

    private static void bounce(int first, int last) {
        jdbi.useHandle(db ->
                db.execute(
                        """
                        UPDATE delivery SET state = 'failed', bounced_at = now()
                        WHERE number BETWEEN ? AND ?
                        """,
                        first,
                        last));
    }

    private static String standing() {
        return jdbi.withHandle(db ->
                db.createQuery("SELECT state || ' ' || coalesce(paused_because, '') FROM mailing")
                        .mapTo(String.class)
                        .one());
    }

    private static long one(String sql) {
        return jdbi.withHandle(db -> db.createQuery(sql).mapTo(Long.class).one());
    }
}
