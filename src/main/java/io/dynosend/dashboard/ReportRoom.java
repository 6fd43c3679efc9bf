package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.audience.TrackingMode;
import io.dynosend.campaign.CampaignControl;
import io.dynosend.campaign.CampaignList;
import io.dynosend.campaign.Campaigns;
import io.dynosend.campaign.ClickMaps;
import io.dynosend.campaign.Previews;
import io.dynosend.campaign.ReceivingDomains;
import io.dynosend.campaign.ReceivingDomains.DomainFigures;
import io.dynosend.campaign.Recipients;
import io.dynosend.campaign.Recipients.Recipient;
import io.dynosend.campaign.Recipients.Which;
import io.dynosend.common.Problem;
import io.dynosend.contact.CsvCells;
import io.dynosend.dashboard.Chart.Point;
import io.dynosend.dashboard.Chart.Series;
import io.dynosend.sending.Deliveries.State;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import io.dynosend.tracking.EngagementHours;
import io.dynosend.tracking.LinkClicks;
import io.dynosend.tracking.LinkClicks.Clicked;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A campaign on its way, and what came of it. */
public final class ReportRoom implements Dashboard.Room {

    /**
     * What all pages of a report show above.
     *
     * @param tab overview, recipients, links, domains or content
     */
    public record Head(CampaignCard card, Pace pace, String tab, @Nullable TrackingMode tracking) {

        /** What the page says when it asks how far it is. */
        public String progressHref() {
            return card.href() + "?told=" + pace.told();
        }

        public List<SubPage> tabs() {
            return List.of(
                    tab("overview", "Overview", ""),
                    tab("recipients", "Recipients", "/report/recipients"),
                    tab("links", "Links", "/report/links"),
                    tab("domains", "Domains", "/report/domains"),
                    tab("content", "Content", "/report/content"));
        }

        private SubPage tab(String name, String label, String below) {
            return new SubPage(card.href(below), label, tab.equals(name));
        }

        /** Whether each reader's opens and clicks are recorded. */
        public boolean isTracked() {
            return tracking == null || tracking == TrackingMode.INDIVIDUAL;
        }

        public boolean isUntracked() {
            return tracking == TrackingMode.OFF;
        }
    }

    /** Opens and clicks over time. */
    public record Timeline(Chart chart, List<SubPage> scales) {}

    /** A page of the recipients. */
    public record RecipientPage(
            List<Recipient> recipients, Which which, String text, Pages pages, long unknown) {}

    /** A row of the links. */
    public record LinkRow(int number, Clicked link, boolean isPlaced) {}

    private static final int A_PAGE = 50;
    private static final int A_GULP = 5_000;
    private static final Duration FIRST_DAYS = Duration.ofDays(3);

    private final CampaignList list;
    private final Campaigns campaigns;
    private final CampaignControl control;
    private final Recipients recipients;
    private final ReceivingDomains receivingDomains;
    private final LinkClicks linkClicks;
    private final EngagementHours hours;
    private final ClickMaps clickMaps;
    private final Previews previews;
    private final InstantSource clock;
    private final Templates templates = new StaticTemplates();

    public ReportRoom(
            CampaignList list,
            Campaigns campaigns,
            CampaignControl control,
            Recipients recipients,
            ReceivingDomains receivingDomains,
            LinkClicks linkClicks,
            EngagementHours hours,
            ClickMaps clickMaps,
            Previews previews,
            InstantSource clock) {
        this.list = list;
        this.campaigns = campaigns;
        this.control = control;
        this.recipients = recipients;
        this.receivingDomains = receivingDomains;
        this.linkClicks = linkClicks;
        this.hours = hours;
        this.clickMaps = clickMaps;
        this.previews = previews;
        this.clock = clock;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/campaigns/{campaign}", this::overview);
        doors.get("/campaigns/{campaign}/report/recipients", this::recipients);
        doors.get("/campaigns/{campaign}/report/recipients.csv", this::recipientsFile);
        doors.get("/campaigns/{campaign}/report/links", this::links);
        doors.get("/campaigns/{campaign}/report/links.csv", this::linksFile);
        doors.get("/campaigns/{campaign}/report/map", this::map);
        doors.get("/campaigns/{campaign}/report/domains", this::domains);
        doors.get("/campaigns/{campaign}/report/content", this::content);
        doors.get("/campaigns/{campaign}/report/message", this::message);
        doors.post("/campaigns/{campaign}/pause", this::pause);
        doors.post("/campaigns/{campaign}/resume", this::resume);
        doors.post("/campaigns/{campaign}/cancel", this::cancel);
        doors.post("/campaigns/{campaign}/limit", this::limit);
        doors.post("/campaigns/{campaign}/unknown", this::decide);
    }

