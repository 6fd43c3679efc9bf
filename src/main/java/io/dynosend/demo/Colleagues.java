package io.dynosend.demo;

import static io.dynosend.common.Sql.utc;

import io.dynosend.account.AuditLog;
import io.dynosend.account.PasswordLinks;
import io.dynosend.account.Principal;
import io.dynosend.account.Role;
import io.dynosend.account.Users;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Uid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Who else works with the account: people with their roles, one who is invited, and programs. */
final class Colleagues {

    /**
     * @param daysHere since when
     * @param seen how long ago; zero: they have not taken the invitation yet
     */
    private record Colleague(String email, String name, Role role, int daysHere, Duration seen) {}

    private static final List<Colleague> ALL =
            List.of(
                    new Colleague(
                            "kathe@fernweh.example",
                            "Käthe Brandt",
                            Role.MARKETER,
                            301,
                            Duration.ofMinutes(18)),
                    new Colleague(
                            "jonas@fernweh.example",
                            "Jonas Weber",
                            Role.ADMIN,
                            212,
                            Duration.ofHours(27)),
                    new Colleague(
                            "board@fernweh.example",
                            "Elif Kaya",
                            Role.VIEWER,
                            96,
                            Duration.ofDays(6)),
                    new Colleague("chiara@fernweh.example", "", Role.MARKETER, 1, Duration.ZERO));

    private final Jdbi jdbi;
    private final Instant now;

    Colleagues(Jdbi jdbi, Instant now) {
        this.jdbi = jdbi;
        this.now = now;
    }

    /** Nobody learns their passwords. */
    void come(String audience) {
        long account =
                jdbi.withHandle(db ->
                        db.select("SELECT account_id FROM audience WHERE uid = ?", audience)
                                .mapTo(Long.class)
                                .one());
        var users = new Users(jdbi, InstantSource.fixed(now));
        for (var each : ALL) {
            var user =
                    users.add(
                            account,
                            new EmailAddress(each.email()),
                            Uid.random() + Uid.random() + Uid.random(),
                            each.role());
            introduce(user, each);
            if (each.seen().isZero()) invite(users, user);
            else seen(user, each.seen());
        }
        programs(account);
    }

    private void introduce(Principal user, Colleague colleague) {
        jdbi.useHandle(db ->
                db.execute(
                        """
                        UPDATE account_user SET name = ?, created_at = ?
                        WHERE account_id = ? AND id = ?
                        """,
                        colleague.name(),
                        utc(now.minus(Duration.ofDays(colleague.daysHere()))),
                        user.account(),
                        user.user()));
    }

    private void invite(Users users, Principal user) {
        var clock = InstantSource.fixed(now);
        new PasswordLinks(jdbi, clock, users, new AuditLog(jdbi, clock)).make(user, false);
    }

    private void seen(Principal user, Duration ago) {
        jdbi.useHandle(db ->
                db.execute(
                        """
                        INSERT INTO session (
                            account_id, user_id, token_hash, ip_address, user_agent, created_at,
                            seen_at)
                        VALUES (
                            ?, ?,
                            sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
                            '203.0.113.14', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/146.0', ?, ?)
                        """,
                        user.account(),
                        user.user(),
                        utc(now.minus(ago).minus(Duration.ofHours(2))),
                        utc(now.minus(ago))));
    }

    private void programs(long account) {
        jdbi.useHandle(db ->
                db.execute(
                        """
                        INSERT INTO api_token (
                            account_id, user_id, name, prefix, sha256, scopes, read_only,
                            created_at, last_used_at)
                        SELECT u.account_id, u.id, t.name, t.prefix,
                               sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
                               t.scopes, t.read_only, ?::timestamptz - t.age,
                               ?::timestamptz - t.unused
                        FROM (SELECT * FROM account_user WHERE account_id = ? ORDER BY id LIMIT 1) u,
                             (VALUES
                                 ('Shop', 'dyn_t7Qe', '{contacts,transactional}'::text[], false,
                                  interval '204 days', interval '3 minutes'),
                                 ('Monthly figures', 'dyn_Zk4w', '{campaigns}'::text[], true,
                                  interval '61 days', interval '26 hours'))
                                 AS t (name, prefix, scopes, read_only, age, unused)
                        """,
                        utc(now),
                        utc(now),
                        account));
    }
}
