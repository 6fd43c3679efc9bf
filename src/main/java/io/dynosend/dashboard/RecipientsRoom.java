package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.campaign.CampaignControl;
import io.dynosend.campaign.Recipients;
import io.dynosend.campaign.Recipients.Recipient;
import io.dynosend.campaign.Recipients.Which;
import io.dynosend.contact.CsvCells;
import io.dynosend.sending.Deliveries.State;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who got a campaign and who did not, with the reason; and those of whom nobody knows. */
public final class RecipientsRoom implements Dashboard.Room {

    /** A page of the recipients. */
    public record RecipientPage(
            List<Recipient> recipients, Which which, String text, Pages pages, long unknown) {}

    private static final int A_PAGE = 50;
    private static final int A_GULP = 5_000;

    private final ReportHead.Heads heads;
    private final Recipients recipients;
    private final CampaignControl control;
    private final Templates templates = new StaticTemplates();

    public RecipientsRoom(ReportHead.Heads heads, Recipients recipients, CampaignControl control) {
        this.heads = heads;
        this.recipients = recipients;
        this.control = control;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/campaigns/{campaign}/report/recipients", this::recipients);
        doors.getToKeep("/campaigns/{campaign}/report/recipients.csv", this::recipientsFile);
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

    private void recipients(Visit visit) {
        var head = heads.of(visit, "recipients");
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
        var card = heads.card(visit);
        var which = Which.of(visit.query("which"));
        String text = visit.query("search");
        visit.note("exported the recipients of the campaign “%s”".formatted(card.line().name()));
        card.download(visit, "recipients");
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

    private void decide(Visit visit) {
        var card = heads.card(visit);
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
}
