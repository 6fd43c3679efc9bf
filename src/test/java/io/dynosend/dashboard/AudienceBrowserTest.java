package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.NavigateOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import com.sun.net.httpserver.HttpServer;
import io.dynosend.Await;
import io.dynosend.DatabaseTest;
import io.dynosend.Inbox;
import io.dynosend.account.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Audiences, contacts, imports and forms as a person in a browser does them. */
class AudienceBrowserTest extends DatabaseTest {

    private static final String CSV =
            """
            E-mail;First name;Town;Tags
            ada@example.org;Ada;"London; Marylebone";founders
            bob@example.org;Bob;Paris;"vip, press"
            not an address;Carol;Rome;
            dora@example.org;=1+1;Oslo;
            """;

    private static Chromium chromium;

    private final String email = newLogin(holder(http.token()).account(), Role.OWNER);
    private final Person ada = new Person(http.port());
    private String audience;

    @BeforeAll
    static void open() {
        chromium = new Chromium(port(application));
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    @BeforeEach
    void thereIsAnAudience() {
        ada.signIn(email, Person.PASSWORD);
        ada.post(
                "/app/audiences/new",
                Map.of(
                        "name", "Readers & <b>friends</b>",
                        "from_name", "Ada",
                        "from_email", "ada@example.org",
                        "address_1", "1 Main Street"));
        String href = ada.page("/app/audiences").select("tbody a").eachAttr("href").getFirst();
        audience = href;
        ada.post(
                audience + "/fields",
                Map.of("label", "First name", "tag", "FIRST_NAME", "type", "text"));
    }

    @ParameterizedTest
    @CsvSource({"360, LIGHT", "1280, LIGHT", "1280, DARK"})
    void everyPageIsAccessibleAndFits(int width, ColorScheme theme) {
        for (int i = 0; i < 12; i++) {
            ada.post(
                    audience + "/contacts/new",
                    Map.of(
                            "email",
                            "reader%d@example.org".formatted(i),
                            "FIRST_NAME",
                            "Ada " + i,
                            "tags",
                            i % 2 == 0 ? "vip, \"><script>alert(1)</script>" : "press",
                            "consented",
                            "on"));
        }
        ada.post(audience + "/settings/form", form("open", "on"));
        String contact = ada.page(audience).select("tbody a").eachAttr("href").getFirst();
        var pages = new LinkedHashMap<String, String>();
        pages.put("audience-contacts", audience + "?status=subscribed&activity=joined-30");
        pages.put("audience-contact", contact);
        pages.put("audience-statistics", audience + "/statistics");
        pages.put("audience-imports", audience + "/imports");
        pages.put("audience-import-new", audience + "/imports/new");
        pages.put("audience-general", audience + "/settings");
        pages.put("audience-information", audience + "/settings/contact");
        pages.put("audience-consent", audience + "/settings/consent");
        pages.put("audience-fields", audience + "/settings/fields");
        pages.put("audience-form", audience + "/settings/form");
        pages.put("audience-delete", audience + "/settings/delete");
        try (var window = chromium.window(width, theme)) {
            window.signIn(email, Person.PASSWORD);

            pages.forEach((name, path) -> {
                window.go(path).shoot("%s-%d-%s".formatted(name, width, theme));
                // Nothing runs in a preview, the tool that looks for faults included.
                window.page()
                        .evaluate("document.querySelectorAll('iframe').forEach(f => f.remove())");
                window.check();
            });

            window.assertNothingIsWrong();
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aFileIsImportedStepByStepWithAndWithoutScripts(boolean scripts) {
        try (var window =
                scripts ? chromium.window(1280, ColorScheme.LIGHT) : chromium.withoutScripts()) {
            window.signIn(email, Person.PASSWORD).go(audience + "/imports/new");
            var page = window.page();

            page.setInputFiles("#file", file());
            if (scripts) window.check().shoot("import-1-file");
            page.locator("main button:has-text('Continue')").click();

            assertThat(page.locator("[name=column_0]").inputValue()).isEqualTo("EMAIL");
            assertThat(page.locator("[name=column_1]").inputValue()).isEqualTo("FIRST_NAME");
            assertThat(page.locator("[name=column_2]").inputValue()).isEmpty();
            assertThat(page.locator("[name=column_3]").inputValue()).isEqualTo("tags");
            page.locator("[name=column_2]").selectOption("new field");
            page.locator("[name=statement]").fill("Signed up in the shop");
            page.locator("[name=agreed]").check();
            if (scripts) window.check().shoot("import-2-columns");
            page.locator("main button:has-text('Preview')").click();
            if (scripts) window.check().shoot("import-3-preview");
            assertThat(page.locator("main").textContent())
                    .contains("London; Marylebone", "This is no e-mail address", "rejected");
            page.locator("main button:has-text('Start import')").click();
            page.locator("#progress").waitFor();

            if (scripts) {
                PlaywrightAssertions.assertThat(page.locator(".badge"))
                        .hasCount(1, new HasCountOptions().setTimeout(20_000));
            } else {
                Await.until(
                        "the import is done",
                        Duration.ofSeconds(20),
                        () ->
                                ada.page(page.url().replaceFirst("^https?://[^/]+", ""))
                                        .text()
                                        .contains("done"));
                page.reload();
            }
            if (scripts) window.check().shoot("import-4-done");
            assertThat(page.locator(".small-figures").innerText().replaceAll("\\s+", " "))
                    .isEqualToIgnoringCase("New 3 Updated 0 Skipped 0 Rejected 1");
            window.assertNothingIsWrong();
        }
        assertThat(ada.page(audience + "?search=dora").select("tbody a").text())
                .isEqualTo("dora@example.org");
        assertThat(ada.page(audience + "/settings/fields").text()).contains("Town");
    }

    @Test
    void contactsAreFoundWhileSomebodyTypes() {
        for (String who : new String[] {"ada", "bob", "carol"}) {
            ada.post(
                    audience + "/contacts/new",
                    Map.of("email", who + "@example.org", "FIRST_NAME", "Zo " + who + "ette"));
        }
        try (var window = chromium.window(1280, ColorScheme.DARK)) {
            window.signIn(email, Person.PASSWORD).go(audience);
            var page = window.page();

            page.locator("#search").pressSequentially("aro");
            PlaywrightAssertions.assertThat(page.locator("tbody tr")).hasCount(1);
            assertThat(page.url()).contains("search=aro");

            page.locator("#search").fill("bobette");
            PlaywrightAssertions.assertThat(page.locator("tbody a")).hasText("bob@example.org");
            window.check().assertNothingIsWrong();
        }
    }

    @Test
    void allThatMatchAreTaggedAndTheOthersAreNot() {
        for (int i = 0; i < 60; i++) {
            ada.post(
                    audience + "/contacts/new",
                    Map.of("email", (i < 55 ? "new" : "old") + i + "@example.org"));
        }
        try (var window = chromium.window(1280, ColorScheme.LIGHT)) {
            window.signIn(email, Person.PASSWORD).go(audience + "?search=new");
            var page = window.page();

            page.getByText("All that match: 55 contacts").click();
            page.locator("[name=with_tag]").fill("autumn");
            window.shoot("contacts-all-that-match");
            page.locator("button:has-text('Add tag')").click();
            assertThat(page.locator(".question").textContent())
                    .isEqualTo("Add the tag “autumn” to all 55 contacts that match?");
            page.locator("main button[type=submit]").click();

            PlaywrightAssertions.assertThat(page.locator("#progress"))
                    .containsText("Finished: 55 contacts were changed");
            window.check().shoot("bulk-done");
            window.go(audience + "?search=old&tag=autumn");
            assertThat(page.locator("main").textContent()).contains("Nobody matches");
            window.assertNothingIsWrong();
        }
    }

    @Test
    void aFormOnAnotherSiteAsksForAConfirmation() throws IOException {
        ada.post(audience + "/settings/form", form("open", "on"));
        String html = ada.page(audience + "/settings/form").select("#form-html").text();
        var site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext(
                "/",
                exchange -> {
                    byte[] page = ("<!doctype html><title>A site</title>" + html).getBytes(UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
                    exchange.sendResponseHeaders(200, page.length);
                    exchange.getResponseBody().write(page);
                    exchange.close();
                });
        site.start();
        try (var window = chromium.window(1280, ColorScheme.LIGHT)) {
            Page page = window.page();
            page.navigate(
                    "http://127.0.0.1:" + site.getAddress().getPort() + "/", new NavigateOptions());
            page.locator("[name=EMAIL]").fill("stranger-form@example.org");
            page.locator("[name=FIRST_NAME]").fill("Zoë");
            page.locator("[name=agree]").check();
            page.locator("button").click();

            assertThat(page.locator("h1").textContent()).contains("mailbox");
            window.shoot("form-sent");
            var mail = new Inbox(http, "stranger-form@example.org").message();
            page.navigate(Inbox.link(mail, "http"));
            page.locator("button").click();
            assertThat(page.locator("main").textContent()).contains("subscribed");
        } finally {
            site.stop(0);
        }
        assertThat(ada.page(audience + "?status=subscribed").select("tbody a").text())
                .isEqualTo("stranger-form@example.org");
        String contact = ada.page(audience).select("tbody a").attr("href");
        assertThat(ada.page(contact).text())
                .contains(
                        "by a sign-up form",
                        "Agreed to: I want to get it.",
                        "Page: http://127.0.0.1");
    }

    private static Map<String, String> form(String... more) {
        var form = new LinkedHashMap<String, String>();
        form.put("title", "Our letter");
        form.put("intro", "Once a month.");
        form.put("consent", "I want to get it.");
        form.put("button", "Subscribe");
        for (int i = 0; i < more.length; i += 2) form.put(more[i], more[i + 1]);
        return form;
    }

    private static FilePayload file() {
        return new FilePayload("contacts.csv", "text/csv", CSV.getBytes(UTF_8));
    }
}