    /** The word for what became of a recipient. */
    public static String outcome(Recipient recipient) {
        if (recipient.bouncedAt() != null) return "Bounced";
        return switch (recipient.state()) {
            case WAITING -> recipient.tries() > 0 ? "Deferred" : "Waiting";
            case SENT -> "Sent";
            case FAILED -> "Failed";
            case SKIPPED -> "Skipped";
            case UNKNOWN -> "Unknown";
        };
    }

    /** The look of that word. */
    public static String look(Recipient recipient) {
        if (recipient.bouncedAt() != null) return "bad";
        return switch (recipient.state()) {
            case WAITING -> recipient.tries() > 0 ? "held" : "";
            case SENT -> "good";
            case FAILED -> "bad";
            case SKIPPED -> "";
            case UNKNOWN -> "held";
        };
    }

    /** Why, in a sentence; empty: there is nothing to say. */
    public static String why(Recipient recipient) {
        String reason = recipient.reason();
        if (reason == null) {
            return recipient.state() == State.SENT && recipient.bouncedAt() != null
                    ? "It came back after the relay had taken it."
                    : "";
        }
        return switch (reason) {
            case "blacklisted" -> "The address is on your blacklist.";
            case "unsubscribed" -> "They unsubscribed before their turn.";
            case "unconfirmed" -> "They have not confirmed their subscription.";
            case "deleted" -> "The contact was deleted before its turn.";
            case "cancelled" -> "The campaign was cancelled before their turn.";
            case "refused" -> "The receiver refused it:";
            case "bounced" -> "It came back:";
            case "deferred" ->
                    recipient.state() == State.WAITING
                            ? "The receiver put it off; it is tried again:"
                            : "The receiver put it off:";
            case "sent again" -> "Somebody here has it sent again.";
            case "counted as sent" -> "Nobody answered; somebody here counts it as sent.";
            case "opened", "clicked" ->
                    "The relay did not answer, but it arrived: it was %s.".formatted(reason);
            default -> reason;
        };
    }

    /** Where these recipients are a file. */
    public static String fileHref(CampaignCard card, RecipientPage page) {
        return Address.of("/campaigns/" + card.line().uid() + "/report/recipients.csv")
                .with("which", page.which() == Which.ALL ? "" : page.which().wire())
                .with("search", page.text())
                .toString();
    }

    private void overview(Visit visit) {
        var head = head(visit, "overview");
        if (visit.wantsPart() && !visit.query("told").isEmpty()) {
            visit.show(templates.dashboardCampaignProgress(visit, head, limitForm(head)));
            return;
        }
        showOverview(visit, head, limitForm(head));
    }

    private void showOverview(Visit visit, Head head, Form limit) {
        visit.show(
                head.card().isStarted()
                        ? templates.dashboardCampaign(visit, head, limit, timeline(visit, head))
                        : templates.dashboardCampaignDraft(visit, head));
    }

    private static Form limitForm(Head head) {
        Integer perHour = head.card().line().perHour();
        return Form.of(Map.of("per_hour", perHour == null ? "" : perHour.toString()));
    }

    private Timeline timeline(Visit visit, Head head) {
        var card = head.card();
        var found = hours.of(visit.account(), Objects.requireNonNull(card.line().mailing()));
        var start = Objects.requireNonNull(card.line().startedAt());
        boolean young = Duration.between(start, clock.instant()).compareTo(FIRST_DAYS) < 0;
        String scale = visit.query("by");
        boolean byHour = scale.isEmpty() ? young : scale.equals("hour");
        return new Timeline(
                byHour ? byHour(found, start) : byDay(found, start),
                List.of(
                        new SubPage(card.href("?by=hour"), "First 3 days", byHour),
                        new SubPage(card.href("?by=day"), "By day", !byHour)));
    }

    private Chart byHour(List<EngagementHours.Hour> found, Instant start) {
        var day = start.plus(Duration.ofHours(23));
        var end = later(day, earlier(start.plus(FIRST_DAYS), clock.instant()));
        var series =
                List.of(
                        new Series(
                                "Opens", perHour(found, start, end, EngagementHours.Hour::opens)),
                        new Series(
                                "Clicks",
                                perHour(found, start, end, EngagementHours.Hour::clicks)));
        return end.equals(day)
                ? Chart.groups("Opens and clicks", series)
                : Chart.lines("Opens and clicks", series);
    }

