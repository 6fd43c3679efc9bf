package io.dynosend.demo;

import static io.dynosend.common.Sql.utc;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.contact.ContactFigures;
import io.dynosend.template.Starter;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;

/**
 * A year of an account's life, so that its pages show what they would show then. What is made now
 * goes through the API; what has to have happened earlier is written into the tables, which nothing
 * but this demonstration does.
 */
public final class History {

    private static final Pattern LINK = Pattern.compile("href=\"(https?://[^\"{]+)\"");
    private static final int WALKERS = 40;
    private static final List<String> NAMES =
            List.of("Mara", "Jon", "Elif", "Tomasz", "Chiara", "Noah", "Freya", "Luc");
    private static final int SLOWLY = 7_200;
    private static final int STEADILY = 18_000;
    private static final int A_FEW = 15;

    /** A campaign of the past: how many days ago, and how many of a thousand opened and clicked. */
    private record Past(
            String name, String subject, int daysAgo, int opened, int clicked, int bounced) {}

    private static final List<Past> PAST =
            List.of(
                    new Past("Winter walks", "Snow, silence and a warm hut", 318, 512, 121, 9),
                    new Past("Spring catalogue", "40 new trails for the spring", 242, 463, 98, 14),
                    new Past("Hut survey", "Which hut shall we save?", 187, 391, 164, 7),
                    new Past("Summer letter", "Long days, high passes", 131, 447, 87, 12),
                    new Past("Late summer sale", "Boots and maps, 30 % off", 82, 356, 142, 31),
                    new Past("September letter", "The first frost on the ridge", 38, 438, 93, 8),
                    new Past("Hut evening", "Soup, slides and 12 summits", 16, 471, 118, 6));

    private final Client client;
    private final Jdbi jdbi;
    private final PrintStream out;
    private final Map<Past, String> written = new LinkedHashMap<>();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /**
     * @param jdbi the server's own database
     */
    public History(String baseUrl, String token, Jdbi jdbi, PrintStream out) {
        this.client = new Client(baseUrl, token);
        this.jdbi = jdbi;
        this.out = out;
    }

    /** Writes the campaigns of the past: lists show them in the order they are written in. */
    public void write(String audience) {
        for (var past : PAST) written.put(past, campaign(audience, past.name(), past.subject()));
    }

    /** Lets them happen, and makes what else an account has after a year. */
    public void happen(String audience) {
        var start = Instant.now();
        try (client) {
            jdbi.useTransaction(tx -> grow(tx, audience));
            written.forEach(
                    (past, campaign) -> jdbi.useTransaction(tx -> happened(tx, campaign, past)));
            importMore(audience);
            campaign(audience, "Christmas letter", "A hut under the snow", christmas());
            schedule(campaign(audience, "December letter", "The year in 12 trails"));
            templates();
            transactional(audience);
            pauseSoon(campaign(audience, "Boot recall", "Please check your boots"));
            start(
                    campaign(
                            audience,
                            "Winter opening",
                            "{{ FIRST_NAME | default: 'Hello' }}, the huts are open"),
                    SLOWLY);
            domains();
            jdbi.useTransaction(tx -> around(tx, audience));
            new Colleagues(jdbi, now).come(audience);
            new ContactFigures(jdbi, InstantSource.system()).refresh();
        }
        out.printf(
                Locale.ROOT,
                "  %-13s a year of growth, %d campaigns, templates, receipts, in %.1f s%n",
                "History",
                PAST.size(),
                Duration.between(start, Instant.now()).toMillis() / 1000.0);
    }

