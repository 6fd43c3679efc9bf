package io.dynosend.dashboard;

import io.dynosend.blacklist.Blacklist;
import io.dynosend.blacklist.Blacklist.Reason;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.List;
import java.util.Optional;

/** Addresses that get nothing from this account, whatever lists they are on. */
public final class BlacklistRoom implements Dashboard.Room {

    /**
     * A page of addresses.
     *
     * @param page from 1
     * @param more whether there is another
     */
    public record BlacklistPage(
            List<Blacklist.Listed> listed, String search, int page, boolean more) {}

    private static final int PAGE = 50;
    private static final int MOST_PAGES = 10_000;

    private final Blacklist blacklist;
    private final Templates templates = new StaticTemplates();

    public BlacklistRoom(Blacklist blacklist) {
        this.blacklist = blacklist;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/blacklist", visit -> show(visit, Form.empty()));
        doors.post("/blacklist", this::add);
        doors.post("/blacklist/remove", this::remove);
    }

    private void show(Visit visit, Form form) {
        visit.show(templates.dashboardBlacklist(visit, listing(visit), form));
    }

    private BlacklistPage listing(Visit visit) {
        String search = visit.query("search");
        if (!search.isEmpty()) {
            var found =
                    address(search)
                            .flatMap(email -> blacklist.find(visit.account(), email))
                            .stream()
                            .toList();
            return new BlacklistPage(found, search, 1, false);
        }
        int page = page(visit.query("page"));
        var found = blacklist.page(visit.account(), null, (page - 1L) * PAGE, PAGE + 1);
        return new BlacklistPage(
                found.subList(0, Math.min(PAGE, found.size())), "", page, found.size() > PAGE);
    }

    private void add(Visit visit) {
        var form = Form.of(visit.http());
        var email = form.email("email");
        if (form.isFine()) {
            blacklist.add(visit.account(), email, Reason.MANUAL);
            visit.go("/blacklist", email.value() + " gets nothing any more.");
        } else {
            visit.http().status(422);
            show(visit, form);
        }
    }

    private void remove(Visit visit) {
        var email = Form.of(visit.http()).email("email");
        blacklist.remove(visit.account(), email);
        visit.go("/blacklist", email.value() + " may be mailed again.");
    }

    private static Optional<EmailAddress> address(String text) {
        try {
            return Optional.of(new EmailAddress(text));
        } catch (Problem e) {
            return Optional.empty();
        }
    }

    private static int page(String given) {
        try {
            return Math.clamp(Integer.parseInt(given), 1, MOST_PAGES);
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