    private static List<Point> perHour(
            List<EngagementHours.Hour> found,
            Instant start,
            Instant end,
            ToLongFunction<EngagementHours.Hour> what) {
        var values = new HashMap<Instant, Long>();
        found.forEach(hour -> values.put(hour.at(), what.applyAsLong(hour)));
        return Chart.hours(start, end, values);
    }

    private Chart byDay(List<EngagementHours.Hour> found, Instant start) {
        var first = day(start);
        var last = found.isEmpty() ? first : later(first, day(found.getLast().at()));
        // Months later an open now and then: the chart ends with the days that say something.
        var end = earlier(last.plusDays(1), earlier(first.plusDays(89), day(clock.instant())));
        return Chart.lines(
                "Opens and clicks",
                List.of(
                        new Series("Opens", perDay(found, first, end, EngagementHours.Hour::opens)),
                        new Series(
                                "Clicks",
                                perDay(found, first, end, EngagementHours.Hour::clicks))));
    }

    private static List<Point> perDay(
            List<EngagementHours.Hour> found,
            LocalDate first,
            LocalDate last,
            ToLongFunction<EngagementHours.Hour> what) {
        var values = new HashMap<LocalDate, Long>();
        found.forEach(hour -> values.merge(day(hour.at()), what.applyAsLong(hour), Long::sum));
        return Chart.days(first, last, values);
    }

