package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.Http.Reply;
import io.dynosend.account.AuditLog;
import io.dynosend.account.PasswordLinks;
import io.dynosend.account.Role;
import io.dynosend.account.Users;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** Who may sign in, who decides that, and the links by which passwords are chosen. */
class PeopleTest extends DatabaseTest {

    private final long account = holder(http.token()).account();
    private final String email = newLogin(account, Role.OWNER);
    private final Person owner = signedIn(email);

    @Test
    void whoIsInvitedChoosesAPasswordOnceAndIsSignedIn() {
        String key = key(owner.post("/app/people/invite", invitation("new-" + email, "viewer")));

        var taken = choose(key, "my own password");

        assertThat(taken.status()).isEqualTo(303);
        assertThat(taken.header("Location")).isEqualTo("/app");
        assertThat(taken.header("Set-Cookie")).contains("HttpOnly", "SameSite=Lax");
        var invited = new Person(http.port());
        assertThat(invited.signIn("new-" + email, "my own password").status()).isEqualTo(303);
        assertThat(choose(key, "another password").status()).isEqualTo(404);
    }

    @Test
    void aPasswordLinkEndsAllSessionsOnceItIsTaken() {
        String key = key(owner.post(act(email, "link"), Map.of()));

        assertThat(choose(key, "short").status()).isEqualTo(422);
        assertThat(owner.get("/app").status()).isEqualTo(200);
        assertThat(choose(key, "another password").status()).isEqualTo(303);
        assertThat(owner.get("/app").status()).isEqualTo(303);
    }

    @Test
    void aPasswordLinkIsTooOldAfterThreeDays() {
        String key = key(owner.post(act(email, "link"), Map.of()));

        clock.advance(PasswordLinks.GOOD_FOR);

        assertThat(choose(key, "another password").status()).isEqualTo(404);
    }

    @Test
    void aLinkDoesNotTakeItsHostFromTheRequest() {
        var page = owner.post(act(email, "link"), Map.of(), "X-Forwarded-Host", "evil.example");

        assertThat(link(page)).startsWith("http://localhost:" + http.port() + "/welcome?key=");
    }

    @Test
    void anotherRoleCountsAtOnceAndAsksForANewSignIn() {
        String other = newLogin(account, Role.MARKETER);
        var person = signedIn(other);

        owner.post(act(other, "role"), Map.of("role", "viewer"));

        assertThat(person.get("/app").status()).isEqualTo(303);
        person.signIn(other, Person.PASSWORD);
        assertThat(person.post("/app/audiences/new", Map.of()).status()).isEqualTo(403);
    }

    @Test
    void whoIsRemovedIsOutAndTheAuditLogSaysByWhom() {
        String other = newLogin(account, Role.MARKETER);
        var person = signedIn(other);

        owner.post(act(other, "remove"), Map.of("confirmed", "yes"));

        assertThat(person.get("/app").status()).isEqualTo(303);
        assertThat(owner.page("/app/people/log").text())
                .contains(email + " removed " + other, email + " signed in");
    }

    @Test
    void anAdminDecidesNothingAboutOwners() {
        var admin = signedIn(newLogin(account, Role.ADMIN));

        assertThat(admin.post("/app/people/invite", invitation("x-" + email, "owner")).status())
                .isEqualTo(403);
        assertThat(admin.post(act(email, "link"), Map.of()).status()).isEqualTo(403);
        assertThat(admin.post(act(email, "remove"), Map.of()).status()).isEqualTo(403);
        assertThat(admin.post("/app/people/invite", invitation("x-" + email, "admin")).status())
                .isEqualTo(200);
    }

    @Test
    void aMarketerDecidesAboutNobody() {
        var marketer = signedIn(newLogin(account, Role.MARKETER));

        assertThat(marketer.get("/app/people").status()).isEqualTo(403);
        assertThat(marketer.post("/app/people/invite", invitation("x-" + email, "viewer")).status())
                .isEqualTo(403);
        assertThat(marketer.post(act(email, "link"), Map.of()).status()).isEqualTo(403);
    }

    @Test
    void theOwnerOfAFreshServerSaysWhoTheyAreByALinkThatWorksOnce() {
        var links =
                new PasswordLinks(jdbi, clock, new Users(jdbi, clock), new AuditLog(jdbi, clock));
        String key = links.make(holder(http.token()), true);
        var fields =
                Map.of(
                        "key", key,
                        "name", "Ada",
                        "email", "ada-" + email,
                        "wanted", "a good password",
                        "again", "a good password");

        assertThat(http.get("/welcome?key=" + key).body()).contains("Set up your server");
        var empty = Map.of("key", key, "name", "", "email", "", "wanted", "", "again", "");
        var refused = new Person(http.port()).postWithout("/welcome", empty);
        assertThat(Jsoup.parse(refused.body()).select("[aria-invalid]").eachAttr("name"))
                .containsExactly("name", "email", "wanted");
        var taken = new Person(http.port()).postWithout("/welcome", fields);

        assertThat(taken.status()).isEqualTo(303);
        var ada = new Person(http.port());
        assertThat(ada.signIn("ada-" + email, "a good password").status()).isEqualTo(303);
        assertThat(http.get("/welcome?key=" + key).status()).isEqualTo(404);
    }

    private Person signedIn(String who) {
        var person = new Person(http.port());
        person.signIn(who, Person.PASSWORD);
        return person;
    }

    /** Where the form about this user goes to. */
    private String act(String who, String what) {
        return owner.page("/app/people")
                .select("tr:contains(%s) form[action$=/%s]".formatted(who, what))
                .attr("action");
    }

    private Reply choose(String key, String password) {
        return new Person(http.port())
                .postWithout("/welcome", Map.of("key", key, "wanted", password, "again", password));
    }

    private static Map<String, String> invitation(String who, String role) {
        return Map.of("email", who, "role", role);
    }

    private static String key(Reply page) {
        String link = link(page);
        return link.substring(link.indexOf("key=") + "key=".length());
    }

    private static String link(Reply page) {
        Document document = Jsoup.parse(page.body());
        return document.select("#link").text();
    }
}