    /** People have come one by one, more of them lately, and some have left. */
    private void grow(Handle tx, String audience) {
        bound(
                        tx,
                        """
                        WITH numbered AS (
                            SELECT c.account_id, c.id,
                                   row_number() OVER (ORDER BY c.id)::float8 / count(*) OVER () AS share
                            FROM contact c
                            JOIN audience a ON a.account_id = c.account_id AND a.id = c.audience_id
                            WHERE a.uid = :audience)
                        UPDATE contact c
                        SET created_at = :now - interval '360 days' * (1 - power(n.share, 0.7))
                                         - interval '1 minute' * (c.id % 500)
                        FROM numbered n
                        WHERE c.account_id = n.account_id AND c.id = n.id
                        """)
                .bind("audience", audience)
                .execute();
        bound(
                        tx,
                        """
                        UPDATE contact_activity t
                        SET at = c.created_at, source = (ARRAY['form', 'form', 'api', 'import'])[1 + c.id % 4]
                        FROM contact c
                        JOIN audience a ON a.account_id = c.account_id AND a.id = c.audience_id
                        WHERE a.uid = :audience AND t.account_id = c.account_id
                          AND t.contact_id = c.id AND t.kind = 'subscribed'
                        """)
                .bind("audience", audience)
                .execute();
        bound(
                        tx,
                        """
                        WITH former AS (
                            INSERT INTO contact (
                                account_id, audience_id, uid, email, status, source, tags, fields,
                                created_at, updated_at, unsubscribed_at)
                            SELECT a.account_id, a.id, substr(md5(a.uid || n), 1, 13),
                                   'former.reader' || n || '@mail.example.com', 'unsubscribed', 'form',
                                   ARRAY['newsletter'], '{"CITY": "Ulm"}', came, left_at, left_at
                            FROM audience a, generate_series(1, 140) n,
                                 LATERAL (SELECT :now - n * interval '60 hours' AS came) x,
                                 LATERAL (SELECT came + (:now - came) * ((n * 37 % 90) / 100.0) AS left_at) y
                            WHERE a.uid = :audience
                            RETURNING account_id, id, created_at, unsubscribed_at)
                        INSERT INTO contact_activity (account_id, contact_id, kind, at, source)
                        SELECT account_id, id, 'subscribed', created_at, 'form' FROM former
                        UNION ALL
                        SELECT account_id, id, 'unsubscribed', unsubscribed_at, 'link' FROM former
                        """)
                .bind("audience", audience)
                .execute();
    }

