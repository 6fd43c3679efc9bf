package io.dynosend.campaign;

import static io.dynosend.campaign.Finding.error;
import static io.dynosend.campaign.Finding.warning;

import io.dynosend.content.Review.Found;
import io.dynosend.web.Visit;
import io.dynosend.web.Visit.Answered;
import io.dynosend.web.Visit.Refused;
import io.dynosend.web.Visit.Unreachable;
import io.dynosend.web.WebVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the links of a message lead, as far as that can be seen from here. */
final class LinkGates {

    /** A link and the part it stands in. */
    record Link(String part, Found found) {

        String url() {
            return found.what();
        }
    }

    private final WebVisitor web;

    LinkGates(WebVisitor web) {
        this.web = web;
    }

    List<Finding> findings(List<Link> links) {
        var findings = new ArrayList<Finding>();
        links.stream().flatMap(LinkGates::insecure).forEach(findings::add);
        var visits = web.visit(links.stream().map(Link::url).toList());
        for (var link : links) {
            Finding finding = finding(link, visits.get(link.url()));
            if (finding != null) findings.add(finding);
        }
        return findings;
    }

    private static Stream<Finding> insecure(Link link) {
        if (!link.url().toLowerCase(Locale.ROOT).startsWith("http://")) return Stream.of();
        return Stream.of(
                warning(
                        "insecure_link",
                        link.part(),
                        link.found().place(),
                        "%s is not encrypted: use https".formatted(link.url())));
    }

    private static @Nullable Finding finding(Link link, @Nullable Visit visit) {
        return switch (visit) {
            case null -> null;
            case Answered(int status) when status == 404 || status == 410 ->
                    error(
                            "dead_link",
                            link.part(),
                            link.found().place(),
                            "%s leads nowhere (%d): correct it".formatted(link.url(), status));
            case Answered(int status) when status >= 500 ->
                    doubtful(link, "its server fails (%d)".formatted(status));
            // What wants a login, or no machines, may well be there for a reader.
            case Answered _ -> null;
            case Unreachable(String why) -> doubtful(link, why);
            case Refused(String why) ->
                    error(
                            "link_not_public",
                            link.part(),
                            link.found().place(),
                            "%s cannot be followed by readers: %s".formatted(link.url(), why));
        };
    }

    private static Finding doubtful(Link link, String why) {
        return warning(
                "unreachable_link",
                link.part(),
                link.found().place(),
                "%s did not answer: %s. See whether it is right".formatted(link.url(), why));
    }
}
