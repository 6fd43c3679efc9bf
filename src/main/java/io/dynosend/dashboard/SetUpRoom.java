package io.dynosend.dashboard;

import io.dynosend.account.AccountSettings;
import io.dynosend.account.AccountSettings.Sender;
import io.dynosend.audience.Audience.ContactInformation;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.Audiences.NewAudience;
import io.dynosend.audience.TrackingMode;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Problem;
import io.dynosend.domain.SendingDomain;
import io.dynosend.domain.SendingDomains;
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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The set-up of a fresh server, once its owner has said who they are: the domain, the relay, and
 * who mail comes from. Each step may be left for later.
 */
public final class SetUpRoom implements Dashboard.Room {

    /** Where it begins. */
    static final String PATH = Dashboard.ROOT + "/setup";

    /**
     * A step on the way.
     *
     * @param done whether what it asks for is there
     */
    public record SetUpStage(String name, String href, boolean done, boolean here) {}

    private static final int SMTP_PORTS = 65_535;
    private static final List<String> OF_RELAY = List.of("host", "port", "security");

    private final SendingDomains domains;
    private final Relays relays;
    private final RelayTrials trials;
    private final Audiences audiences;
    private final AccountSettings settings;
    private final Templates templates = new StaticTemplates();

    public SetUpRoom(
            SendingDomains domains,
            Relays relays,
            RelayTrials trials,
            Audiences audiences,
            AccountSettings settings) {
        this.domains = domains;
        this.relays = relays;
        this.trials = trials;
        this.audiences = audiences;
        this.settings = settings;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/setup", administered(this::begin));
        doors.get(
                "/setup/domain", administered(visit -> showDomain(visit, suggestedDomain(visit))));
        doors.post("/setup/domain", administered(this::addDomain));
        doors.post("/setup/domain/check", administered(this::checkDomain));
        doors.get(
                "/setup/relay",
                administered(visit -> showRelay(visit, newRelay(visit), List.of())));
        doors.post("/setup/relay", administered(this::relay));
        doors.get("/setup/sender", administered(visit -> showSender(visit, newSender(visit))));
        doors.post("/setup/sender", administered(this::addSender));
    }

    private static Dashboard.Handler administered(Dashboard.Handler handler) {
        return visit -> {
            visit.requireAdmin();
            handler.handle(visit);
        };
    }

    private void begin(Visit visit) {
        var next =
                stages(visit, "").stream()
                        .filter(stage -> !stage.done() && !stage.href().equals(PATH))
                        .findFirst();
        visit.go(
                next.map(stage -> stage.href().substring(Dashboard.ROOT.length())).orElse(""),
                null);
    }

    private void showDomain(Visit visit, Form form) {
        visit.show(
                templates.dashboardSetupDomain(
                        visit, stages(visit, "domain"), domain(visit).orElse(null), form));
    }

    private Form suggestedDomain(Visit visit) {
        return Form.of(Map.of("domain", visit.session().email().domain()));
    }

    private void addDomain(Visit visit) {
        var form = Form.of(visit.http());
        String name = form.required("domain", "Such as example.org");
        if (form.isFine()) {
            try {
                var domain = domains.create(visit.account(), name);
                visit.note("added the domain %s".formatted(domain.domain()));
                visit.go("/setup/domain", null);
                return;
            } catch (Problem e) {
                form.wrong("domain", e.getMessage());
            }
        }
        visit.http().status(422);
        showDomain(visit, form);
    }

    private void checkDomain(Visit visit) {
        var domain = domain(visit).orElseThrow(() -> new Problem.NotFound("Domain"));
        var checked = domains.check(visit.account(), domain.uid());
        visit.go(
                "/setup/domain",
                checked.verifiedAt() == null
                        ? "Not all of it is there yet. DNS may take up to an hour; you can go on meanwhile."
                        : "All there: mail from %s is signed.".formatted(checked.domain()));
    }

    private Optional<SendingDomain> domain(Visit visit) {
        return domains.list(visit.account()).stream().findFirst();
    }

    private void showRelay(Visit visit, Form form, List<Step> steps) {
        visit.show(
                visit.wantsPart()
                        ? templates.dashboardSetupTrial(form, steps)
                        : templates.dashboardSetupRelay(
                                visit, stages(visit, "relay"), form, steps));
    }

    private Form newRelay(Visit visit) {
        return Form.of(
                Map.of(
                        "port",
                        "587",
                        "security",
                        "starttls",
                        "from",
                        visit.session().email().value()));
    }

    private void relay(Visit visit) {
        var form = Form.of(visit.http());
        boolean saves = form.value("do").equals("save");
        var wanted = relaySettings(form);
        var from = saves ? visit.session().email() : form.email("from");
        if (wanted != null && form.isFine()) {
            try {
                if (saves) save(visit, wanted);
                else showRelay(visit, form, tried(visit, wanted, from));
                return;
            } catch (Problem e) {
                form.refused(e, OF_RELAY);
            }
        }
        // What comes with an error is not put into the page.
        if (!visit.wantsPart()) visit.http().status(422);
        showRelay(visit, form, List.of());
    }

