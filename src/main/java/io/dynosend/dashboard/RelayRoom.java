package io.dynosend.dashboard;

import io.dynosend.common.Problem;
import io.dynosend.relay.ConfiguredRelay;
import io.dynosend.relay.RelayHealth;
import io.dynosend.relay.RelayHealths;
import io.dynosend.relay.RelayLimits;
import io.dynosend.relay.RelaySettings;
import io.dynosend.relay.RelayTrials;
import io.dynosend.relay.RelayTrials.Outcome;
import io.dynosend.relay.RelayTrials.Step;
import io.dynosend.relay.Relays;
import io.dynosend.smtp.Credentials;
import io.dynosend.smtp.Security;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Relays: the servers that carry the mail of this account, and how they are doing. */
public final class RelayRoom implements Dashboard.Room {

    /** A row of the list. */
    public record RelayRow(ConfiguredRelay relay, RelayHealth health) {

        /** Such as “at most 5 connections, 10 a second”; empty without a limit. */
        public String limits() {
            var limits = relay.limits();
            return Stream.of(
                            said(limits.connections(), "connections"),
                            said(limits.perSecond(), "a second"),
                            said(limits.perHour(), "an hour"),
                            said(limits.perConnection(), "per connection"))
                    .filter(part -> !part.isEmpty())
                    .reduce((one, other) -> one + ", " + other)
                    .orElse("");
        }

        private static String said(@Nullable Number limit, String of) {
            if (limit == null) return "";
            double value = limit.doubleValue();
            String number =
                    value == Math.rint(value)
                            ? Moments.number((long) value)
                            : String.valueOf(value);
            return number + " " + of;
        }
    }

    /** Where a provider takes mail, as it says itself. */
    public record Provider(String name, String host, int port, String security, String user) {}

    /** Help for who sets a relay up; plain text, nobody is asked. */
    public static final List<Provider> PROVIDERS =
            List.of(
                    new Provider(
                            "Amazon SES",
                            "email-smtp.REGION.amazonaws.com",
                            587,
                            "STARTTLS",
                            "SMTP user name from the SES console"),
                    new Provider("Brevo", "smtp-relay.brevo.com", 587, "STARTTLS", "Your login"),
                    new Provider(
                            "Google Workspace",
                            "smtp.gmail.com",
                            587,
                            "STARTTLS",
                            "Your address, with an app password"),
                    new Provider("Mailgun", "smtp.mailgun.org", 587, "STARTTLS", "postmaster@…"),
                    new Provider("Mailjet", "in-v3.mailjet.com", 587, "STARTTLS", "Your API key"),
                    new Provider(
                            "Microsoft 365", "smtp.office365.com", 587, "STARTTLS", "Your address"),
                    new Provider(
                            "Postmark", "smtp.postmarkapp.com", 587, "STARTTLS", "A server token"),
                    new Provider("SendGrid", "smtp.sendgrid.net", 587, "STARTTLS", "apikey"));

    // What is wrong is said in one line that begins with the field.
    private static final List<String> FIELDS =
            List.of("name", "host", "port", "security", "weight");

    private final Relays relays;
    private final RelayHealths healths;
    private final RelayTrials trials;
    private final boolean builtInMailbox;
    private final Templates templates = new StaticTemplates();

    /**
     * @param builtInMailbox whether the operator has named no relay, and mail stays here
     */
    public RelayRoom(
            Relays relays, RelayHealths healths, RelayTrials trials, boolean builtInMailbox) {
        this.relays = relays;
        this.healths = healths;
        this.trials = trials;
        this.builtInMailbox = builtInMailbox;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/relays", this::list);
        doors.get("/relays/new", visit -> showNew(visit, newForm()));
        doors.postOfAdmins("/relays/new", this::create);
        doors.get("/relays/{relay}", this::edit);
        doors.postOfAdmins("/relays/{relay}", this::update);
        doors.get("/relays/{relay}/test", this::askForTest);
        doors.postOfAdmins("/relays/{relay}/test", this::test);
        doors.postOfAdmins("/relays/{relay}/delete", this::delete);
    }

