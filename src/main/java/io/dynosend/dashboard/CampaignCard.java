package io.dynosend.dashboard;

import io.dynosend.campaign.CampaignLine;
import io.dynosend.campaign.CampaignStatus;
import io.dynosend.campaign.Insights;
import io.dynosend.dashboard.Parts.Part;
import java.util.List;

/** A campaign and what has come of it so far, as lists and its own pages show it. */
public record CampaignCard(CampaignLine line, Insights insights) {

    private static final String CANCELLED = "Cancelled";

    public String href() {
        return Dashboard.ROOT + "/campaigns/" + line.uid();
    }

    /** The address of something that belongs to it. */
    public String href(String below) {
        return href() + below;
    }

    /** How many have their outcome. */
    public long settled() {
        return insights.counts().recipients() - insights.counts().waiting();
    }

    public boolean isStarted() {
        return line.mailing() != null;
    }

    /** Whether it is on its way at this moment. */
    public boolean isLive() {
        return isOpen() && !line.cancelled();
    }

    // Also while a cancelled one waits for the last answers of its relay.
    private boolean isOpen() {
        return line.status() == CampaignStatus.QUEUED || line.status() == CampaignStatus.SENDING;
    }

    /** Whether somebody or something holds it. */
    public boolean isPaused() {
        return line.status() == CampaignStatus.PAUSED;
    }

    /** Whether there is still something to send. */
    public boolean isUnderWay() {
        return isLive() || isPaused();
    }

    /** Whether it may be deleted now. */
    public boolean isDeletable() {
        return !isOpen();
    }

    /** Where it stands, in a word. */
    public String state() {
        return switch (line.status()) {
            case NEW -> "Draft";
            case SCHEDULED -> "Scheduled";
            case QUEUED -> line.cancelled() ? CANCELLED : "Starting";
            case SENDING -> line.cancelled() ? CANCELLED : "Sending";
            case PAUSED -> "Paused";
            case DONE -> line.cancelled() ? CANCELLED : "Sent";
            case ERROR -> "Not started";
        };
    }

    /** The look of that word: good, bad, busy, held or empty. */
    public String look() {
        return switch (line.status()) {
            case NEW -> "";
            case SCHEDULED, PAUSED -> "held";
            case QUEUED, SENDING -> line.cancelled() ? "" : "busy";
            case DONE -> line.cancelled() ? "" : "good";
            case ERROR -> "bad";
        };
    }

    /** Why it is held, and what to do; empty: nothing holds it but its owner. */
    public String heldBecause() {
        String because = line.pausedBecause();
        if (because == null) return "";
        return switch (because) {
            case "relay" ->
                    "None of its relays has taken mail for five minutes. See what is wrong with"
                            + " them, then resume.";
            case "bounces" ->
                    "More than 5 % of its first recipients have bounced, which makes receivers"
                            + " suspicious of you. Clean the audience, then resume.";
            case "complaints" ->
                    "More than 3 in 1,000 recipients have reported it as spam. Find out why before"
                            + " you resume.";
            case "restored" ->
                    "The database comes from a backup. Whoever got it after that backup would get"
                            + " it again. Check your relay's log, then resume or cancel.";
            default -> "It was paused because of " + because + ".";
        };
    }

    /** Its recipients by outcome; they add up. */
    public Parts outcomes() {
        var counts = insights.counts();
        String list = href("/report/recipients?which=");
        return new Parts(
                "Recipients by outcome",
                List.of(
                        new Part("Sent", counts.sent(), "sent", list + "sent"),
                        new Part("Failed", counts.failed(), "failed", list + "failed"),
                        new Part("Skipped", counts.skipped(), "skipped", list + "skipped"),
                        new Part("Unknown", counts.unknown(), "unknown", list + "unknown"),
                        new Part("Waiting", counts.waiting(), "waiting", list + "waiting")));
    }

    double openRate() {
        return rate(insights.totals().uniqueOpens(), insights.delivered());
    }

    double clickRate() {
        return rate(insights.totals().uniqueClicks(), insights.delivered());
    }

    double bounceRate() {
        return rate(insights.counts().bounced(), insights.counts().recipients());
    }

    double complaintRate() {
        return rate(insights.totals().complained(), insights.delivered());
    }

    private static double rate(long part, long whole) {
        return whole == 0 ? -1 : (double) part / whole;
    }

    /** Makes the answer a CSV file about it. */
    void download(Visit visit, String what) {
        visit.download("text/csv; charset=utf-8", "campaign-%s-%s.csv".formatted(line.uid(), what));
    }
}
