package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dynosend.Http;
import io.dynosend.common.Uid;
import org.jdbi.v3.core.Jdbi;

/** Campaigns of an account as they are on their way or long gone. */
final class Sent {

    private static final String OUTCOMES =
            """
            UPDATE delivery d
            SET state = o.state::delivery_state, reason = o.reason, reply = o.reply,
                finished_at = timestamptz '2026-01-01T10:00:00Z',
                bounced_at = CASE WHEN o.bounced THEN timestamptz '2026-01-01T10:05:00Z' END
            FROM (VALUES ('failed', 'refused', '550 5.1.1 <b>no</b> such mailbox', true, 8),
                         ('unknown', 'no answer', NULL, false, 9),
                         ('unknown', 'no answer', NULL, false, 10))
                AS o (state, reason, reply, bounced, number), campaign c
            WHERE c.uid = ? AND d.account_id = c.account_id AND d.mailing_id = c.mailing_id
              AND d.number = o.number
            """;

    private static final String MARK =
            """
            UPDATE mailing_chunk k
            SET has_unknown = true
            FROM campaign c
            WHERE c.uid = ? AND k.account_id = c.account_id AND k.mailing_id = c.mailing_id
            """;

    private final Http http;
    private final Jdbi jdbi;

    Sent(Http http, Jdbi jdbi) {
        this.http = http;
        this.jdbi = jdbi;
    }

    /** Of ten contacts, one of whom is on the blacklist. */
    String audience(String name) {
        String domain = Uid.random() + ".example.org";
        String audience =
                call(
                                "/audiences",
                                """
                                {"name": "%s", "from_email": "ada@example.org", "from_name": "Ada",
                                 "contact_information": {"company": "C", "country": "DE",
                                 "address_1": "1 Main Street", "city": "X"}}
                                """
                                        .formatted(name))
                        .path("audience_uid")
                        .asText();
        for (int i = 1; i <= 10; i++) {
            call(
                    "/contacts",
                    "{\"audience_uid\": \"%s\", \"EMAIL\": \"reader%02d@%s\"}"
                            .formatted(audience, i, domain));
        }
        call("/blacklist/add", "{\"email\": \"reader07@%s\"}".formatted(domain));
        return audience;
    }

    String draft(String audience, String name) {
        return call(
                        "/campaigns",
                        """
                        {"name": "%s", "audience_uid": "%s", "subject": "Hello {{ EMAIL }}",
                         "html": "<p>Hello</p><a href='https://shop.example/one'>One</a>\
                        <a href='https://shop.example/two'><img alt='Two' src='data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='></a>\
                        {%% if EMAIL == 'x' %%}<a href='https://shop.example/three'>3</a>{%% endif %%}\
                        <script>alert(1)</script>"}
                        """
                                .formatted(name, audience))
                .path("campaign_uid")
                .asText();
    }

    void start(String campaign) {
        call("/campaigns/start", "{\"campaign_uid\": \"%s\"}".formatted(campaign));
    }

    /** To all of the audience: seven sent, one skipped; a bounce and two without an answer. */
    String done(String audience, String name) {
        String campaign = draft(audience, name);
        start(campaign);
        io.dynosend.Await.until(
                "the campaign is sent",
                java.time.Duration.ofSeconds(30),
                () -> insights(campaign).at("/campaign/status").asText().equals("done"));
        jdbi.useHandle(db -> {
            db.execute(OUTCOMES, campaign);
            db.execute(MARK, campaign);
        });
        return campaign;
    }

    JsonNode insights(String campaign) {
        return http.get("/api/v2/campaigns?campaign_uid=" + campaign).json();
    }

    JsonNode call(String path, String body) {
        var reply = http.post("/api/v2" + path, body, "Content-Type", "application/json");
        assertThat(reply.status()).as(reply.body()).isIn(200, 204);
        return reply.status() == 204 ? MissingNode.getInstance() : reply.json();
    }
}
