package io.dynosend.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynosend.Await;
import io.dynosend.Inbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionalRoomTest extends RoomTest {

    private String audience = "";

    @BeforeEach
    void makeAnAudience() {
        audience =
                http.post(
                                "/api/v2/audiences",
                                """
                                {"name": "Customers", "from_email": "shop@example.org",
                                 "from_name": "Shop", "contact_information": {"company": "C",
                                 "address_1": "1 Main Street", "city": "X", "country": "DE"}}
                                """,
                                "Content-Type",
                                "application/json")
                        .json()
                        .path("audience_uid")
                        .asText();
    }

    @Test
    void aMessageIsWrittenChangedAndDeleted() {
        String page = created(Map.of());
        assertThat(ada.page("/app/transactional").select("tbody th").text())
                .contains("Order", "Your order {{ order_id }}");

        ada.post(page + "/edit", message(Map.of("name", "Receipt", "reply_to", "re@example.org")));
        var edited = ada.page(page + "/edit");
        assertThat(edited.select("[name=name]").val()).isEqualTo("Receipt");
        assertThat(edited.select("[name=reply_to]").val()).isEqualTo("re@example.org");
        assertThat(edited.select("[name=written]").text()).contains("order {{ order_id }}");

        assertThat(ada.post(page + "/delete", Map.of()).body()).contains("get an error");
        ada.post(page + "/delete", Map.of("confirmed", "yes"));
        assertThat(ada.get(page).status()).isEqualTo(404);
        assertThat(actions().getFirst()).isEqualTo("deleted the transactional message “Receipt”");
    }

    @Test
    void theTagsThatTheContentReadsAreNamedAndTheirSamplesAreInThePreview() {
        String page = created(Map.of("written", "<p>{{ name }}: {{ order_id }} {{ EMAIL }}</p>"));

        var shown = ada.page(page + "?tag_name=%3Cb%3EBob&tag_order_id=77");

        assertThat(shown.select("label code").eachText()).containsExactly("order_id", "name");
        assertThat(shown.select(".subject-line strong").text()).isEqualTo("Your order 77");
        assertThat(ada.get(shown.select("iframe").attr("src")).body())
                .contains("&lt;b&gt;Bob: 77", "jane.doe@example.com");
    }

    @Test
    void theCurlThatIsCopiedSendsTheMessage() throws Exception {
        String page = created(Map.of());
        String curl = ada.page(page + "?tag_name=O'Hara").select("#curl").text();
        var body = Pattern.compile("-d '(.*)'$").matcher(curl);
        assertThat(body.find()).as(curl).isTrue();

        var sent =
                http.post(
                        "/api/v2/transactional",
                        body.group(1).replace("'\\''", "'"),
                        "Content-Type",
                        "application/json");

        assertThat(sent.status()).as(sent.body()).isEqualTo(200);
    }

    @Test
    void aTestGoesToWhoAsksForItAndIsNotInTheLog() {
        String page = created(Map.of());

        ada.post(page + "/test", Map.of("tag_name", "Ada", "tag_order_id", "42"));

        var mail = new Inbox(http, email).message();
        assertThat(Inbox.everything(mail)).contains("[Test] Your order 42", "Hello Ada");
        assertThat(ada.page(page + "/log").select(".none").text()).contains("Nothing was sent yet");
    }

    @Test
    void theLogTellsWhatBecameOfEachAndWhatTheReceiverSaid() {
        String page = created(Map.of());
        send(page, "ada@reader.example");
        send(page, "bounce@reader.example");
        Await.until(
                "both are answered",
                Duration.ofSeconds(20),
                () -> !ada.page(page + "/log").select("tbody").text().contains("waiting"));

        assertThat(ada.page(page + "/log").select("tbody tr")).hasSize(2);
        var failed = ada.page(page + "/log?state=failed");
        assertThat(failed.select("tbody th").text()).isEqualTo("bounce@reader.example");
        assertThat(failed.select("tbody").text()).contains("550");
        assertThat(recipients(page + "/log?recipient=ada@reader.example"))
                .containsExactly("ada@reader.example");
        assertThat(ada.page(page + "/log?recipient=ada").select(".none").text())
                .contains("whole address");
        var row = ada.page("/app/transactional").select("tbody td.number").eachText();
        assertThat(row).startsWith("1", "1");
    }

    @Test
    void theLogGoesOnPageByPage() {
        String page = created(Map.of());
        var expected = new ArrayList<String>();
        for (int i = 0; i < 52; i++) {
            send(page, "r%02d@reader.example".formatted(i));
            expected.addFirst("r%02d@reader.example".formatted(i));
            clock.advance(Duration.ofSeconds(1));
        }

        var first = ada.page(page + "/log");
        var all = new ArrayList<>(first.select("tbody th").eachText());
        all.addAll(recipients(first.select("a[rel=next]").attr("href")));

        assertThat(all).containsExactlyElementsOf(expected);
    }

    @Test
    void externalContentComesWithEachRequest() {
        String page = created(Map.of("content", "external", "written", "", "subject", "Statement"));

        var shown = ada.page(page);
        assertThat(shown.select("#curl").text()).contains("htmlBody", "textBody");
        assertThat(shown.select("iframe")).isEmpty();
        ada.post(page + "/test", Map.of());
        assertThat(ada.page(page).select(".toast").text()).contains("nothing to send yet");
    }

    @Test
    void whatIsWrongIsSaidAndWhatWasTypedIsKept() {
        var refused =
                ada.post(
                        "/app/transactional/new",
                        message(
                                Map.of(
                                        "name", HOSTILE,
                                        "from_email", "nobody",
                                        "written", "")));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(parsed(refused).select("#from_email-error").text()).isNotEmpty();
        assertThat(parsed(refused).select("#written-said.error").text()).isNotEmpty();
        assertThat(parsed(refused).select("[name=name]").val()).isEqualTo(HOSTILE);
        assertThat(parsed(refused).select("script:not([src])")).isEmpty();

        var broken = ada.post("/app/transactional/new", message(Map.of("written", "{% if %}")));
        assertThat(parsed(broken).select("#written-said.error").text()).contains("line 1");
    }

    @Test
    void othersReadOrFindNothing() {
        String page = created(Map.of("name", HOSTILE, "written", "<p>" + HOSTILE + "</p>"));
        var viewer = viewer();
        var stranger = stranger();

        assertThat(viewer.page(page).select("main form[method=post], main a.button")).isEmpty();
        for (String act : new String[] {"/edit", "/test", "/delete"}) {
            assertThat(viewer.post(page + act, message(Map.of())).status()).isEqualTo(403);
            assertThat(stranger.post(page + act, message(Map.of("confirmed", "yes"))).status())
                    .isEqualTo(404);
        }
        for (String path : new String[] {"", "/edit", "/preview", "/log"}) {
            assertThat(stranger.get(page + path).status()).isEqualTo(404);
            if (!path.equals("/preview")) {
                assertThat(ada.page(page + path).select("script:not([src])")).isEmpty();
            }
        }
        assertThat(ada.get(page + "/preview").header("Content-Security-Policy"))
                .contains("sandbox");
    }

    private void send(String page, String recipient) {
        String uid = page.substring(page.lastIndexOf('/') + 1);
        var sent =
                http.post(
                        "/api/v2/transactional",
                        """
                        {"transactional_uid": "%s", "recipient": "%s", "customTags": [
                          {"Name": "name", "Value": "x"}, {"Name": "order_id", "Value": "1"}]}
                        """
                                .formatted(uid, recipient),
                        "Content-Type",
                        "application/json");
        assertThat(sent.status()).as(sent.body()).isEqualTo(200);
    }

    private List<String> recipients(String path) {
        return ada.page(path).select("tbody th").eachText();
    }

    private String created(Map<String, String> changes) {
        var reply = ada.post("/app/transactional/new", message(changes));
        assertThat(reply.status()).as(reply.body()).isEqualTo(303);
        return reply.header("Location");
    }

    private Map<String, String> message(Map<String, String> changes) {
        var fields =
                new HashMap<>(
                        Map.of(
                                "name", "Order",
                                "audience", audience,
                                "content", "internal",
                                "subject", "Your order {{ order_id }}",
                                "from_name", "Shop",
                                "from_email", "shop@example.org",
                                "format", "html",
                                "written", "<p>Hello {{ name }}, order {{ order_id }}</p>"));
        fields.putAll(changes);
        return fields;
    }
}
