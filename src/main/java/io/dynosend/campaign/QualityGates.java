package io.dynosend.campaign;

import static io.dynosend.campaign.Finding.error;
import static io.dynosend.campaign.Finding.note;
import static io.dynosend.campaign.Finding.warning;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Audiences;
import io.dynosend.campaign.LinkGates.Link;
import io.dynosend.common.ALabels;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.content.CompiledMessage;
import io.dynosend.content.Format;
import io.dynosend.content.Place;
import io.dynosend.content.Review;
import io.dynosend.content.Source;
import io.dynosend.content.Wording;
import io.dynosend.domain.SendingDomains;
import io.dynosend.template.Starter;
import io.dynosend.web.WebVisitor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an author is told of a campaign before it is sent. It stops nobody. */
public final class QualityGates {

    // What is beyond, Gmail hides behind a link.
    private static final int GMAIL_CLIPS_AT = 102 * 1024;
    private static final Pattern TEMPLATE_ERROR =
            Pattern.compile("(?s)(subject|html|text): line (\\d+), column (\\d+): (.*)");

    private final Campaigns campaigns;
    private final Audiences audiences;
    private final Previews previews;
    private final SendingDomains domains;
    private final LinkGates links;

    public QualityGates(
            Campaigns campaigns,
            Audiences audiences,
            Previews previews,
            SendingDomains domains,
            WebVisitor web) {
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.previews = previews;
        this.domains = domains;
        this.links = new LinkGates(web);
    }

    /**
     * Looks at all of a campaign, and asks at up to 50 of its links whether they lead anywhere;
     * that takes 20 seconds at most.
     *
     * @return the worst first
     * @throws NotFound if the account has no such campaign
     */
    public List<Finding> check(long account, String uid) {
        var campaign = campaigns.get(account, uid);
        var audience = audiences.get(account, campaign.audience());
        var findings = new ArrayList<Finding>();
        var reviews = reviews(campaign);
        try {
            rendered(account, campaign, audience, reviews, findings);
        } catch (BadInput e) {
            findings.add(templateError(e));
        }
        content(campaign, reviews, findings);
        settings(account, campaign, audience, findings);
        findings.addAll(links.findings(links(reviews)));
        findings.sort(Comparator.comparing(Finding::level));
        return findings;
    }

    /** Of what the author wrote, by part. */
    private static Map<String, Review> reviews(Campaign campaign) {
        var reviews = new LinkedHashMap<String, Review>();
        reviews.put("subject", Review.ofText(campaign.subject()));
        var content = campaign.content();
        String written = content.written();
        if (written != null) {
            reviews.put(content.format().wire(), Review.of(new Source(content.format(), written)));
        }
        String text = content.text();
        if (text != null && !content.textIsMade()) reviews.put("text", Review.ofText(text));
        return reviews;
    }

    private void rendered(
            long account,
            Campaign campaign,
            Audience audience,
            Map<String, Review> reviews,
            List<Finding> findings) {
        var message =
                CampaignMessage.compile(campaign, audience, campaigns.blocks(account, campaign));
        var wording = previews.of(account, campaign.uid(), null);
        findings.addAll(HeaderGates.findings(campaign, wording.subject()));
        size(campaign, wording, findings);
        var names = new Names(campaign, audience, audiences.fields(account, audience.id()));
        for (String name : names.unknown(message.variables())) {
            findings.add(unknown(name, reviews, campaign));
        }
        wayOut(campaign, message, findings);
    }

    private static void size(Campaign campaign, Wording wording, List<Finding> findings) {
        String html = wording.html() == null ? "" : wording.html();
        int bytes = html.getBytes(StandardCharsets.UTF_8).length;
        if (bytes <= GMAIL_CLIPS_AT) return;
        findings.add(
                warning(
                        "clipped_by_gmail",
                        part(campaign),
                        null,
                        ("The HTML is %,d bytes; Gmail shows the first %,d, without what comes"
                                        + " after, the unsubscribe link too: make it shorter")
                                .formatted(bytes, GMAIL_CLIPS_AT)));
    }

