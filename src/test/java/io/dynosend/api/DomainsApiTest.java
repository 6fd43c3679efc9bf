package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.Inbox;
import io.dynosend.account.SigningKey;
import io.dynosend.account.Vault;
import io.dynosend.common.Uid;
import io.dynosend.dkim.Verifier;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sending domains: their keys, what DNS should say of them, and the mail that is signed. */
class DomainsApiTest extends ApiTest {

    private static final String SPF = "v=spf1 include:relay.example ~all";
    private static final String DMARC = "v=DMARC1; p=none";

    private final String name = Uid.random() + ".example";

    @Test
    void aNewDomainShowsTheRecordsToPublish() {
        var domain = create(name);

        assertThat(domain.get("domain").asText()).isEqualTo(name);
        assertThat(domain.get("verified").asBoolean()).isFalse();
        assertThat(domain.get("verified_at").isNull()).isTrue();
        assertThat(domain.get("checked_at").isNull()).isTrue();
        assertThat(domain.get("created_at").asText()).isEqualTo(NOW);
        assertThat(domain.get("records").findValuesAsText("purpose"))
                .containsExactly("dkim_rsa", "dkim_ed25519", "spf", "dmarc");
        assertThat(record(domain, "dkim_rsa").get("name").asText())
                .matches("dyno[0-9a-z]{6}-rsa\\._domainkey\\." + name);
        assertThat(record(domain, "dkim_rsa").get("value").asText())
                .matches("v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{392}");
        assertThat(record(domain, "dkim_ed25519").get("value").asText())
                .matches("v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=");
        assertThat(record(domain, "dmarc").get("name").asText()).isEqualTo("_dmarc." + name);
        assertThat(domain.get("records").findValuesAsText("state")).containsOnly("unchecked");
    }

    @Test
    void theListAndTheDomainItselfShowTheSame() {
        var domain = create(name);

        var list = ok(call("GET", "/domains", ""));
        var one = ok(call("GET", "/domains?domain_uid=" + domain.get("uid").asText(), ""));

        assertThat(list).hasSize(1);
        assertThat(list.get(0)).isEqualTo(domain);
        assertThat(one.get("domain")).isEqualTo(domain);
    }