    private void list(Visit visit) {
        var own = relays.list(visit.account());
        var all = Stream.concat(own.stream(), relays.ofOperator().stream());
        var health = healths.of(all.map(ConfiguredRelay::uid).toList());
        visit.show(
                templates.dashboardRelays(
                        visit,
                        rows(own, health),
                        rows(relays.ofOperator(), health),
                        builtInMailbox));
    }

    private static List<RelayRow> rows(
            List<ConfiguredRelay> relays, Map<String, RelayHealth> health) {
        return relays.stream()
                .map(relay ->
                        new RelayRow(relay, health.getOrDefault(relay.uid(), RelayHealth.UNTRIED)))
                .toList();
    }

    private static Form newForm() {
        return Form.of(Map.of("port", "587", "security", "starttls", "weight", "1"));
    }

    private void showNew(Visit visit, Form form) {
        visit.show(templates.dashboardRelayEdit(visit, null, form));
    }

    private void create(Visit visit) {
        var form = Form.of(visit.http());
        var settings = settings(form, null);
        if (settings != null) {
            try {
                var made = relays.create(visit.account(), settings);
                visit.note("added the relay “%s”".formatted(made.name()));
                visit.go(
                        "/relays/" + made.uid() + "/test",
                        "The relay is saved. Send a test through it.");
                return;
            } catch (Problem.BadInput e) {
                form.refused(e, FIELDS);
            }
        }
        visit.http().status(422);
        showNew(visit, form);
    }

    private void edit(Visit visit) {
        var relay = relay(visit);
        visit.show(templates.dashboardRelayEdit(visit, row(relay), values(relay)));
    }

    private void update(Visit visit) {
        var relay = relay(visit);
        var form = Form.of(visit.http());
        var settings = settings(form, relay);
        if (settings != null) {
            try {
                relays.update(visit.account(), relay.uid(), settings);
                visit.note("changed the relay “%s”".formatted(settings.name()));
                visit.go("/relays", "“%s” is saved.".formatted(settings.name()));
                return;
            } catch (Problem.BadInput e) {
                form.refused(e, FIELDS);
            }
        }
        visit.http().status(422);
        visit.show(templates.dashboardRelayEdit(visit, row(relay), form));
    }

    private void delete(Visit visit) {
        var relay = relay(visit);
        if (!visit.confirms(deletion(relay), "Delete the relay")) return;
        relays.delete(visit.account(), relay.uid());
        visit.note("deleted the relay “%s”".formatted(relay.name()));
        visit.go("/relays", "“%s” is deleted.".formatted(relay.name()));
    }

    /** What deleting does, before it is done. */
    public static String deletion(ConfiguredRelay relay) {
        return ("Delete the relay “%s”? Nothing is sent through it any more; its mail goes through"
                        + " the other relays.")
                .formatted(relay.name());
    }

    private void askForTest(Visit visit) {
        String me = visit.session().email().value();
        showTest(visit, relay(visit), Form.of(Map.of("from", me)), List.of());
    }

    // Only to who asks for it: it is no way to send anything to anybody.
    private void test(Visit visit) {
        var relay = relay(visit);
        var form = Form.of(visit.http());
        var from = form.email("from");
        List<Step> steps = List.of();
        if (form.isFine()) {
            try {
                steps =
                        trials.send(
                                visit.account(), relay.settings(), from, visit.session().email());
                boolean sent = steps.stream().noneMatch(s -> s.outcome() == Outcome.FAILED);
                visit.note(
                        "tested the relay “%s”: %s"
                                .formatted(relay.name(), sent ? "it works" : "it failed"));
            } catch (Problem e) {
                form.refused(e);
            }
        }
        if (!form.isFine()) visit.http().status(422);
        showTest(visit, relay, form, steps);
    }

    private void showTest(Visit visit, ConfiguredRelay relay, Form form, List<Step> steps) {
        visit.show(templates.dashboardRelayTest(visit, relay, form, steps));
    }

    private ConfiguredRelay relay(Visit visit) {
        return relays.get(visit.account(), visit.part("relay"));
    }

    private RelayRow row(ConfiguredRelay relay) {
        var health = healths.of(List.of(relay.uid()));
        return new RelayRow(relay, health.getOrDefault(relay.uid(), RelayHealth.UNTRIED));
    }