    /** To whoever was there then; what they did depends on them and the campaign alone. */
    private void happened(Handle tx, String campaign, Past past) {
        var at =
                now.truncatedTo(ChronoUnit.DAYS)
                        .minus(past.daysAgo(), ChronoUnit.DAYS)
                        .plus(8 * 60 + past.daysAgo() % 7 * 45, ChronoUnit.MINUTES);
        long mailing =
                tx.createQuery(
                                """
                                WITH made AS (
                                    INSERT INTO mailing (
                                        account_id, audience_id, state, until_contact, started_at,
                                        recipients_written_at, done_at)
                                    SELECT account_id, audience_id, 'done', 0, :at, :at,
                                           :at + interval '2 minutes'
                                    FROM campaign WHERE uid = :campaign
                                    RETURNING account_id, id)
                                UPDATE campaign c
                                SET mailing_id = made.id, tracking = 'individual',
                                    created_at = :at - interval '1 day', updated_at = :at
                                FROM made
                                WHERE c.uid = :campaign
                                RETURNING made.id
                                """)
                        .bind("campaign", campaign)
                        .bind("at", utc(at))
                        .mapTo(Long.class)
                        .one();
        bound(
                        tx,
                        """
                        INSERT INTO delivery (
                            account_id, mailing_id, number, contact_id, address, state, finished_at,
                            bounced_at, reason, reply)
                        SELECT m.account_id, m.id, row_number() OVER (ORDER BY c.id), c.id, c.email,
                               (CASE WHEN luck < :bounced THEN 'failed' ELSE 'sent' END)::delivery_state,
                               :at + interval '2 seconds' + luck * interval '100 milliseconds',
                               CASE WHEN luck < :bounced THEN :at + interval '1 minute' END,
                               CASE WHEN luck < :bounced THEN 'bounced' END,
                               CASE WHEN luck < :bounced THEN
                                   (ARRAY['550 5.1.1 No such user here', '552 5.2.2 Mailbox full',
                                          '550 5.7.1 Refused by policy'])[1 + luck % 3]
                                    ELSE '250 2.0.0 Ok: queued' END
                        FROM mailing m
                        JOIN contact c ON c.account_id = m.account_id AND c.audience_id = m.audience_id,
                             LATERAL (SELECT abs(hashtext(c.email || m.id)) % 1000 AS luck) l
                        WHERE m.id = :mailing AND c.created_at < :at
                          AND (c.unsubscribed_at IS NULL OR c.unsubscribed_at > :at)
                        """)
                .bind("mailing", mailing)
                .bind("at", utc(at))
                .bind("bounced", past.bounced())
                .execute();
        for (String rest :
                List.of(
                        """
                        UPDATE mailing m
                        SET recipients = (SELECT count(*) FROM delivery d
                                          WHERE d.account_id = m.account_id AND d.mailing_id = m.id)
                        WHERE id = :mailing
                        """,
                        """
                        INSERT INTO mailing_chunk (
                            account_id, mailing_id, first_number, last_number, due_at, started_at)
                        SELECT account_id, id, first, least(first + 249, recipients), NULL, started_at
                        FROM mailing, generate_series(1, recipients, 250) first
                        WHERE id = :mailing
                        """,
                        """
                        INSERT INTO engagement (
                            account_id, mailing_id, number, open_count, first_open_at, click_count,
                            first_click_at, unsubscribed_at)
                        SELECT d.account_id, d.mailing_id, d.number, 1 + d.number % 4 / 3, opened_at,
                               CASE WHEN clicks THEN 1 + d.number % 5 / 4 ELSE 0 END,
                               CASE WHEN clicks THEN opened_at + interval '50 seconds' END,
                               CASE WHEN luck % 97 = 0 THEN opened_at + interval '2 minutes' END
                        FROM delivery d,
                             LATERAL (SELECT abs(hashtext('open' || d.address || d.mailing_id)) % 1000 AS luck,
                                             abs(hashtext('when' || d.address || d.mailing_id)) % 9999 + 1 AS late) l,
                             LATERAL (SELECT d.finished_at - ln(late / 10000.0) * interval '7 hours' AS opened_at,
                                             luck < :clicked AS clicks) o
                        WHERE d.mailing_id = :mailing AND d.state = 'sent' AND luck < :opened
                          AND opened_at < :now
                        """,
                        """
                        INSERT INTO engagement_event (
                            account_id, mailing_id, number, kind, link, at, ip_address, user_agent)
                        SELECT e.account_id, e.mailing_id, e.number, k.kind,
                               CASE k.kind WHEN 'click' THEN (SELECT l.number FROM link l
                                    WHERE l.account_id = e.account_id AND l.mailing_id = e.mailing_id
                                    ORDER BY (hashtext(l.url || e.number) % 100) + l.number * 9 LIMIT 1) END,
                               CASE k.kind WHEN 'open' THEN e.first_open_at ELSE e.first_click_at END
                                   + (n - 1) * interval '3 hours',
                               '203.0.113.' || e.number % 250,
                               (ARRAY['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)',
                                      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Thunderbird/140.0',
                                      'Mozilla/5.0 (Linux; Android 15) Mobile'])[1 + e.number % 3]
                        FROM engagement e
                        CROSS JOIN (VALUES ('open'), ('click')) k (kind),
                             generate_series(1, CASE k.kind WHEN 'open' THEN e.open_count
                                                ELSE e.click_count END) n
                        WHERE e.mailing_id = :mailing
                        """,
                        """
                        INSERT INTO mail_usage (account_id, month, mails)
                        SELECT account_id, date_trunc('month', started_at), recipients
                        FROM mailing WHERE id = :mailing
                        ON CONFLICT (account_id, month) DO UPDATE
                        SET mails = mail_usage.mails + excluded.mails
                        """)) {
            if (rest.contains("engagement_event")) links(tx, mailing);
            bound(tx, rest)
                    .bind("mailing", mailing)
                    .bind("opened", past.opened())
                    .bind("clicked", past.clicked())
                    .execute();
        }
        if (past.equals(PAST.getLast())) nobodyAnswered(tx, mailing);
    }

