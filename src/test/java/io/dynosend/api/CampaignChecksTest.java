package io.dynosend.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynosend.common.Uid;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an author is told before sending. No link in here leads out of this machine. */
class CampaignChecksTest extends ApiTest {

    private final String audience = newAudience();

    @Test
    void aCampaignThatIsRightHasNothingToFind() {
        String domain = Uid.random() + ".example";
        verified(domain);
        String campaign =
                campaign(
                        "Our news",
                        "<p>Hi</p><img src='a.png' alt=''><a href='{{ unsubscribe_url }}'>out</a>",
                        "\"text\": \"Hi\", \"reply_to\": \"team@example.org\","
                                + " \"from_email\": \"me@%s\"".formatted(domain));

        assertThat(check(campaign).toString())
                .isEqualTo("{\"counts\":{\"error\":0,\"warning\":0,\"note\":0},\"findings\":[]}");
    }

    @Test
    void whatIsLeftToTheServerIsNoted() {
        var answer = check(campaign("Our news", "<p>Hi</p>", "\"x\": 1"));

        assertThat(findings(answer))
                .containsExactly(
                        "warning domain_not_verified settings",
                        "note no_reply_to headers",
                        "note no_unsubscribe_link html",
                        "note no_text text");
        assertThat(answer.get("counts").toString())
                .isEqualTo("{\"error\":0,\"warning\":1,\"note\":3}");
    }

    @Test
    void aCampaignWithNothingInItLacksAll() {
        String bare =
                newCampaign(
                        newAudience("\"double_opt_in\": false"),
                        "\"subject\": \"\", \"html\": \"\"");

        assertThat(findings(check(bare)))
                .contains(
                        "error empty_subject subject",
                        "error no_content html",
                        "error no_postal_address settings");
    }

    @Test
    void aPictureWithoutAnAddressIsShownWhereItStands() {
        String html = "<p>Hi</p>\\n<img alt='' class='x'>";

        assertThat(findings(check(campaign("Our news", html, "\"x\": 1"))))
                .contains("warning image_without_address html 2:1");
    }

    @Test
    void anImageWithoutAltIsShownWhereItStands() {
        String html = "<p>{{ EMAIL }}</p>\\n  <img src='a.png'>\\n<img alt='A' src='b.png'>";

        assertThat(findings(check(campaign("Hi", html, "\"x\": 1"))))
                .contains("warning image_without_alt html 2:3")
                .doesNotContain("warning image_without_alt html 3:1");
    }

    @Test
    void placesAreThoseOfWhatTheAuthorWrote() {
        var mjml =
                check(
                        newCampaign(
                                audience,
                                "\"subject\": \"Hi\", \"mjml\": \"<mjml><mj-body>\\n<mj-section>"
                                        + "<mj-column>\\n <mj-image src='https://127.0.0.1/a.png'"
                                        + " /><mj-text>{{ NOPE }}</mj-text>\\n"
                                        + "<mj-button href='http://127.0.0.1/'>go</mj-button>"
                                        + "</mj-column></mj-section></mj-body></mjml>\""));
        var markdown =
                check(
                        newCampaign(
                                audience,
                                "\"subject\": \"Hi\", \"markdown\": \"# Hi\\n\\n![](a.png)\\n\\n"
                                        + "See [this](http://127.0.0.1/x) {{ contact.nope }}\""));
        var inlined =
                check(
                        campaign(
                                "Hi",
                                "<style>p{color:red}</style>\\n<p>Hi</p><p>{{ NOPE }}</p>",
                                "\"inline_css\": true"));

        assertThat(findings(mjml))
                .contains(
                        "warning image_without_alt mjml 3:2",
                        "warning unknown_name mjml 3:56",
                        "warning insecure_link mjml 4:18",
                        "error link_not_public mjml 4:18");
        assertThat(findings(markdown))
                .contains(
                        "warning image_without_alt markdown 3:5",
                        "warning insecure_link markdown 5:12",
                        "warning unknown_name markdown 5:35");
        assertThat(findings(inlined)).contains("warning unknown_name html 2:16");
    }

