package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.DatabaseTest;
import io.dynosend.account.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchTest extends DatabaseTest {

    private final long account = holder(http.token()).account();

    @Test
    void everythingIsFoundByAPartOfItsNameAndLeadsToItsPage() {
        String audience = audience("Hikers of the north");
        contact(audience, "hike.lover@example.org");
        var ada = signedIn(account, Role.OWNER);

        for (String wanted : List.of("hikers OF", "ike.lov")) {
            var found = ada.page("/app/search?q=" + wanted.replace(" ", "+"));
            assertThat(found.select("#places a")).as(wanted).hasSize(1);
            String there = found.select("#places a").attr("href");
            assertThat(ada.get(there).status()).as(there).isEqualTo(200);
        }
    }

    @Test
    void whatOthersHaveIsNotFound() {
        contact(audience("Hikers"), "hiker@example.org");
        var stranger = signedIn(holder(newAccount()).account(), Role.OWNER);

        assertThat(stranger.page("/app/search?q=hiker").select("#places a")).isEmpty();
    }

    @Test
    void aViewerIsOfferedNothingToMake() {
        var viewer = signedIn(account, Role.VIEWER);

        assertThat(viewer.page("/app/search").text()).contains("Campaigns").doesNotContain("New");
    }

    @Test
    void pagesWithoutANameOfTheirOwnInTheMenuAreFoundByWhoMaySeeThem() {
        audience("Hikers");
        var owner = signedIn(account, Role.OWNER);
        var viewer = signedIn(account, Role.VIEWER);

        for (String wanted : List.of("mailbox", "two-step", "passkey", "api+token")) {
            assertThat(leadsTo(owner, wanted)).as(wanted).isEqualTo(200);
            assertThat(leadsTo(viewer, wanted)).as(wanted).isEqualTo(200);
        }
        for (String wanted : List.of("import", "invite", "audit", "add+a+relay")) {
            assertThat(leadsTo(owner, wanted)).as(wanted).isEqualTo(200);
            assertThat(viewer.page("/app/search?q=" + wanted).select("#places a")).isEmpty();
        }
    }

    private static int leadsTo(Person person, String wanted) {
        var found = person.page("/app/search?q=" + wanted).select("#places a");
        assertThat(found).as(wanted).hasSize(1);
        return person.get(found.attr("href")).status();
    }

    @Test
    void theThemeIsKeptForThisBrowserAndOnlyWhatThereIs() {
        var ada = signedIn(account, Role.VIEWER);

        assertThat(ada.post("/app/you/theme", Map.of("theme", "dark")).header("Set-Cookie"))
                .contains("dynosend-theme=dark;", "HttpOnly");
        assertThat(ada.post("/app/you/theme", Map.of("theme", "x; Domain=a")).header("Set-Cookie"))
                .startsWith("dynosend-theme=; ");
    }

    private static Person signedIn(long account, Role role) {
        var person = new Person(port(application));
        person.signIn(newLogin(account, role), Person.PASSWORD);
        return person;
    }

    private String audience(String name) {
        return http.post(
                        "/api/v2/audiences",
                        "{\"name\": \"%s\", \"from_email\": \"a@example.org\", \"from_name\": \"A\"}"
                                .formatted(name),
                        "Content-Type",
                        "application/json")
                .json()
                .path("audience_uid")
                .asText();
    }

    private void contact(String audience, String email) {
        http.post(
                "/api/v2/contacts",
                "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s\"}".formatted(audience, email),
                "Content-Type",
                "application/json");
    }
}