    private void save(Visit visit, RelaySettings wanted) {
        var made = relays.create(visit.account(), wanted);
        visit.note("added the relay “%s”".formatted(made.name()));
        visit.go("/setup/sender", "The relay is saved: mail goes out through it from now on.");
    }

    // To who asks for it and nobody else.
    private List<Step> tried(Visit visit, RelaySettings wanted, EmailAddress from) {
        var steps = trials.send(visit.account(), wanted, from, visit.session().email());
        boolean sent = steps.stream().noneMatch(step -> step.outcome() == Outcome.FAILED);
        visit.note(
                "tested the relay “%s”: %s"
                        .formatted(wanted.name(), sent ? "it works" : "it failed"));
        return steps;
    }

    private static @Nullable RelaySettings relaySettings(Form form) {
        String host = form.required("host", "Name the server, such as smtp.example.com");
        String port = form.text("port");
        boolean number = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= SMTP_PORTS;
        if (!number) form.wrong("port", "A number, such as 587");
        String user = form.text("user");
        String password = form.value("password");
        if (user.isEmpty() && !password.isEmpty()) form.wrong("user", "A password needs its user");
        if (!user.isEmpty() && password.isEmpty()) {
            form.wrong("password", "The relay wants it with the user");
        }
        if ((user + password).chars().anyMatch(Character::isISOControl)) {
            form.wrong("password", "User and password hold no control characters");
        }
        if (!form.isFine()) return null;
        try {
            return new RelaySettings(
                    host,
                    host,
                    Integer.parseInt(port),
                    security(form),
                    user.isEmpty() ? null : new Credentials(user, password),
                    null,
                    1,
                    RelayLimits.NONE);
        } catch (Problem.BadInput e) {
            form.refused(e, OF_RELAY);
            return null;
        }
    }

    /** What a field of the relay is called on the page. */
    public static String label(String field) {
        return switch (field) {
            case "host" -> "Host";
            case "port" -> "Port";
            case "user" -> "User";
            case "password" -> "Password";
            default -> "Sender of the test";
        };
    }

    private static Security security(Form form) {
        return switch (form.value("security")) {
            case "tls" -> Security.TLS;
            case "starttls_if_offered" -> Security.STARTTLS_IF_OFFERED;
            default -> Security.STARTTLS;
        };
    }

    private void showSender(Visit visit, Form form) {
        visit.show(templates.dashboardSetupSender(visit, stages(visit, "sender"), form));
    }

    private Form newSender(Visit visit) {
        var values = new LinkedHashMap<String, String>();
        values.put("name", "Newsletter");
        domain(visit).ifPresent(domain -> values.put("from_email", "news@" + domain.domain()));
        return Form.of(values);
    }

    private void addSender(Visit visit) {
        var form = Form.of(visit.http());
        String name = form.required("name", "Such as “Newsletter”");
        String sender =
                form.required("from_name", "Whom do readers know? Such as “Ada of Example”");
        var email = form.email("from_email");
        form.required("address_1", "The law of several countries wants it in every newsletter");
        form.required("city", "Where is that?");
        boolean first = audiences.list(visit.account()).isEmpty();
        if (form.isFine()) {
            try {
                audiences.create(
                        visit.account(),
                        new NewAudience(
                                name,
                                "",
                                email,
                                sender,
                                form.checked("double_opt_in"),
                                TrackingMode.INDIVIDUAL,
                                address(form),
                                null,
                                null));
                String company = form.text("company");
                settings.change(
                        visit.account(),
                        !first
                                ? settings.get(visit.account()).name()
                                : company.isEmpty() ? sender : company,
                        new Sender(sender, email));
                visit.note("created the audience “%s”".formatted(name));
                visit.go("", "All set. Add your contacts, then write your first campaign.");
                return;
            } catch (Problem.BadInput e) {
                form.refused(e);
            }
        }
        visit.http().status(422);
        showSender(visit, form);
    }

    private static ContactInformation address(Form form) {
        return new ContactInformation(
                form.text("company"),
                form.text("address_1"),
                "",
                form.text("country"),
                "",
                form.text("zip"),
                form.text("city"),
                "",
                "",
                "");
    }

    private List<SetUpStage> stages(Visit visit, String here) {
        long account = visit.account();
        return List.of(
                new SetUpStage("You", PATH, true, false),
                stage("Domain", "domain", !domains.list(account).isEmpty(), here),
                stage("Relay", "relay", !relays.list(account).isEmpty(), here),
                stage("Sender", "sender", !audiences.list(account).isEmpty(), here));
    }

    private static SetUpStage stage(String name, String step, boolean done, String here) {
        return new SetUpStage(name, PATH + "/" + step, done, here.equals(step));
    }
}
