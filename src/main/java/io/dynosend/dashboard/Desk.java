package io.dynosend.dashboard;

import io.dynosend.audience.Audience;
import io.dynosend.campaign.Campaign;
import io.dynosend.campaign.CampaignDraft;
import io.dynosend.campaign.Missing;
import io.dynosend.template.Starter;
import java.util.List;
import java.util.Objects;

/** A campaign on its way through the four steps of the editor. */
public record Desk(Campaign campaign, Audience audience, CampaignDraft draft) {

    /**
     * One of the four.
     *
     * @param state done, attention or open
     * @param about what that means, in words
     */
    public record EditorStep(
            int number, String name, String href, String state, String about, boolean here) {}

    public String href(String below) {
        return address(below).toString();
    }

    Address address(String below) {
        return Address.of("/campaigns/" + campaign.uid() + below);
    }

    /** What was written; empty: nothing yet. */
    public String written() {
        return Objects.requireNonNullElse(campaign.content().written(), "");
    }

    /** Whether the builder can open it. */
    public boolean isBuilt() {
        return Starter.isBuilt(written());
    }

    /** Builder, HTML, MJML or Markdown. */
    public String way() {
        if (isBuilt()) return "Builder";
        return switch (campaign.content().format()) {
            case HTML -> "HTML";
            case MJML -> "MJML";
            case MARKDOWN -> "Markdown";
        };
    }

    public boolean isReady() {
        return draft.missing().isEmpty();
    }

    public List<EditorStep> steps(String here) {
        boolean addressed = !draft.lacks(Missing.SUBJECT) && !draft.lacks(Missing.POSTAL_ADDRESS);
        boolean written = !draft.lacks(Missing.CONTENT);
        boolean ownWords = Starter.placeholder(written()).isEmpty();
        return List.of(
                step(
                        1,
                        "Audience",
                        "audience",
                        here,
                        addressed ? "done" : "attention",
                        draft.lacks(Missing.SUBJECT)
                                ? "No subject yet"
                                : addressed ? "Done" : "The audience has no postal address"),
                step(
                        2,
                        "Content",
                        "content",
                        here,
                        written && ownWords ? "done" : "attention",
                        !written
                                ? "Nothing written yet"
                                : ownWords ? "Done" : "Still the design's words"),
                step(
                        3,
                        "Review",
                        "review",
                        here,
                        isReady() ? "open" : "attention",
                        isReady() ? "Ready to check" : "Something is missing"),
                step(
                        4,
                        "Send",
                        "send",
                        here,
                        draft.scheduledAt() == null ? "open" : "done",
                        draft.scheduledAt() == null ? "Not sent yet" : "Scheduled"));
    }

    private EditorStep step(
            int number, String name, String path, String here, String state, String about) {
        return new EditorStep(number, name, href("/" + path), state, about, here.equals(path));
    }
}