    private void links(Handle tx, long mailing) {
        var urls =
                LINK.matcher(DemoContacts.resource("/demo/newsletter.html"))
                        .results()
                        .map(link -> link.group(1))
                        .distinct()
                        .toList();
        tx.createUpdate(
                        """
                        INSERT INTO link (account_id, mailing_id, number, url)
                        SELECT m.account_id, m.id, u.number - 1, u.url
                        FROM mailing m, unnest(:urls) WITH ORDINALITY u (url, number)
                        WHERE m.id = :mailing
                        """)
                .bindArray("urls", String.class, urls)
                .bind("mailing", mailing)
                .execute();
    }

    /** Of three messages the relay never said whether it took them. */
    private static void nobodyAnswered(Handle tx, long mailing) {
        tx.createUpdate(
                        """
                        WITH lost AS (
                            UPDATE delivery SET state = 'unknown', reply = NULL
                            WHERE mailing_id = :mailing AND state = 'sent' AND number IN (41, 42, 43)
                              AND NOT EXISTS (SELECT FROM engagement e
                                              WHERE e.account_id = delivery.account_id
                                                AND e.mailing_id = delivery.mailing_id
                                                AND e.number = delivery.number)
                            RETURNING account_id, mailing_id)
                        UPDATE mailing_chunk k SET has_unknown = true
                        FROM lost
                        WHERE k.account_id = lost.account_id AND k.mailing_id = lost.mailing_id
                          AND k.first_number = 1
                        """)
                .bind("mailing", mailing)
                .execute();
    }

    private void importMore(String audience) {
        var csv = new StringBuilder("Email,First name,City,Tags\r\n");
        for (int i = 0; i < WALKERS; i++) {
            csv.append(walker(i)).append(',').append(NAMES.get(i % NAMES.size()));
            csv.append(",Bern,\"newsletter,fair\"\r\n");
        }
        for (String wrong : List.of("no address", "mara@", "@walkers.example", "jon at home")) {
            csv.append(wrong).append(",Jon,Bern,fair\r\n");
        }
        client.upload("/api/v2/imports", audience, csv.toString().getBytes(UTF_8));
    }

    private static String walker(int number) {
        String name = NAMES.get(number % NAMES.size()).toLowerCase(Locale.ROOT);
        return "%s.%d@walkers.example".formatted(name, number);
    }

    private void templates() {
        String letter = DemoContacts.resource("/demo/newsletter.html");
        client.post(
                "/api/v2/templates",
                Map.of("name", "Monthly letter", "subject", "News from the trail", "html", letter));
        client.post(
                "/api/v2/templates",
                Map.of(
                        "name",
                        "Short note",
                        "subject",
                        "A short note",
                        "markdown",
                        "# Hello {{ FIRST_NAME | default: 'there' }}\n\nThe hut opens on **Friday**.\n"));
        client.post(
                "/api/v2/templates",
                Map.of(
                        "kind", "layout",
                        "name", "House style",
                        "html",
                                "<html><body style=\"font-family:sans-serif\"><h1>Fernweh</h1>{{ content }}</body></html>"));
        client.post(
                "/api/v2/templates",
                Map.of(
                        "kind",
                        "block",
                        "name",
                        "signature",
                        "html",
                        "<p>See you on the trail,<br>Käthe</p>"));
    }

    private void schedule(String campaign) {
        client.post(
                "/api/v2/campaigns/schedule",
                Map.of(
                        "campaign_uid",
                        campaign,
                        "scheduled_at",
                        now.truncatedTo(ChronoUnit.DAYS).plus(81, ChronoUnit.HOURS).toString()));
    }