    @Test
    void aLinkThatReadersCannotFollowIsAnErrorAndOneWithLiquidIsLeftAlone() {
        String html =
                "<a href='https://127.0.0.1/a'>a</a><a href='http://127.0.0.1/{{ EMAIL }}'>b</a>"
                        + "<a href='mailto:me@example.org'>c</a>";
        String campaign =
                campaign("Hi", html, "\"text\": \"Look:\\nhttps://169.254.169.254/x, or not\"");

        var found = findings(check(campaign));

        assertThat(found)
                .contains("error link_not_public html 1:10", "error link_not_public text 2:1")
                .noneMatch(each -> each.contains("insecure"));
        assertThat(message(check(campaign), "link_not_public"))
                .isEqualTo(
                        "https://127.0.0.1/a cannot be followed by readers: its address is not on"
                                + " the public internet");
    }

    @Test
    void htmlThatGmailClipsIsTooLarge() {
        String html = "<p>" + "0123456789".repeat(10_500) + "</p>";

        assertThat(findings(check(campaign("Hi", html, "\"x\": 1"))))
                .contains("warning clipped_by_gmail html");
        assertThat(findings(check(campaign("Hi", html.substring(2_000), "\"x\": 1"))))
                .noneMatch(each -> each.contains("clipped"));
    }

    @Test
    void aSubjectIsLookedAtAsItIsRendered() {
        assertThat(findings(check(campaign("BUY {{ 'now' | upcase }}", "x", "\"x\": 1"))))
                .contains("warning subject_capitals subject 1:1");
        assertThat(findings(check(campaign("Re: our news", "x", "\"x\": 1"))))
                .contains("warning subject_pretends subject 1:1");
        assertThat(findings(check(campaign("n".repeat(151), "x", "\"x\": 1"))))
                .contains("warning subject_too_long subject 1:151");
        assertThat(findings(check(campaign("n".repeat(150) + "{{ '' }}", "x", "\"x\": 1"))))
                .noneMatch(each -> each.contains("subject"));
        assertThat(findings(check(campaign("{{ NOPE }}", "x", "\"x\": 1"))))
                .contains("error empty_subject subject", "warning unknown_name subject 1:4");
    }

    @Test
    void answersThatNobodyReadsAreWarnedOf() {
        String campaign = campaign("Hi", "x", "\"reply_to\": \"no-reply@example.org\"");

        assertThat(findings(check(campaign))).contains("warning reply_to_nobody headers");
    }

    @Test
    void namesThatTheAudienceOrTheServerKnowAreNotUnknown() {
        addField(audience, "text", "CITY");
        String html =
                "{{ CITY }}{{ contact.CITY }}{{ contact.tags.first }}{{ audience.name }}"
                        + "{{ campaign.subject }}{{ contact.email.size }}{% for t in contact.tags %}"
                        + "{{ t }}{{ forloop.index }}{% endfor %}{{ 'now' | date: '%Y' }}";

        assertThat(findings(check(campaign("Hi", html, "\"x\": 1"))))
                .noneMatch(each -> each.contains("unknown_name"));
    }

    private String campaign(String subject, String html, String more) {
        return newCampaign(
                audience,
                "\"subject\": \"%s\", \"html\": \"%s\", %s".formatted(subject, html, more));
    }

    private JsonNode check(String campaign) {
        return ok(call("GET", "/campaigns/check?campaign_uid=" + campaign, ""));
    }

    private static List<String> findings(JsonNode answer) {
        return answer.get("findings")
                .valueStream()
                .map(each ->
                        "%s %s %s%s"
                                .formatted(
                                        each.get("level").asText(),
                                        each.get("code").asText(),
                                        each.get("part").asText(),
                                        each.get("line").isNull()
                                                ? ""
                                                : " %d:%d"
                                                        .formatted(
                                                                each.get("line").asInt(),
                                                                each.get("column").asInt())))
                .toList();
    }

    private static String message(JsonNode answer, String code) {
        return answer.get("findings")
                .valueStream()
                .filter(each -> each.get("code").asText().equals(code))
                .findFirst()
                .orElseThrow()
                .get("message")
                .asText();
    }

    private void verified(String domain) {
        ok(call("POST", "/domains", "{\"domain\": \"%s\"}".formatted(domain)));
        execute("UPDATE sending_domain SET verified_at = now() WHERE domain = ?", domain);
    }
}
