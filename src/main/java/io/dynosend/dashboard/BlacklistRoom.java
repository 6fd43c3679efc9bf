package io.dynosend.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynosend.blacklist.Blacklist;
import io.dynosend.blacklist.Blacklist.Filter;
import io.dynosend.blacklist.Blacklist.Listed;
import io.dynosend.blacklist.Blacklist.Reason;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem;
import io.dynosend.contact.CsvCells;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Addresses that get nothing from this account, whatever lists they are on. */
public final class BlacklistRoom implements Dashboard.Room {

    /**
     * A page of addresses.
     *
     * @param search what was typed
     * @param reason empty: any
     */
    public record BlacklistPage(
            List<Listed> listed, String search, String reason, Pages pages, String export) {

        public boolean isFiltered() {
            return !search.isEmpty() || !reason.isEmpty();
        }
    }

    private static final int PAGE = 50;
    private static final int EXPORTED_AT_ONCE = 5_000;
    private static final int MOST_AT_ONCE = 10_000;
    private static final int SHOWN_WRONG = 5;

    private final Blacklist blacklist;
    private final Templates templates = new StaticTemplates();

    public BlacklistRoom(Blacklist blacklist) {
        this.blacklist = blacklist;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/blacklist", this::list);
        doors.get("/blacklist/add", visit -> showAdd(visit, Form.of(Map.of("reason", "manual"))));
        doors.post("/blacklist", this::add);
        doors.getToKeep("/blacklist/export", this::export);
        doors.get("/blacklist/remove", this::askToRemove);
        doors.post("/blacklist/remove", this::remove);
    }

    /** Why an address is listed, in words. */
    public static String label(Reason reason) {
        return switch (reason) {
            case BOUNCED -> "Bounced";
            case COMPLAINED -> "Complained";
            case UNSUBSCRIBED -> "Unsubscribed";
            case MANUAL -> "Added by hand";
        };
    }

    /** The page that asks before an address is removed. */
    public static String removeLink(Listed listed) {
        return Address.of("/blacklist/remove").with("email", listed.email().value()).toString();
    }