    private static Finding unknown(String name, Map<String, Review> reviews, Campaign campaign) {
        String message =
                "Nothing is called %s, so it is empty for everyone: see the fields of the audience"
                        .formatted(name);
        for (var review : reviews.entrySet()) {
            Optional<Place> place = review.getValue().reads(name);
            if (place.isPresent()) {
                return warning("unknown_name", review.getKey(), place.get(), message);
            }
        }
        return warning("unknown_name", part(campaign), null, message);
    }

    private static void wayOut(Campaign campaign, CompiledMessage message, List<Finding> findings) {
        if (message.variables().contains("unsubscribe_url")) return;
        findings.add(
                note(
                        "no_unsubscribe_link",
                        part(campaign),
                        null,
                        "There is no {{ unsubscribe_url }} in it, so the footer adds one"));
    }

    private static void content(
            Campaign campaign, Map<String, Review> reviews, List<Finding> findings) {
        if (campaign.html().isBlank()) {
            findings.add(error("no_content", part(campaign), null, "Write what it says"));
        } else if (campaign.text() == null) {
            findings.add(
                    note(
                            "no_text",
                            "text",
                            null,
                            "There is no text part, so one is made from the HTML: see the"
                                    + " preview"));
        }
        Starter.placeholder(campaign.html())
                .ifPresent(words ->
                        findings.add(
                                warning(
                                        "placeholder_text",
                                        part(campaign),
                                        null,
                                        ("The design's own words are still in it, such as “%s”:"
                                                        + " write yours in their place")
                                                .formatted(words))));
        reviews.forEach((part, review) ->
                review.imagesWithoutAddress()
                        .forEach(image ->
                                findings.add(
                                        warning(
                                                "image_without_address",
                                                part,
                                                image.place(),
                                                "The picture has no address, so there is nothing"
                                                        + " to see: give it one, or take it"
                                                        + " out"))));
        reviews.forEach((part, review) ->
                review.imagesWithoutAlt()
                        .forEach(image ->
                                findings.add(
                                        warning(
                                                "image_without_alt",
                                                part,
                                                image.place(),
                                                "The image says nothing to who does not"
                                                        + " see it: give it an alt, an"
                                                        + " empty one if it is decoration"))));
    }

    private void settings(
            long account, Campaign campaign, Audience audience, List<Finding> findings) {
        if (audience.contactInformation().postalAddress().isEmpty()) {
            findings.add(
                    error(
                            "no_postal_address",
                            "settings",
                            null,
                            "The law wants a postal address: add it to the contact information of"
                                    + " the audience"));
        }
        String from = campaign.fromEmail().domain();
        String domain = ALabels.of(from).orElse(from);
        var known =
                domains.list(account).stream()
                        .filter(each -> each.domain().equals(domain))
                        .findFirst();
        if (known.isEmpty() || known.get().verifiedAt() == null) {
            findings.add(
                    warning(
                            "domain_not_verified",
                            "settings",
                            null,
                            "Mail from %s is not signed, and many servers refuse it: "
                                            .formatted(domain)
                                    + (known.isEmpty()
                                            ? "add it to your domains"
                                            : "publish its DNS records, then check"
                                                    + " the domain")));
        }
    }

    private static List<Link> links(Map<String, Review> reviews) {
        var links = new ArrayList<Link>();
        reviews.forEach((part, review) ->
                review.links().forEach(found -> links.add(new Link(part, found))));
        return links;
    }

    private static Finding templateError(BadInput problem) {
        String message = String.valueOf(problem.getMessage());
        Matcher told = TEMPLATE_ERROR.matcher(message);
        if (!told.matches()) return error("template_error", "html", null, message);
        var place = new Place(Integer.parseInt(told.group(2)), Integer.parseInt(told.group(3)));
        return error("template_error", told.group(1), place, told.group(4));
    }

    private static String part(Campaign campaign) {
        Format format = campaign.content().format();
        return format.wire();
    }
}