    /** Null: something is wrong, and noted at its field. */
    private static @Nullable RelaySettings settings(Form form, @Nullable ConfiguredRelay now) {
        String host = form.required("host", "Name the server, such as smtp.example.com");
        int port = whole(form, "port", 65_535, 0);
        int weight = form.text("weight").isEmpty() ? 1 : whole(form, "weight", 1_000, 1);
        var credentials = credentials(form, now, host, port);
        String domain = form.text("domain").toLowerCase(Locale.ROOT);
        if (!domain.isEmpty() && !domain.matches("([a-z0-9-]{1,63}\\.)+[a-z0-9-]{1,63}")) {
            form.wrong("domain", "A domain such as example.com, or nothing for all");
        }
        var connections = limit(form, "connections");
        var perSecond = rate(form, "per_second");
        var perHour = limit(form, "per_hour");
        var perConnection = limit(form, "per_connection");
        if (!form.isFine()) return null;
        String name = form.text("name");
        try {
            return new RelaySettings(
                    name.isEmpty() ? host : name,
                    host,
                    port,
                    security(form),
                    credentials,
                    domain.isEmpty() ? null : domain,
                    weight,
                    new RelayLimits(connections, perSecond, perHour, perConnection));
        } catch (Problem.BadInput e) {
            form.refused(e, FIELDS);
            return null;
        }
    }

    private static Security security(Form form) {
        return switch (form.value("security")) {
            case "tls" -> Security.TLS;
            case "starttls_if_offered" -> Security.STARTTLS_IF_OFFERED;
            default -> Security.STARTTLS;
        };
    }

    // Whoever could lead a password that is kept to another host could read it there.
    private static @Nullable Credentials credentials(
            Form form, @Nullable ConfiguredRelay now, String host, int port) {
        String user = form.text("user");
        String password = form.value("password");
        if (user.isEmpty()) {
            if (!password.isEmpty()) form.wrong("user", "A password needs its user");
            return null;
        }
        if ((user + password).chars().anyMatch(Character::isISOControl)) {
            form.wrong("password", "User and password hold no control characters");
            return null;
        }
        if (!password.isEmpty()) return new Credentials(user, password);
        var known = now == null ? null : now.relay().credentials();
        if (now == null || known == null) {
            form.wrong("password", "The relay wants it with the user");
            return null;
        }
        if (!host.equals(now.relay().host()) || port != now.relay().port()) {
            form.wrong("password", "Enter it again: host or port have changed");
            return null;
        }
        return new Credentials(user, known.password());
    }

    private static int whole(Form form, String field, int most, int otherwise) {
        String text = form.text(field);
        if (text.matches("[0-9]{1,9}")) {
            int value = Integer.parseInt(text);
            if (value >= 1 && value <= most) return value;
        }
        form.wrong(field, "A number from 1 to %s".formatted(Moments.number(most)));
        return otherwise;
    }

    private static @Nullable Integer limit(Form form, String field) {
        return form.text(field).isEmpty() ? null : (Integer) whole(form, field, 1_000_000, 1);
    }

    private static @Nullable Double rate(Form form, String field) {
        String text = form.text(field);
        if (text.isEmpty()) return null;
        if (text.matches("[0-9]{1,6}(\\.[0-9]{1,3})?") && Double.parseDouble(text) > 0) {
            return Double.valueOf(text);
        }
        form.wrong(field, "A number above 0, such as 10 or 0.5");
        return null;
    }

    private static Form values(ConfiguredRelay relay) {
        var values = new LinkedHashMap<String, String>();
        var credentials = relay.relay().credentials();
        var limits = relay.limits();
        values.put("name", relay.name());
        values.put("host", relay.relay().host());
        values.put("port", String.valueOf(relay.relay().port()));
        values.put("security", relay.relay().security().name().toLowerCase(Locale.ROOT));
        values.put("user", credentials == null ? "" : credentials.user());
        values.put("domain", Objects.requireNonNullElse(relay.domain(), ""));
        values.put("weight", String.valueOf(relay.weight()));
        values.put("connections", text(limits.connections()));
        values.put("per_second", text(limits.perSecond()));
        values.put("per_hour", text(limits.perHour()));
        values.put("per_connection", text(limits.perConnection()));
        return Form.of(values);
    }

    private static String text(@Nullable Number limit) {
        return limit == null ? "" : String.valueOf(limit).replaceFirst("\\.0$", "");
    }
}
