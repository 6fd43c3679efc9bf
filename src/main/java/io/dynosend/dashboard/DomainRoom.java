package io.dynosend.dashboard;

import io.dynosend.common.Problem;
import io.dynosend.domain.SendingDomains;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;

/** Domains that mail is sent from, and what belongs into their DNS. */
public final class DomainRoom implements Dashboard.Room {

    private final SendingDomains domains;
    private final Templates templates = new StaticTemplates();

    public DomainRoom(SendingDomains domains) {
        this.domains = domains;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/domains", visit -> show(visit, Form.empty()));
        doors.post("/domains", this::create);
        doors.post("/domains/{domain}/check", this::check);
        doors.post("/domains/{domain}/delete", this::delete);
    }

    private void show(Visit visit, Form form) {
        visit.show(templates.dashboardDomains(visit, domains.list(visit.account()), form));
    }

    private void create(Visit visit) {
        var form = Form.of(visit.http());
        try {
            String domain = form.required("domain", "Such as example.org");
            if (form.isFine()) {
                domains.create(visit.account(), domain);
                visit.go("/domains", "Now publish its records, then check them here.");
                return;
            }
        } catch (Problem e) {
            form.wrong("domain", e.getMessage() == null ? "Such as example.org" : e.getMessage());
        }
        visit.http().status(422);
        show(visit, form);
    }

    private void check(Visit visit) {
        var checked = domains.check(visit.account(), visit.part("domain"));
        visit.go(
                "/domains",
                checked.verifiedAt() == null
                        ? "Not all of it is there yet. It may take some time until the DNS shows it."
                        : "Mail from %s is signed.".formatted(checked.domain()));
    }

    private void delete(Visit visit) {
        domains.delete(visit.account(), visit.part("domain"));
        visit.go("/domains", "The domain and its keys are deleted.");
    }
}