    @Test
    void aDomainWarmsUpByAPlanUntilThereIsNone() {
        String uid = create(name).get("uid").asText();
        String mine = "{\"domain_uid\": \"%s\"%s}";

        var usual = ok(call("POST", "/domains/warm-up", mine.formatted(uid, "")));
        var own =
                ok(call("POST", "/domains/warm-up", mine.formatted(uid, ", \"plan\": \"5, 10\"")));

        assertThat(usual.get("plan").get(0).asInt()).isEqualTo(50);
        assertThat(own.get("plan").toString()).isEqualTo("[5,10]");
        assertThat(
                        single(
                                String.class,
                                "SELECT warm_up_from || ' ' || warm_up_plan::text FROM sending_domain WHERE uid = '%s'"
                                        .formatted(uid)))
                .isEqualTo("2026-01-01 {5,10}");
        ok(call("POST", "/domains/warm-up", mine.formatted(uid, ", \"plan\": null")));
        assertThat(
                        single(
                                Integer.class,
                                "SELECT count(warm_up_plan)::int FROM sending_domain WHERE uid = '%s'"
                                        .formatted(uid)))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "5,,5", "many", "5, 0"})
    void aPlanThatIsNoneIsRefused(String plan) {
        String uid = create(name).get("uid").asText();

        var reply =
                call(
                        "POST",
                        "/domains/warm-up",
                        "{\"domain_uid\": \"%s\", \"plan\": \"%s\"}".formatted(uid, plan));

        assertThat(badInput(reply)).contains("plan must");
    }

    @Test
    void whatIsPublishedIsFoundAndTheMailIsSigned() {
        var domain = create(name);
        publish(domain);
        dns.set(name, "other=1", SPF);
        dns.set("relay.example", "v=spf1 ip4:192.0.2.1 -all");
        dns.set("_dmarc." + name, DMARC);

        var checked = check(domain);

        assertThat(checked.get("records").findValuesAsText("state"))
                .as(checked.toPrettyString())
                .containsOnly("ok");
        assertThat(checked.get("verified").asBoolean()).isTrue();
        assertThat(checked.get("verified_at").asText()).isEqualTo(NOW);
        assertThat(record(checked, "spf").get("found").get(0).asText()).isEqualTo(SPF);
    }

    @Test
    void whatIsMissingIsSaidWithWhatToDo() {
        var checked = check(create(name));

        assertThat(checked.get("records").findValuesAsText("state")).containsOnly("missing");
        assertThat(record(checked, "dkim_rsa").get("advice").asText()).contains("Publish");
        assertThat(checked.get("verified").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    v=spf1 a mx                          | ok
                    V=SPF1 -all                          | ok
                    v=spf10 -all                         | missing
                    v=spf1 a ~ v=spf1 mx                 | wrong
                    v=spf1 a a a a a a a a a a           | ok
                    v=spf1 a a a a a a a a a a mx        | wrong
                    v=spf1 include:ten.example           | wrong
                    v=spf1 include:loop.example          | wrong
                    v=spf1 redirect=gone.example         | ok
                    """)
    void spfIsOneRecordThatReceiversCanFollow(String records, String state) {
        dns.set(name, records.split(" ~ ", -1));
        dns.set("ten.example", "v=spf1 a a a a a a a a a mx");
        dns.set("loop.example", "v=spf1 include:loop.example -all");

        assertThat(record(check(create(name)), "spf").get("state").asText()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    v=DMARC1; p=reject; rua=mailto:a@b.example | ok
                    v=DMARC1;p=none                            | ok
                    v=DMARC1; sp=none                          | wrong
                    v=DMARC1; p=maybe                          | wrong
                    v=DMARC2; p=none                           | missing
                    """)
    void dmarcHasAPolicy(String record, String state) {
        dns.set("_dmarc." + name, record);

        assertThat(record(check(create(name)), "dmarc").get("state").asText()).isEqualTo(state);
    }

    @Test
    void theDmarcOfTheDomainAboveCounts() {
        dns.set("_dmarc." + name, DMARC);

        assertThat(record(check(create("news." + name)), "dmarc").get("state").asText())
                .isEqualTo("ok");
    }

    @Test
    void anotherKeyOrASecondRecordIsNoted() {
        var domain = create(name);
        String rsa = record(domain, "dkim_rsa").get("name").asText();
        dns.set(rsa, "v=DKIM1; k=rsa; p=AAAA");
        assertThat(record(check(domain), "dkim_rsa").get("state").asText()).isEqualTo("wrong");

        dns.set(rsa, record(domain, "dkim_rsa").get("value").asText(), "v=DKIM1; p=AAAA");

        assertThat(record(check(domain), "dkim_rsa").get("state").asText()).isEqualTo("wrong");
    }

    @Test
    void aKeyThatIsTakenAwayEndsTheSigningButSilenceDoesNot() {
        var domain = create(name);
        publish(domain);
        assertThat(check(domain).get("verified").asBoolean()).isTrue();

        dns.fail(record(domain, "dkim_rsa").get("name").asText());
        var silent = check(domain);
        dns.set(record(domain, "dkim_rsa").get("name").asText());
        var gone = check(domain);

        assertThat(record(silent, "dkim_rsa").get("state").asText()).isEqualTo("unreachable");
        assertThat(silent.get("verified").asBoolean()).isTrue();
        assertThat(gone.get("verified").asBoolean()).isFalse();
    }

    @Test
    void aCampaignOfAVerifiedDomainIsSignedWithBothKeys() throws Exception {
        var domain = create(name);
        publish(domain);
        check(domain);
        String to = "ada-%s@example.org".formatted(Uid.random());
        String audience =
                newAudience("\"contact_information\": {\"address_1\": \"1 Main Street\"}");
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(to));
        String campaign =
                newCampaign(
                        audience,
                        "\"subject\": \"Grüße\", \"from_email\": \"me@news.%s\", \"html\": \"<p>Hällo {{ EMAIL }}</p>\""
                                .formatted(name));

        ok(start(campaign));

        String mail = source(to);
        assertThat(verifier(domain).valid(mail.getBytes(StandardCharsets.US_ASCII))).hasSize(2);
        assertThat(mail.replaceAll("\\s", ""))
                .contains("d=" + name + ";")
                .contains("list-unsubscribe:list-unsubscribe:")
                .contains("list-unsubscribe-post:list-unsubscribe-post");
    }

    @Test
    void aTransactionalMessageOfAVerifiedDomainIsSigned() throws Exception {
        var domain = create(name);
        publish(domain);
        check(domain);
        String to = "ada-%s@example.org".formatted(Uid.random());
        String audience = newAudience();
        String uid =
                ok(call(
                                "POST",
                                "/transactional/create",
                                """
                                {"name": "R", "audience_uid": "%s", "content": "internal", "subject": "S",
                                 "html": "<p>Hi</p>", "from_email": "me@%s"}
                                """
                                        .formatted(audience, name)))
                        .get("transactional_uid")
                        .asText();

        ok(
                call(
                        "POST",
                        "/transactional",
                        "{\"transactional_uid\": \"%s\", \"recipient\": \"%s\"}"
                                .formatted(uid, to)));

        assertThat(verifier(domain).valid(source(to).getBytes(StandardCharsets.US_ASCII)))
                .hasSize(2);
    }

    @Test
    void mailOfADomainThatIsNotVerifiedOrAnotherAccountsIsNotSigned() {
        var others = http.as(newAccount());
        var foreign =
                ok(others.call("POST", "/api/v2/domains", "{\"domain\": \"%s\"}".formatted(name)))
                        .get("domain");
        publish(foreign);
        ok(
                others.call(
                        "POST",
                        "/api/v2/domains/check",
                        "{\"domain_uid\": \"%s\"}".formatted(foreign.get("uid").asText())));
        create(name);
        String to = "ada-%s@example.org".formatted(Uid.random());
        String audience = newAudience();
        newContact(audience, "\"EMAIL\": \"%s\"".formatted(to));

        ok(
                start(
                        newCampaign(
                                audience,
                                "\"subject\": \"S\", \"from_email\": \"me@%s\", \"html\": \"<p>x</p>\""
                                        .formatted(name))));

        assertThat(source(to)).doesNotContain("DKIM-Signature");
    }

    @Test
    void aDomainIsDeletedOnce() {
        String uid = create(name).get("uid").asText();

        ok(call("DELETE", "/domains", "{\"domain_uid\": \"%s\"}".formatted(uid)));

        refused(
                call("DELETE", "/domains", "{\"domain_uid\": \"%s\"}".formatted(uid)),
                404,
                "not_found");
        assertThat(create(name).get("uid").asText()).isNotEqualTo(uid);
    }

    @Test
    void aDomainIsAddedOnce() {
        create(name);

        var again =
                call(
                        "POST",
                        "/domains",
                        "{\"domain\": \"%s\"}".formatted(name.toUpperCase(Locale.ROOT)));

        assertThat(refused(again, 400, "domain_exists"))
                .isEqualTo("The account has this domain already");
    }

    @Test
    void aDomainOfOtherLettersIsKeptInALabels() {
        assertThat(create("bücher-" + name).get("domain").asText())
                .startsWith("xn--bcher-")
                .endsWith(".example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example",
                "http://a.example",
                "a@b.example",
                "a b.example",
                "-a.example",
                "a..example",
                "192.0.2.1",
                "a.example.",
                "a_b.example",
                "x;y.example"
            })
    void whatIsNoDomainIsRefused(String domain) {
        var refused = call("POST", "/domains", "{\"domain\": \"%s\"}".formatted(domain));

        assertThat(badInput(refused))
                .isEqualTo("domain must be the name of a domain, such as example.com");
    }

    @Test
    void noAnswerHoldsAPrivateKeyAndTheDatabaseHoldsItSealed() {
        var domain = create(name);
        byte[] sealed =
                single(
                        byte[].class,
                        """
                        SELECT private_key FROM dkim_key k JOIN sending_domain d ON d.id = k.domain_id
                        WHERE d.uid = ? AND k.algorithm = 'ed25519-sha256'
                        """,
                        domain.get("uid").asText());
        var vault = new Vault(SigningKey.load(jdbi, null), "DKIM keys");
        String place =
                "%d %s"
                        .formatted(
                                holder(http.token()).account(),
                                record(domain, "dkim_ed25519").get("name").asText());

        assertThat(vault.open(sealed, place)).hasSize(48);
        assertThatThrownBy(() -> vault.open(sealed, place + "x"))
                .isInstanceOf(IllegalStateException.class);
        sealed[20] ^= 1;
        assertThatThrownBy(() -> vault.open(sealed, place))
                .isInstanceOf(IllegalStateException.class);
    }

    private JsonNode create(String domain) {
        return ok(call("POST", "/domains", "{\"domain\": \"%s\"}".formatted(domain))).get("domain");
    }

    private JsonNode check(JsonNode domain) {
        return ok(call(
                        "POST",
                        "/domains/check",
                        "{\"domain_uid\": \"%s\"}".formatted(domain.get("uid").asText())))
                .get("domain");
    }

    private static void publish(JsonNode domain) {
        for (String purpose : new String[] {"dkim_rsa", "dkim_ed25519"}) {
            var record = record(domain, purpose);
            dns.set(record.get("name").asText(), record.get("value").asText());
        }
    }

    private static Verifier verifier(JsonNode domain) {
        Map<String, String> records = new HashMap<>();
        domain.get("records")
                .forEach(
                        each -> records.put(each.get("name").asText(), each.get("value").asText()));
        return new Verifier(records);
    }

    private static JsonNode record(JsonNode domain, String purpose) {
        for (var each : domain.get("records")) {
            if (each.get("purpose").asText().equals(purpose)) return each;
        }
        throw new AssertionError("No record for " + purpose);
    }

    private String source(String to) {
        return new Inbox(http, to).source();
    }
}
