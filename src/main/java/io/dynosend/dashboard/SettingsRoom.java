package io.dynosend.dashboard;

import io.dynosend.account.AccountSettings;
import io.dynosend.account.AccountSettings.Sender;
import io.dynosend.account.Quotas;
import io.dynosend.common.Problem;
import io.dynosend.notification.UserMails;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.LinkedHashMap;
import java.util.Objects;

/** The account: its name, who mails to its users come from, how much it may send. */
public final class SettingsRoom implements Dashboard.Room {

    /**
     * What is shown besides what may be changed.
     *
     * @param sender who mails to users come from
     * @param decided whether somebody has said so
     */
    public record SettingsFacts(
            Sender sender,
            boolean decided,
            Quotas.Usage usage,
            java.time.Instant since,
            String baseUrl,
            String version) {}

    private final AccountSettings settings;
    private final UserMails mails;
    private final Quotas quotas;
    private final String baseUrl;
    private final Templates templates = new StaticTemplates();

    /**
     * @param baseUrl of this installation
     */
    public SettingsRoom(AccountSettings settings, UserMails mails, Quotas quotas, String baseUrl) {
        this.settings = settings;
        this.mails = mails;
        this.quotas = quotas;
        this.baseUrl = baseUrl;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/settings", this::show);
        doors.post("/settings", this::change);
    }

    private void show(Visit visit) {
        var now = settings.get(visit.account());
        var values = new LinkedHashMap<String, String>();
        values.put("name", now.name());
        var sender = now.sender();
        if (sender != null) {
            values.put("sender_name", sender.name());
            values.put("sender_email", sender.email().value());
        }
        show(visit, Form.of(values));
    }

    private void show(Visit visit, Form form) {
        var now = settings.get(visit.account());
        var facts =
                new SettingsFacts(
                        mails.sender(visit.account()),
                        now.sender() != null,
                        quotas.of(visit.account()),
                        now.createdAt(),
                        baseUrl,
                        version());
        visit.show(templates.dashboardSettings(visit, facts, form));
    }

    private void change(Visit visit) {
        visit.requireAdmin();
        var form = Form.of(visit.http());
        String name = form.required("name", "What is this account called?");
        boolean decided = !form.text("sender_email").isEmpty();
        var email = decided ? form.email("sender_email") : null;
        if (form.isFine()) {
            try {
                settings.change(
                        visit.account(),
                        name,
                        email == null ? null : new Sender(form.text("sender_name"), email));
                visit.note("changed the settings of the account");
                visit.go("/settings", "Settings saved.");
                return;
            } catch (Problem.BadInput e) {
                form.refused(e);
            }
        }
        visit.http().status(422);
        show(visit, form);
    }

    private static String version() {
        return Objects.requireNonNullElse(
                SettingsRoom.class.getPackage().getImplementationVersion(), "development");
    }
}