    private void start(String campaign, int messagesPerHour) {
        client.post(
                "/api/v2/campaigns/rate",
                Map.of("campaign_uid", campaign, "messages_per_hour", messagesPerHour));
        client.post("/api/v2/campaigns/start", Map.of("campaign_uid", campaign));
    }

    private void pauseSoon(String campaign) {
        start(campaign, STEADILY);
        do Client.pause(1);
        while (sent(campaign) < A_FEW);
        client.post("/api/v2/campaigns/pause", Map.of("campaign_uid", campaign));
    }

    private long sent(String campaign) {
        return client.get("/api/v2/campaigns/recipients?per_page=1&campaign_uid=" + campaign)
                .at("/counts/sent")
                .asLong();
    }

    private void transactional(String audience) {
        String receipt =
                message(
                        audience,
                        "Order receipt",
                        "Your order {{ ORDER }}",
                        "<h1>Thank you</h1><p>Your order {{ ORDER }} is on its way.</p>");
        String reset =
                message(
                        audience,
                        "Password reset",
                        "Choose a new password",
                        "<p>Use this code: <strong>{{ CODE }}</strong></p>");
        for (int i = 0; i < 12; i++) {
            String to = i == 7 ? "bounce.walker@walkers.example" : walker(i);
            send(receipt, to, "ORDER", "F-" + (2040 + i));
            if (i % 3 == 0) send(reset, walker(i), "CODE", "48-" + (211 + i));
        }
    }

    private void send(String message, String to, String tag, String value) {
        client.post(
                "/api/v2/transactional",
                Map.of(
                        "transactional_uid",
                        message,
                        "recipient",
                        to,
                        "customTags",
                        List.of(Map.of("Name", tag, "Value", value))));
    }

    private String message(String audience, String name, String subject, String html) {
        return client.post(
                        "/api/v2/transactional/create",
                        Map.of(
                                "audience_uid", audience,
                                "name", name,
                                "content", "internal",
                                "subject", subject,
                                "html", html))
                .get("transactional_uid")
                .asText();
    }

    private void domains() {
        client.post("/api/v2/domains", Map.of("domain", "fernweh.example"));
        client.post("/api/v2/domains", Map.of("domain", "shop.fernweh.example"));
        client.post(
                "/api/v2/relays",
                Map.of(
                        "name", "Shop relay",
                        "host", "smtp.relay.example",
                        "port", "587",
                        "domain", "shop.fernweh.example"));
    }

