package io.dynosend.dashboard;

import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import io.dynosend.account.Role;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** An account of which Ada is the owner, a viewer of the same, and somebody of another. */
abstract class RoomTest extends DatabaseTest {

    static final String HOSTILE = "\"><script>alert(1)</script>";

    final long account = holder(http.token()).account();
    final String email = newLogin(account, Role.OWNER);
    final Person ada = signedIn(http.port(), email);

    final Person viewer() {
        return signedIn(http.port(), newLogin(account, Role.VIEWER));
    }

    final Person marketer() {
        return signedIn(http.port(), newLogin(account, Role.MARKETER));
    }

    final Person stranger() {
        return signedIn(http.port(), newLogin(holder(newAccount()).account(), Role.OWNER));
    }

    /** What the audit log has, the newest first. */
    final List<String> actions() {
        return jdbi.withHandle(db ->
                db.select(
                                """
                                SELECT action FROM audit_entry WHERE account_id = ?
                                ORDER BY id DESC
                                """,
                                account)
                        .mapTo(String.class)
                        .list());
    }

    static Document parsed(Reply reply) {
        return Jsoup.parse(reply.body());
    }

    static Person signedIn(int port, String email) {
        var person = new Person(port);
        person.signIn(email, Person.PASSWORD);
        return person;
    }
}
