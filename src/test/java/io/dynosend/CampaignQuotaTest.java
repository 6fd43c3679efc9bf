package io.dynosend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** A campaign and the mails its account has left. */
class CampaignQuotaTest extends DatabaseTest {

    private final String token = newAccount();
    private final long account = holder(token).account();
    private final Http api = new Http(application.port(), token);
    private final String audience = audience();

    @Test
    void aCampaignThatNeedsMoreThanIsLeftIsRefusedWithTheNumbersAndCanBeStartedLater() {
        application.quotas().set(account, 2L);
        String campaign = campaign();

        var refused = start(campaign);

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.json().get("code").asText()).isEqualTo("quota_exceeded");
        assertThat(refused.body())
                .contains("would need 3 mails; 2 of this month's 2 are left: 1 too many");
        application.quotas().set(account, 3L);
        assertThat(start(campaign).status()).isEqualTo(200);
        assertThat(application.quotas().of(account).left()).isZero();
    }

    @Test
    void ofTwoCampaignsStartedAtTheSameMomentOneGetsTheLastMails() throws Exception {
        application.quotas().set(account, 3L);
        String first = campaign();
        String second = campaign();

        var answers = atOnce(List.of(() -> start(first).status(), () -> start(second).status()));

        assertThat(answers).containsExactlyInAnyOrder(200, 401);
        assertThat(application.quotas().of(account).used()).isEqualTo(3);
    }

    @Test
    void aCampaignStartedTwiceAtTheSameMomentIsStartedOnceAndCountedOnce() throws Exception {
        String campaign = campaign();

        var answers =
                atOnce(List.of(() -> start(campaign).status(), () -> start(campaign).status()));

        assertThat(answers).containsExactlyInAnyOrder(200, 400);
        assertThat(application.quotas().of(account).used()).isEqualTo(3);
    }

    @Test
    void whatACancelledCampaignDidNotSendIsGivenBack() {
        String campaign = campaign();
        post(
                "/campaigns/rate",
                "{\"campaign_uid\": \"%s\", \"messages_per_hour\": 1}".formatted(campaign));
        start(campaign);
        assertThat(application.quotas().of(account).used()).isEqualTo(3);

        var cancelled = post("/campaigns/cancel", "{\"campaign_uid\": \"%s\"}".formatted(campaign));

        assertThat(cancelled.status()).as(cancelled.body()).isEqualTo(200);
        Await.until(
                "given back",
                Duration.ofSeconds(20),
                () -> application.quotas().of(account).used() <= 1);
    }

    private String audience() {
        String uid =
                post(
                                "/audiences",
                                """
                                {"name": "A", "from_email": "a@example.org", "from_name": "A",
                                 "contact_information": {"address_1": "12 Main Street"}}
                                """)
                        .json()
                        .get("audience_uid")
                        .asText();
        for (String name : List.of("ada", "bob", "cy")) {
            post(
                    "/contacts",
                    "{\"audience_uid\": \"%s\", \"EMAIL\": \"%s@example.org\"}"
                            .formatted(uid, name));
        }
        return uid;
    }

    private String campaign() {
        return post(
                        "/campaigns",
                        """
                        {"name": "C", "audience_uid": "%s", "subject": "S", "html": "<p>Hi</p>"}
                        """
                                .formatted(audience))
                .json()
                .get("campaign_uid")
                .asText();
    }

    private Http.Reply start(String campaign) {
        return post("/campaigns/start", "{\"campaign_uid\": \"%s\"}".formatted(campaign));
    }

    private Http.Reply post(String path, String body) {
        return api.post("/api/v2" + path, body);
    }

    private static List<Integer> atOnce(List<Callable<Integer>> tasks) throws Exception {
        var answers = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var future : threads.invokeAll(tasks)) answers.add(future.get());
        }
        return answers;
    }
}