    /** What others have left behind in lists and logs. */
    private void around(Handle tx, String audience) {
        for (String each :
                List.of(
                        """
                        INSERT INTO blacklist (account_id, email, reason, created_at)
                        SELECT a.account_id, (ARRAY['old.box', 'info', 'sales', 'gone'])[1 + n % 4] || n
                                             || '@' || (ARRAY['mail', 'home', 'univ'])[1 + n % 3] || '.example.org',
                               (ARRAY['bounced', 'bounced', 'complained', 'unsubscribed', 'manual'])[1 + n % 5],
                               :now - n * interval '5 days 3 hours'
                        FROM audience a, generate_series(1, 64) n
                        WHERE a.uid = :audience
                        """,
                        """
                        UPDATE transactional_message t
                        SET queued_at = t.queued_at - (t.mailing_id % 7) * interval '1 day 2 hours'
                        FROM audience a
                        WHERE a.uid = :audience AND t.account_id = a.account_id
                        """,
                        """
                        UPDATE sending_domain d
                        SET verified_at = :now - interval '200 days', checked_at = :now - interval '1 day',
                            created_at = :now - interval '201 days',
                            findings = (
                                SELECT jsonb_object_agg(purpose, jsonb_build_object(
                                    'state', 'ok', 'found', '[]'::jsonb, 'advice', ''))
                                FROM unnest(ARRAY['dkim_rsa', 'dkim_ed25519', 'spf', 'dmarc']) purpose)
                        FROM audience a
                        WHERE a.uid = :audience AND d.account_id = a.account_id
                          AND d.domain = 'fernweh.example'
                        """,
                        """
                        INSERT INTO audience_form (
                            account_id, audience_id, uid, open, title, intro, consent, button,
                            updated_at)
                        SELECT account_id, id, substr(md5(uid || 'form'), 1, 13), true,
                               'Letters from the trail',
                               'Once a month: three trails, one hut, no noise.',
                               'I want to get the letter of Fernweh Trails. I can unsubscribe at any time.',
                               'Subscribe', :now
                        FROM audience WHERE uid = :audience
                        """,
                        """
                        INSERT INTO contact_event (account_id, contact_id, name, properties, at)
                        SELECT c.account_id, c.id, (ARRAY['hut_booked', 'map_ordered'])[1 + c.id % 2],
                               '{"price": 48}', c.created_at + (:now - c.created_at) * 0.6
                        FROM contact c
                        JOIN audience a ON a.account_id = c.account_id AND a.id = c.audience_id
                        WHERE a.uid = :audience AND c.id % 6 = 0
                        """,
                        """
                        DELETE FROM audience_day d
                        USING audience a
                        WHERE a.uid = :audience AND d.account_id = a.account_id
                        """,
                        """
                        INSERT INTO audit_entry (account_id, at, user_id, email, action, ip_address)
                        SELECT u.account_id, :now - (15 - n) * interval '23 hours', u.id, u.email, action,
                               '203.0.113.' || 10 + n % 3
                        FROM (SELECT u.* FROM account_user u
                              JOIN audience a ON a.account_id = u.account_id
                              WHERE a.uid = :audience ORDER BY u.id LIMIT 1) u,
                             unnest(ARRAY['signed in', 'created the audience “Fernweh Trails”',
                                          'imported contacts.csv', 'created the token “Shop”',
                                          'signed in', 'started the campaign “September letter”',
                                          'added old.box4@home.example.org to the blacklist',
                                          'invited kathe@fernweh.example as marketer', 'signed in',
                                          'scheduled the campaign “December letter”',
                                          'changed the password']) WITH ORDINALITY x (action, n)
                        ORDER BY n
                        """)) {
            bound(tx, each).bind("audience", audience).execute();
        }
        // What is summed up as it happens has to be summed up from the beginning.
        tx.execute("UPDATE contact_figures SET until = '-infinity'");
    }

    /** As somebody makes it in the builder. */
    private static String christmas() {
        return Starter.NEWSLETTER
                .html()
                .replace("What happened this month, and what comes next", "A hut under the snow")
                .replace("The main story", "Three huts stay open all winter")
                .replace(
                        "Two or three sentences that make one curious. Say what is in it for the reader,",
                        "Soup on the stove, a bed under the roof, and nobody else for miles. Pick yours,")
                .replace(
                        "and leave the rest to the page behind the button.",
                        "before the snow does.")
                .replace("A second story", "A map for a stocking")
                .replace(
                        "One thought, one or two sentences, one link.",
                        "The new winter map, folded small.")
                .replace("A third story", "Walk with a torch")
                .replace(
                        "Short news live well side by side; on a phone they stack.",
                        "Each Friday in December, from the mill at six.")
                .replace("https://example.org/", "https://fernweh.example/");
    }

    private String campaign(String audience, String name, String subject) {
        return campaign(audience, name, subject, DemoContacts.resource("/demo/newsletter.html"));
    }

    private String campaign(String audience, String name, String subject, String html) {
        return client.post(
                        "/api/v2/campaigns",
                        Map.of(
                                "name",
                                name,
                                "audience_uid",
                                audience,
                                "subject",
                                subject,
                                "html",
                                html))
                .get("campaign_uid")
                .asText();
    }

    private Update bound(Handle tx, String sql) {
        return tx.createUpdate(sql).bind("now", utc(now));
    }
}