    private void list(Visit visit) {
        var page = listing(visit);
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardBlacklistRows(visit, page)
                        : templates.dashboardBlacklist(visit, page));
    }

    private BlacklistPage listing(Visit visit) {
        var filter = filter(visit);
        var before = position(visit.query("before"));
        var found = blacklist.search(visit.account(), filter, before.orElse(null), PAGE + 1);
        var shown = found.subList(0, Math.min(PAGE, found.size()));
        var address = Address.of(visit).without("before");
        boolean more = found.size() > PAGE;
        var pages =
                new Pages(
                        said(blacklist.count(visit.account(), filter)),
                        before.isPresent() ? address.toString() : "",
                        more ? address.with("before", position(shown.getLast())).toString() : "");
        return new BlacklistPage(
                shown,
                visit.query("search"),
                filter.reason() == null ? "" : filter.reason().wire(),
                pages,
                Address.of("/blacklist/export")
                        .with("search", visit.query("search"))
                        .with("reason", visit.query("reason"))
                        .toString());
    }

    private static String said(int count) {
        return count > Blacklist.MOST_COUNTED
                ? "more than %s addresses".formatted(Moments.number(Blacklist.MOST_COUNTED))
                : Moments.count(count, "address", "addresses");
    }

    private static Filter filter(Visit visit) {
        String reason = visit.query("reason");
        boolean known = List.of(Reason.values()).stream().anyMatch(r -> r.wire().equals(reason));
        return new Filter(visit.query("search"), known ? Reason.of(reason) : null);
    }

    // Where a page ends, to go on behind it.
    private static String position(Listed last) {
        var at = last.at();
        return at.getEpochSecond() + "." + at.getNano() + "." + last.email().value();
    }

    private static Optional<Listed> position(String text) {
        var parts = text.split("\\.", 3);
        if (parts.length < 3 || !(parts[0] + parts[1]).matches("[0-9]{1,20}")) {
            return Optional.empty();
        }
        try {
            var at = Instant.ofEpochSecond(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
            return Optional.of(new Listed(new EmailAddress(parts[2]), at, Reason.MANUAL));
        } catch (Problem | ArithmeticException | DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private void showAdd(Visit visit, Form form) {
        visit.show(templates.dashboardBlacklistAdd(visit, form));
    }

    private void add(Visit visit) {
        var form = Form.of(visit.http());
        var addresses = new LinkedHashSet<EmailAddress>();
        var wrong = new ArrayList<String>();
        var parts =
                List.of(form.value("emails").split("[\\s,;]+", -1)).stream()
                        .filter(part -> !part.isEmpty())
                        .toList();
        for (String part : parts) {
            if (EmailAddress.isValid(part)) addresses.add(new EmailAddress(part));
            else wrong.add(part);
        }
        if (parts.isEmpty()) form.wrong("emails", "Enter at least one address");
        if (parts.size() > MOST_AT_ONCE) {
            form.wrong("emails", "At most %s at once".formatted(Moments.number(MOST_AT_ONCE)));
        }
        if (!wrong.isEmpty()) form.wrong("emails", wrongSaid(wrong));
        else if (addresses.stream().anyMatch(each -> each.value().startsWith("*@"))) {
            form.wrong("emails", "Each address by itself: “*” stands for none other");
        }
        if (!form.isFine()) {
            visit.http().status(422);
            showAdd(visit, form);
            return;
        }
        int added = blacklist.add(visit.account(), List.copyOf(addresses), reason(form));
        String comment = form.text("comment");
        visit.note(
                "added %s to the blacklist (%s)%s"
                        .formatted(
                                Moments.count(added, "address", "addresses"),
                                reason(form).wire(),
                                comment.isEmpty() ? "" : ": " + shortened(comment)));
        visit.go("/blacklist", addedSaid(added, addresses.size()));
    }

    private static String wrongSaid(List<String> wrong) {
        String some =
                wrong.stream()
                        .limit(SHOWN_WRONG)
                        .map(each ->
                                "“"
                                        + (each.length() > 60 ? each.substring(0, 60) + "…" : each)
                                        + "”")
                        .reduce((one, other) -> one + ", " + other)
                        .orElse("");
        return wrong.size() == 1
                ? some + " is not an e-mail address; nothing was added"
                : "%s are not e-mail addresses: %s%s. Nothing was added"
                        .formatted(
                                Moments.number(wrong.size()),
                                some,
                                wrong.size() > SHOWN_WRONG ? " …" : "");
    }

    private static String addedSaid(int added, int given) {
        String said = "%s added.".formatted(Moments.count(added, "address", "addresses"));
        int known = given - added;
        return known == 0
                ? said
                : said
                        + " %s on the list already."
                                .formatted(known == 1 ? "One was" : known + " were");
    }

    private static Reason reason(Form form) {
        String given = form.value("reason");
        return List.of(Reason.values()).stream()
                .filter(reason -> reason.wire().equals(given))
                .findFirst()
                .orElse(Reason.MANUAL);
    }

    private void askToRemove(Visit visit) {
        var listed = listed(visit, visit.query("email"));
        visit.show(templates.dashboardBlacklistRemove(visit, listed, Form.empty()));
    }

    private void remove(Visit visit) {
        var form = Form.of(visit.http());
        var listed = listed(visit, form.value("email"));
        String email = listed.email().value();
        if (!visit.confirms(removal(listed), "Remove from the blacklist")) return;
        String why = form.required("why", "Say why, for whoever asks later");
        if (!form.isFine()) {
            visit.http().status(422);
            visit.show(templates.dashboardBlacklistRemove(visit, listed, form));
            return;
        }
        blacklist.remove(visit.account(), listed.email());
        // Without the name: the log cannot forget.
        visit.note(
                "removed an address at %s from the blacklist: %s"
                        .formatted(listed.email().domain(), shortened(why)));
        visit.go("/blacklist", email + " may be mailed again.");
    }

    /** What removing does, before it is done. */
    public static String removal(Listed listed) {
        String email = listed.email().value();
        return switch (listed.reason()) {
            case BOUNCED ->
                    "%s gets mail again. It bounced before: if it bounces again, receivers trust you less."
                            .formatted(email);
            case COMPLAINED ->
                    "%s gets mail again, though its reader called your mail spam. Do this only if they asked you to."
                            .formatted(email);
            case UNSUBSCRIBED ->
                    "%s gets mail again, though its reader has unsubscribed. Do this only with their consent."
                            .formatted(email);
            case MANUAL -> "%s gets mail again from every audience it is in.".formatted(email);
        };
    }

    private Listed listed(Visit visit, String email) {
        return address(email)
                .flatMap(address -> blacklist.find(visit.account(), address))
                .orElseThrow(() -> new Problem.NotFound("Address"));
    }

    private void export(Visit visit) throws IOException {
        var filter = filter(visit);
        visit.note("exported the blacklist");
        visit.download("text/csv; charset=utf-8", "blacklist.csv");
        var out = visit.http().outputStream();
        out.write(CsvCells.line(List.of("email", "reason", "added")).getBytes(UTF_8));
        @Nullable Listed before = null;
        List<Listed> page;
        do {
            page = blacklist.search(visit.account(), filter, before, EXPORTED_AT_ONCE);
            for (var each : page) {
                out.write(
                        CsvCells.line(
                                        List.of(
                                                each.email().value(),
                                                each.reason().wire(),
                                                each.at().toString()))
                                .getBytes(UTF_8));
                before = each;
            }
        } while (page.size() == EXPORTED_AT_ONCE);
    }

    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }

    private static Optional<EmailAddress> address(String text) {
        return EmailAddress.isValid(text) ? Optional.of(new EmailAddress(text)) : Optional.empty();
    }
}