    private void recipients(Visit visit) {
        var head = head(visit, "recipients");
        var page = recipientPage(visit, head.card());
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardReportRecipientRows(visit, head, page)
                        : templates.dashboardReportRecipients(visit, head, page));
    }

    private RecipientPage recipientPage(Visit visit, CampaignCard card) {
        long account = visit.account();
        Long mailing = card.line().mailing();
        var which = Which.of(visit.query("which"));
        String text = visit.query("search");
        long unknown = card.insights().counts().unknown();
        if (mailing == null) {
            return new RecipientPage(List.of(), which, text, new Pages("", "", ""), unknown);
        }
        int before = edge(visit, "before");
        int after = edge(visit, "after");
        long audience = card.line().audience();
        var found =
                before > 0
                        ? recipients.before(
                                account, mailing, audience, which, text, before, A_PAGE + 1)
                        : recipients.after(
                                account, mailing, audience, which, text, after, A_PAGE + 1);
        boolean more = found.size() > A_PAGE;
        var rows =
                !more
                        ? found
                        : before > 0 ? found.subList(1, found.size()) : found.subList(0, A_PAGE);
        boolean hasPrevious = before > 0 ? more : after > 0;
        boolean hasNext = before > 0 || more;
        var address = Address.of(visit).without("before", "after");
        return new RecipientPage(
                rows,
                which,
                text,
                new Pages(
                        said(card, which, text, rows.size(), hasPrevious || hasNext),
                        hasPrevious && !rows.isEmpty()
                                ? address.with("before", "" + rows.getFirst().number()).toString()
                                : "",
                        hasNext && !rows.isEmpty()
                                ? address.with("after", "" + rows.getLast().number()).toString()
                                : ""),
                unknown);
    }

    private static int edge(Visit visit, String name) {
        String text = visit.query(name);
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static String said(
            CampaignCard card, Which which, String text, int here, boolean isPart) {
        if (!text.isEmpty()) {
            return isPart
                    ? "%s here".formatted(Moments.count(here, "recipient", "recipients"))
                    : "%s found".formatted(Moments.count(here, "recipient", "recipients"));
        }
        return Moments.count(howMany(card, which), "recipient", "recipients");
    }

    private static long howMany(CampaignCard card, Which which) {
        var counts = card.insights().counts();
        var totals = card.insights().totals();
        return switch (which) {
            case ALL -> counts.recipients();
            case SENT -> counts.sent();
            case FAILED -> counts.failed();
            case BOUNCED -> counts.bounced();
            case SKIPPED -> counts.skipped();
            case UNKNOWN -> counts.unknown();
            case WAITING -> counts.waiting();
            case OPENED -> totals.uniqueOpens();
            case NOT_OPENED -> Math.max(0, counts.sent() - totals.uniqueOpens());
            case CLICKED -> totals.uniqueClicks();
            case UNSUBSCRIBED -> totals.unsubscribed();
            case COMPLAINED -> totals.complained();
        };
    }

    private void recipientsFile(Visit visit) throws IOException {
        var card = card(visit);
        var which = Which.of(visit.query("which"));
        String text = visit.query("search");
        visit.note("exported the recipients of the campaign “%s”".formatted(card.line().name()));
        begin(visit, card, "recipients");
        var out = visit.http().outputStream();
        out.write(
                CsvCells.line(
                                List.of(
                                        "email",
                                        "contact_uid",
                                        "outcome",
                                        "reason",
                                        "reply",
                                        "finished_at",
                                        "bounced_at",
                                        "opens",
                                        "first_open_at",
                                        "clicks",
                                        "first_click_at",
                                        "unsubscribed_at",
                                        "complained_at"))
                        .getBytes(UTF_8));
        Long mailing = card.line().mailing();
        if (mailing == null) return;
        int edge = 0;
        List<Recipient> gulp;
        do {
            gulp =
                    recipients.after(
                            visit.account(),
                            mailing,
                            card.line().audience(),
                            which,
                            text,
                            edge,
                            A_GULP);
            var lines = new StringBuilder();
            for (var each : gulp) lines.append(line(each));
            out.write(lines.toString().getBytes(UTF_8));
            if (!gulp.isEmpty()) edge = gulp.getLast().number();
        } while (gulp.size() == A_GULP);
    }

    private static String line(Recipient each) {
        return CsvCells.line(
                List.of(
                        text(each.address()),
                        text(each.contactUid()),
                        each.state().wire(),
                        text(each.reason()),
                        text(each.reply()),
                        text(each.finishedAt()),
                        text(each.bouncedAt()),
                        "" + each.opens(),
                        text(each.firstOpenAt()),
                        "" + each.clicks(),
                        text(each.firstClickAt()),
                        text(each.unsubscribedAt()),
                        text(each.complainedAt())));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static void begin(Visit visit, CampaignCard card, String what) {
        visit.download(
                "text/csv; charset=utf-8", "campaign-%s-%s.csv".formatted(card.line().uid(), what));
    }

    private void links(Visit visit) {
        var head = head(visit, "links");
        boolean now = visit.wantsPart() || !visit.query("now").isEmpty();
        if (!now) {
            visit.show(templates.dashboardReportLinks(visit, head, Optional.empty()));
            return;
        }
        var rows = linkRows(visit, head.card());
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardReportLinkRows(head, rows)
                        : templates.dashboardReportLinks(visit, head, Optional.of(rows)));
    }

    private List<LinkRow> linkRows(Visit visit, CampaignCard card) {
        Long mailing = card.line().mailing();
        if (mailing == null) return List.of();
        var clicked = linkClicks.of(visit.account(), mailing);
        var campaign = campaigns.get(visit.account(), card.line().uid());
        var unplaced = clickMaps.of(visit.account(), campaign, clicked).unplaced();
        return java.util.stream.IntStream.range(0, clicked.size())
                .mapToObj(i -> new LinkRow(i + 1, clicked.get(i), !unplaced.contains(i + 1)))
                .toList();
    }

    private void linksFile(Visit visit) throws IOException {
        var card = card(visit);
        visit.note("exported the links of the campaign “%s”".formatted(card.line().name()));
        begin(visit, card, "links");
        var lines = new StringBuilder(CsvCells.line(List.of("number", "url", "clicks", "readers")));
        for (var row : linkRows(visit, card)) {
            lines.append(
                    CsvCells.line(
                            List.of(
                                    "" + row.number(),
                                    row.link().url(),
                                    "" + row.link().clicks(),
                                    "" + row.link().unique())));
        }
        visit.http().outputStream().write(lines.toString().getBytes(UTF_8));
    }

    private void map(Visit visit) {
        Preview.answer(visit, clickMaps.of(visit.account(), card(visit).line().uid()).html());
    }

    private void domains(Visit visit) throws InterruptedException {
        var head = head(visit, "domains");
        boolean now = visit.wantsPart() || !visit.query("now").isEmpty();
        Long mailing = head.card().line().mailing();
        var counted =
                now && mailing != null
                        ? receivingDomains.of(visit.account(), mailing)
                        : Optional.<List<DomainFigures>>empty();
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardReportDomainRows(head, counted)
                        : templates.dashboardReportDomains(visit, head, counted));
    }

    private void content(Visit visit) {
        var head = head(visit, "content");
        var campaign = campaigns.get(visit.account(), head.card().line().uid());
        String text;
        try {
            text = previews.of(visit.account(), campaign.uid(), null).text();
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            text = "";
        }
        visit.show(templates.dashboardReportContent(visit, head, campaign, text));
    }

    private void message(Visit visit) {
        String html;
        try {
            html = previews.of(visit.account(), card(visit).line().uid(), null).html();
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            html = "";
        }
        Preview.answer(visit, html == null ? "" : html);
    }

    private void pause(Visit visit) {
        steer(visit, campaigns::pause, "paused", "Paused. Nothing goes out any more.");
    }

    private void resume(Visit visit) {
        steer(visit, campaigns::resume, "resumed", "Resumed. Nobody gets it twice.");
    }

    private void cancel(Visit visit) {
        var card = card(visit);
        String who = Moments.count(card.insights().counts().waiting(), "recipient", "recipients");
        if (!visit.confirms(
                "Cancel “%s”? %s who have not got it yet will not get it. This cannot be undone."
                        .formatted(card.line().name(), who),
                "Cancel the campaign")) return;
        steer(visit, control::cancel, "cancelled", "Cancelled. The rest is not sent.");
    }

    private interface Step {
        void take(long account, String uid);
    }

    private void steer(Visit visit, Step step, String what, String done) {
        var line = list.line(visit.account(), visit.part("campaign"));
        boolean home = Form.of(visit.http()).value("from").equals("home");
        String back = home ? "" : "/campaigns/" + line.uid();
        try {
            step.take(visit.account(), line.uid());
            visit.note("%s the campaign “%s”".formatted(what, line.name()));
            visit.go(back, done);
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            visit.go(back, e.getMessage());
        }
    }

    private void limit(Visit visit) {
        var head = head(visit, "overview");
        var form = Form.of(visit.http());
        String typed = form.text("per_hour").replaceAll("[\\s,.’']", "");
        if (!typed.isEmpty() && !typed.matches("[1-9][0-9]{0,8}")) {
            form.wrong("per_hour", "A number of messages such as 5000, or nothing for no limit");
            visit.http().status(422);
            showOverview(visit, head, form);
            return;
        }
        Long perHour = typed.isEmpty() ? null : Long.valueOf(typed);
        String name = head.card().line().name();
        control.limit(visit.account(), head.card().line().uid(), perHour);
        String done =
                perHour == null
                        ? "No limit any more."
                        : "At most %s messages an hour.".formatted(Moments.number(perHour));
        visit.note(
                perHour == null
                        ? "took the speed limit from the campaign “%s”".formatted(name)
                        : "limited the campaign “%s” to %d messages an hour"
                                .formatted(name, perHour));
        visit.go("/campaigns/" + head.card().line().uid(), done);
    }

    private void decide(Visit visit) {
        var card = card(visit);
        var form = Form.of(visit.http());
        boolean again = form.value("do").equals("resend");
        String contact = form.text("contact").isEmpty() ? null : form.text("contact");
        long many = contact == null ? card.insights().counts().unknown() : 1;
        String what = Moments.count(many, "message", "messages");
        String question =
                again
                        ? "Send %s again? Whoever did get it gets it twice.".formatted(what)
                        : "Count %s as sent? It will not be sent again.".formatted(what);
        if (!visit.agrees(question, again ? "Send again" : "Count as sent")) return;
        String uid = card.line().uid();
        int n =
                again
                        ? control.resend(visit.account(), uid, contact)
                        : control.countAsSent(visit.account(), uid, contact);
        String who = Moments.count(n, "message", "messages");
        visit.note(
                "%s of the campaign “%s”"
                        .formatted(
                                again
                                        ? "sent %s without an answer again".formatted(who)
                                        : "counted %s without an answer as sent".formatted(who),
                                card.line().name()));
        visit.go(
                "/campaigns/" + uid + "/report/recipients?which=unknown",
                again
                        ? "%s sent again, with the same Message-ID.".formatted(who)
                        : "%s counted as sent.".formatted(who));
    }

    private Head head(Visit visit, String tab) {
        var card = card(visit);
        var campaign = campaigns.get(visit.account(), card.line().uid());
        var told = Pace.told(visit.query("told")).get(card.line().uid());
        return new Head(card, Pace.of(card, told, clock.instant()), tab, campaign.tracking());
    }

    private CampaignCard card(Visit visit) {
        var line = list.line(visit.account(), visit.part("campaign"));
        return new CampaignCard(
                line,
                Objects.requireNonNull(
                        list.insights(visit.account(), List.of(line)).get(line.uid())));
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private static <T extends Comparable<? super T>> T earlier(T one, T other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static <T extends Comparable<? super T>> T later(T one, T other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
