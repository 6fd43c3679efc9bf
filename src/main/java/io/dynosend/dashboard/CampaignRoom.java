package io.dynosend.dashboard;

import io.dynosend.audience.Audiences;
import io.dynosend.campaign.Campaign;
import io.dynosend.campaign.CampaignChanges;
import io.dynosend.campaign.Campaigns;
import io.dynosend.campaign.Campaigns.NewCampaign;
import io.dynosend.campaign.Previews;
import io.dynosend.campaign.QualityGates;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem;
import io.dynosend.content.Format;
import io.dynosend.pages.Page;
import io.dynosend.template.ContentChange;
import io.dynosend.template.ContentChange.Given;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Campaigns: written, checked, sent, held, and what came of them. */
public final class CampaignRoom implements Dashboard.Room {

    // No script, no form, no picture from elsewhere: what a stranger's template may show.
    private static final String PREVIEW_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data: https: http:;"
                    + " form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

    private final Campaigns campaigns;
    private final Audiences audiences;
    private final Previews previews;
    private final QualityGates gates;
    private final Templates templates = new StaticTemplates();

    public CampaignRoom(
            Campaigns campaigns,
            Audiences audiences,

            Previews previews,
            QualityGates gates) {
        this.campaigns = campaigns;
        this.audiences = audiences;
        this.previews = previews;
        this.gates = gates;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/campaigns/new", visit -> showNew(visit, newForm(visit)));
        doors.post("/campaigns/new", this::create);
        doors.get("/campaigns/{campaign}/edit", this::edit);
        doors.post("/campaigns/{campaign}/edit", this::update);
        doors.get("/campaigns/{campaign}/review", this::review);
        doors.get("/campaigns/{campaign}/preview", this::preview);
        doors.post("/campaigns/{campaign}/test", this::test);
        doors.post(
                "/campaigns/{campaign}/start",
                visit -> steer(visit, campaigns::start, "It is on its way."));
    }

    private Form newForm(Visit visit) {
        return Form.of(Map.of("audience", visit.query("audience"), "format", "html"));
    }

    private void showNew(Visit visit, Form form) {
        visit.show(templates.dashboardCampaignNew(visit, audiences.list(visit.account()), form));
    }

    private void create(Visit visit) {
        var form = Form.of(visit.http());
        String name = form.required("name", "Give it a name that you will recognise");
        String audience = form.required("audience", "Choose who gets it");
        try {
            if (form.isFine()) {
                String uid =
                        campaigns.create(
                                visit.account(),
                                new NewCampaign(
                                        name,
                                        audience,
                                        form.text("subject"),
                                        null,
                                        null,
                                        null,
                                        new ContentChange(null, null, null, null, null),
                                        null));
                visit.go("/campaigns/" + uid + "/edit", null);
                return;
            }
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        showNew(visit, form);
    }

    private void edit(Visit visit) {
        var campaign = campaign(visit);
        showEditor(visit, campaign, values(campaign));
    }

    private void update(Visit visit) {
        var campaign = campaign(visit);
        var form = Form.of(visit.http());
        String name = form.required("name", "A campaign has a name");
        var format =
                Arrays.stream(Format.values())
                        .filter(each -> each.wire().equals(form.text("format")))
                        .findFirst()
                        .orElse(Format.HTML);
        try {
            if (form.isFine()) {
                campaigns.update(
                        visit.account(),
                        campaign.uid(),
                        new CampaignChanges(
                                name,
                                null,
                                form.text("subject"),
                                null,
                                null,
                                null,
                                new ContentChange(
                                        new Given(format, form.value("content")),
                                        null,
                                        null,
                                        form.checked("inline_css"),
                                        form.value("text")),
                                null));
                visit.go(
                        "/campaigns/"
                                + campaign.uid()
                                + "/"
                                + (form.value("then").equals("review") ? "review" : "edit"),
                        "Saved.");
                return;
            }
        } catch (Problem e) {
            form.refused(e);
        }
        visit.http().status(422);
        showEditor(visit, campaign, form);
    }

    private void showEditor(Visit visit, Campaign campaign, Form form) {
        visit.show(
                templates.dashboardCampaignEdit(
                        visit,
                        campaign,
                        audiences.get(visit.account(), campaign.audience()),
                        audiences.fields(visit.account(), campaign.audience()),
                        form));
    }

    private void review(Visit visit) {
        var campaign = campaign(visit);
        var audience = audiences.get(visit.account(), campaign.audience());
        visit.show(
                templates.dashboardCampaignReview(
                        visit,
                        campaign,
                        audience,
                        audiences.statistics(visit.account(), audience.id()),
                        gates.check(visit.account(), campaign.uid()),
                        Form.of(Map.of("to", visit.session().email().value()))));
    }

    /** The message as its reader sees it, for a frame that runs nothing. */
    private void preview(Visit visit) {
        String html;
        try {
            var wording = previews.of(visit.account(), visit.part("campaign"), null);
            html = Objects.requireNonNullElse(wording.html(), "");
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            html = "";
        }
        Page.protect(visit.http());
        visit.http().header("Content-Security-Policy", PREVIEW_POLICY);
        visit.http().header("X-Frame-Options", "SAMEORIGIN");
        visit.http().contentType(Page.HTML).result(html);
    }

    private void test(Visit visit) {
        var campaign = campaign(visit);
        var form = Form.of(visit.http());
        EmailAddress to = form.email("to");
        try {
            if (form.isFine()) {
                previews.send(visit.account(), campaign.uid(), to, null);
                visit.go(
                        "/campaigns/" + campaign.uid() + "/review",
                        "A test is on its way to " + to.value() + ".");
                return;
            }
            visit.go("/campaigns/" + campaign.uid() + "/review", form.error("to"));
        } catch (Problem e) {
            visit.go("/campaigns/" + campaign.uid() + "/review", e.getMessage());
        }
    }

    private interface Step {
        void take(long account, String uid);
    }

    private void steer(Visit visit, Step step, String done) {
        String uid = campaign(visit).uid();
        try {
            step.take(visit.account(), uid);
            visit.go("/campaigns/" + uid, done);
        } catch (Problem.NotFound e) {
            throw e;
        } catch (Problem e) {
            visit.go("/campaigns/" + uid, e.getMessage());
        }
    }

    private Campaign campaign(Visit visit) {
        return campaigns.get(visit.account(), visit.part("campaign"));
    }

    private static Form values(Campaign campaign) {
        var values = new LinkedHashMap<String, String>();
        var content = campaign.content();
        values.put("name", campaign.name());
        values.put("subject", campaign.subject());
        values.put("format", content.format().wire());
        values.put("content", Objects.requireNonNullElse(content.written(), ""));
        values.put(
                "text",
                content.textIsMade() ? "" : Objects.requireNonNullElse(campaign.text(), ""));
        values.put("inline_css", content.inlineCss() ? "on" : "");
        return Form.of(values);
    }
}
