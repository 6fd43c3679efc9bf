package io.dynosend;

import io.dynosend.account.AccountSettings;
import io.dynosend.account.Accounts;
import io.dynosend.account.Accounts.Credentials;
import io.dynosend.account.Accounts.FirstAccount;
import io.dynosend.account.ApiTokens;
import io.dynosend.account.AuditLog;
import io.dynosend.account.BasicSignIn;
import io.dynosend.account.HalfWay;
import io.dynosend.account.IdempotentAnswers;
import io.dynosend.account.Passkeys;
import io.dynosend.account.PasswordLinks;
import io.dynosend.account.Passwords;
import io.dynosend.account.People;
import io.dynosend.account.Quotas;
import io.dynosend.account.RateLimit;
import io.dynosend.account.Sessions;
import io.dynosend.account.SignInAttempts;
import io.dynosend.account.SigningKey;
import io.dynosend.account.TwoStep;
import io.dynosend.account.Users;
import io.dynosend.account.Vault;
import io.dynosend.api.Admissions;
import io.dynosend.api.Api;
import io.dynosend.api.ApiErrors;
import io.dynosend.api.AudiencesApi;
import io.dynosend.api.BlacklistApi;
import io.dynosend.api.CampaignControlApi;
import io.dynosend.api.CampaignsApi;
import io.dynosend.api.ContactBatchApi;
import io.dynosend.api.ContactsApi;
import io.dynosend.api.DomainsApi;
import io.dynosend.api.EventsApi;
import io.dynosend.api.Execution;
import io.dynosend.api.ImportsApi;
import io.dynosend.api.OpenApi;
import io.dynosend.api.OptInApi;
import io.dynosend.api.RelaysApi;
import io.dynosend.api.TemplatesApi;
import io.dynosend.api.TimelineApi;
import io.dynosend.api.TransactionalApi;
import io.dynosend.audience.Audiences;
import io.dynosend.audience.ContactCounts;
import io.dynosend.blacklist.Blacklist;
import io.dynosend.bounce.Bounces;
import io.dynosend.campaign.AudienceDeletion;
import io.dynosend.campaign.CampaignComposer;
import io.dynosend.campaign.CampaignControl;
import io.dynosend.campaign.CampaignList;
import io.dynosend.campaign.CampaignTemplates;
import io.dynosend.campaign.Campaigns;
import io.dynosend.campaign.ClickMaps;
import io.dynosend.campaign.Drafts;
import io.dynosend.campaign.FieldUses;
import io.dynosend.campaign.Previews;
import io.dynosend.campaign.QualityGates;
import io.dynosend.campaign.ReceivingDomains;
import io.dynosend.campaign.Recipients;
import io.dynosend.campaign.Schedules;
import io.dynosend.campaign.WebVersions;
import io.dynosend.common.Problem;
import io.dynosend.contact.BulkChanges;
import io.dynosend.contact.ContactFigures;
import io.dynosend.contact.ContactSearch;
import io.dynosend.contact.Contacts;
import io.dynosend.contact.EmptyFields;
import io.dynosend.contact.Events;
import io.dynosend.contact.ImportJobs;
import io.dynosend.contact.ImportPreviews;
import io.dynosend.contact.Imports;
import io.dynosend.contact.Reach;
import io.dynosend.contact.Timeline;
import io.dynosend.dashboard.ApiRoom;
import io.dynosend.dashboard.AudienceRoom;
import io.dynosend.dashboard.AuditRoom;
import io.dynosend.dashboard.BlacklistRoom;
import io.dynosend.dashboard.CampaignListRoom;
import io.dynosend.dashboard.ContactRoom;
import io.dynosend.dashboard.Dashboard;
import io.dynosend.dashboard.DomainRoom;
import io.dynosend.dashboard.EditorRoom;
import io.dynosend.dashboard.Entrance;
import io.dynosend.dashboard.FormRoom;
import io.dynosend.dashboard.HomeRoom;
import io.dynosend.dashboard.ImportRoom;
import io.dynosend.dashboard.MailboxDoor;
import io.dynosend.dashboard.OneContactRoom;
import io.dynosend.dashboard.PasswordPages;
import io.dynosend.dashboard.PeopleRoom;
import io.dynosend.dashboard.RecipientsRoom;
import io.dynosend.dashboard.RelayRoom;
import io.dynosend.dashboard.RelayTroubles;
import io.dynosend.dashboard.ReportHead;
import io.dynosend.dashboard.ReportRoom;
import io.dynosend.dashboard.ReviewRoom;
import io.dynosend.dashboard.SearchRoom;
import io.dynosend.dashboard.SessionCookie;
import io.dynosend.dashboard.SetUpRoom;
import io.dynosend.dashboard.SettingsRoom;
import io.dynosend.dashboard.SignInPages;
import io.dynosend.dashboard.StatisticsRoom;
import io.dynosend.dashboard.TemplateRoom;
import io.dynosend.dashboard.TransactionalRoom;
import io.dynosend.dashboard.YouRoom;
import io.dynosend.database.MonthlyPartitions;
import io.dynosend.domain.SendingDomains;
import io.dynosend.domain.TextRecords;
import io.dynosend.jobs.Jobs;
import io.dynosend.mailbox.Mailbox;
import io.dynosend.mailbox.MailboxAccess;
import io.dynosend.mailbox.MailboxPages;
import io.dynosend.notification.UserMails;
import io.dynosend.optin.Confirmations;
import io.dynosend.optin.Consents;
import io.dynosend.optin.OptIns;
import io.dynosend.optin.ResponseMails;
import io.dynosend.optin.SignUpForms;
import io.dynosend.optin.SignUpLimits;
import io.dynosend.optin.SignUps;
import io.dynosend.optin.SubscriptionMails;
import io.dynosend.optin.UnansweredRequests;
import io.dynosend.pages.Assets;
import io.dynosend.pages.ConfirmPages;
import io.dynosend.pages.ErrorPages;
import io.dynosend.pages.FormPages;
import io.dynosend.pages.HomePage;
import io.dynosend.pages.Leaving;
import io.dynosend.pages.PreferencesPages;
import io.dynosend.pages.TrackingPages;
import io.dynosend.pages.ViewPages;
import io.dynosend.reference.ReferencePage;
import io.dynosend.relay.ConfiguredRelay;
import io.dynosend.relay.OperatorRelays;
import io.dynosend.relay.RelayAddresses;
import io.dynosend.relay.RelayHealths;
import io.dynosend.relay.RelayTrials;
import io.dynosend.relay.Relays;
import io.dynosend.sending.Alarms;
import io.dynosend.sending.Couriers;
import io.dynosend.sending.Deliveries;
import io.dynosend.sending.Ledger;
import io.dynosend.sending.LedgerHome;
import io.dynosend.sending.MailingControl;
import io.dynosend.sending.Mailings;
import io.dynosend.sending.Outbox;
import io.dynosend.sending.OutcomeCounts;
import io.dynosend.sending.RecipientErasure;
import io.dynosend.template.Authoring;
import io.dynosend.template.SharedBlocks;
import io.dynosend.template.TemplatePreviews;
import io.dynosend.template.Templates;
import io.dynosend.tracking.EngagementErasure;
import io.dynosend.tracking.EngagementHours;
import io.dynosend.tracking.Engagements;
import io.dynosend.tracking.LinkClicks;
import io.dynosend.tracking.Links;
import io.dynosend.tracking.TrackingRefusals;
import io.dynosend.tracking.TrackingTokens;
import io.dynosend.transactional.Dispatches;
import io.dynosend.transactional.TransactionalPreviews;
import io.dynosend.transactional.TransactionalTemplates;
import io.dynosend.transactional.Transactionals;
import io.dynosend.transactional.Wordings;
import io.dynosend.web.WebVisitor;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.SizeUnit;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that knows every room: it builds them, wires them and opens the door. */
public final class Application implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Application.class);

    private static final int LARGEST_FORM_KB = 64;

    private final Accounts accounts;
    private final Users users;
    private final ApiTokens apiTokens;
    private final Quotas quotas;
    private final Outbox outbox;
    private final Engagements engagements;
    private final UnansweredRequests unansweredRequests;
    private final Optional<Credentials> firstCredentials;
    private final Optional<String> setupLink;
    private final Api api;
    private final Dashboard dashboard;
    private final Javalin web;
    private final Jobs jobs;
    private final Couriers couriers;
    private final @Nullable Mailbox mailbox;
    private final String baseUrl;

    /**
     * Starts everything and returns once it answers.
     *
     * @param database migrated; stays the caller's to close
     */
    Application(Config config, DataSource database, InstantSource clock) {
        this(config, database, clock, Passwords.ARGON2ID);
    }

    /** As above, with passwords that cost more or less to hash. */
    Application(Config config, DataSource database, InstantSource clock, Passwords passwords) {
        var jdbi = jdbi(database);
        // Before anything is made whose secrets are shown once the door is open.
        int port = freePort(config.port());
        baseUrl = config.baseUrl().orElse("http://localhost:" + port);

        users = new Users(jdbi, clock, passwords);
        apiTokens = new ApiTokens(jdbi, clock);
        accounts = new Accounts(jdbi, clock, users, apiTokens);
        firstCredentials = accounts.createFirst(firstAccount(config));
        var signingKey = SigningKey.load(jdbi, config.secret());
        var trackingTokens = new TrackingTokens(signingKey);

        var audiences = new Audiences(jdbi, clock);
        var idempotentAnswers = new IdempotentAnswers(jdbi, clock);
        var blacklist = new Blacklist(jdbi, clock);
        quotas = new Quotas(jdbi, clock);
        var domains =
                new SendingDomains(
                        jdbi,
                        clock,
                        new Vault(signingKey, "DKIM keys"),
                        new TextRecords(config.dnsServer()));
        outbox = new Outbox(jdbi, clock, quotas, domains::signed);
        var confirmations =
                new Confirmations(
                        jdbi, clock, signingKey, audiences, outbox, trackingTokens, baseUrl);
        var subscriptionMails =
                new SubscriptionMails(
                        confirmations,
                        new ResponseMails(
                                clock,
                                audiences,
                                outbox,
                                trackingTokens,
                                baseUrl,
                                config.inboundDomain()));
        var contacts =
                new Contacts(
                        jdbi,
                        clock,
                        subscriptionMails,
                        List.of(
                                new EngagementErasure(),
                                new RecipientErasure(),
                                (tx, erased) ->
                                        idempotentAnswers.forget(
                                                tx, erased.account(), erased.addresses())));
        var imports = new Imports(jdbi, clock, audiences);
        var links = new Links(jdbi);
        var refusals = new TrackingRefusals(jdbi, clock);
        engagements = new Engagements(jdbi, clock, contacts);
        var optIns =
                new OptIns(jdbi, clock, contacts, confirmations, subscriptionMails, trackingTokens);

        unansweredRequests = new UnansweredRequests(jdbi, clock, contacts);

        var mailings = new Mailings(jdbi, clock, quotas);
        var deliveries = new Deliveries(jdbi);
        var templates =
                new Templates(
                        jdbi,
                        clock,
                        List.of(new CampaignTemplates(), new TransactionalTemplates()));
        var sharedBlocks = new SharedBlocks(jdbi);
        var authoring = new Authoring(templates, sharedBlocks);
        var campaigns =
                new Campaigns(
                        jdbi,
                        clock,
                        audiences,
                        mailings,
                        deliveries,
                        engagements,
                        links,
                        authoring);
        var schedules = new Schedules(jdbi, clock, campaigns, audiences);
        var drafts = new Drafts(jdbi, campaigns, schedules);
        var previews =
                new Previews(
                        jdbi,
                        clock,
                        campaigns,
                        audiences,
                        contacts,
                        outbox,
                        trackingTokens,
                        baseUrl);
        var audienceDeletion = new AudienceDeletion(jdbi, audiences, mailings);
        var transactionals = new Transactionals(jdbi, clock, audiences, authoring);
        var wordings = new Wordings(audiences, transactionals);
        var dispatches = new Dispatches(jdbi, clock, wordings, contacts, outbox, trackingTokens);
        var composer =
                new CampaignComposer(
                        campaigns,
                        audiences,
                        contacts,
                        refusals,
                        trackingTokens,
                        domains,
                        baseUrl,
                        config.inboundDomain());

        List<ConfiguredRelay> ofOperator = config.relays();
        if (ofOperator.isEmpty()) {
            mailbox = Mailbox.start(config.data().resolve("mailbox"), 0, clock);
            ofOperator =
                    OperatorRelays.parse("smtp://127.0.0.1:" + mailbox.smtpPort(), "localhost");
        } else {
            mailbox = null;
        }
        var relayHealths = new RelayHealths(jdbi);
        var relayAddresses = new RelayAddresses(config.relayHosts());
        var relays =
                new Relays(
                        jdbi,
                        clock,
                        new Vault(signingKey, "relay passwords"),
                        relayAddresses,
                        ofOperator,
                        mailbox == null,
                        config.helloName());
        var relayTrials =
                new RelayTrials(
                        jdbi,
                        clock,
                        relayAddresses,
                        (account, from, message, at) ->
                                jdbi.withHandle(
                                        db -> domains.signed(db, account, from, message, at)),
                        config.helloName());
        var ledgerHome = new LedgerHome(jdbi, config.data());
        ledgerHome.moveIn();
        if (ledgerHome.isRestored()) schedules.holdDue();
        var ledger = new Ledger(jdbi, UUID.randomUUID());
        couriers =
                new Couriers(
                        jdbi,
                        ledger,
                        composer,
                        new Bounces(blacklist),
                        relays,
                        relayHealths,
                        config.smtpConnections(),
                        config.retriedFor(),
                        clock);

        var campaignControl =
                new CampaignControl(
                        jdbi, clock, campaigns, new MailingControl(jdbi, clock), trackingTokens);
        var gates = new QualityGates(campaigns, audiences, previews, domains, new WebVisitor());
        var linkClicks = new LinkClicks(jdbi);
        var engagementHours = new EngagementHours(jdbi);
        var campaignList = new CampaignList(jdbi, new OutcomeCounts(jdbi), engagementHours);
        var timeline = new Timeline(jdbi, contacts);
        var consents = new Consents(jdbi, contacts);
        var contactSearch = new ContactSearch(jdbi, clock);
        var bulkChanges = new BulkChanges(jdbi, clock, contactSearch, contacts);
        var contactFigures = new ContactFigures(jdbi, clock);
        var importJobs = new ImportJobs(jdbi, clock, audiences);
        var signUpForms = new SignUpForms(jdbi, clock, audiences);
        var signUpLimits = new SignUpLimits(jdbi, clock, signingKey);
        var formPages =
                new FormPages(signUpForms, new SignUps(contacts, blacklist, optIns, signUpLimits));
        api =
                new Api(
                        new Admissions(apiTokens, new RateLimit(jdbi, config.bench())),
                        new Execution(jdbi, idempotentAnswers),
                        List.of(
                                new AudiencesApi(audiences, audienceDeletion),
                                new ContactsApi(contacts, audiences),
                                new ContactBatchApi(contacts, audiences),
                                new OptInApi(optIns, consents),
                                new TimelineApi(timeline),
                                new EventsApi(new Events(jdbi, clock, contacts)),
                                new BlacklistApi(blacklist),
                                new DomainsApi(domains),
                                new RelaysApi(relays, relayHealths),
                                new CampaignControlApi(campaigns, campaignControl),
                                new TemplatesApi(templates),
                                new ImportsApi(imports),
                                new CampaignsApi(
                                        campaigns,
                                        schedules,
                                        previews,
                                        new FieldUses(campaigns, audiences, new EmptyFields(jdbi)),
                                        gates,
                                        deliveries,
                                        linkClicks),
                                new TransactionalApi(transactionals, dispatches)));
        var trackingPages =
                new TrackingPages(
                        trackingTokens, engagements, links, refusals, contacts, audiences);
        var confirmPages = new ConfirmPages(optIns);
        var preferencesPages = new PreferencesPages(trackingTokens, contacts, audiences);
        var viewPages =
                new ViewPages(
                        trackingTokens,
                        new WebVersions(
                                clock, campaigns, audiences, contacts, trackingTokens, baseUrl));
        var audit = new AuditLog(jdbi, clock);
        var passwordLinks = new PasswordLinks(jdbi, clock, users, audit);
        setupLink = setupLink(config, passwordLinks);
        var people = new People(jdbi, users, passwordLinks, audit);
        var accountSettings = new AccountSettings(jdbi);
        var userMails =
                new UserMails(
                        jdbi,
                        clock,
                        users,
                        passwordLinks,
                        people,
                        accountSettings,
                        audiences,
                        outbox,
                        trackingTokens,
                        baseUrl,
                        key -> PasswordPages.link(baseUrl, key));
        var attempts = new SignInAttempts(jdbi, clock);
        var twoStep = new TwoStep(jdbi, clock, new Vault(signingKey, "second steps"), audit);
        var passkeys = new Passkeys(jdbi, clock, audit, baseUrl);
        var sessions = new Sessions(jdbi, clock);
        var sessionCookie = new SessionCookie(baseUrl);
        var entrance =
                new Entrance(
                        sessions,
                        sessionCookie,
                        new HalfWay(jdbi, clock),
                        twoStep,
                        passwordLinks,
                        audit,
                        baseUrl);
        var relayTroubles = new RelayTroubles(relays, relayHealths);
        var reportHeads = new ReportHead.Heads(campaignList, campaigns, clock);
        dashboard =
                new Dashboard(
                        sessions,
                        sessionCookie,
                        audit,
                        mailbox != null,
                        List.of(
                                new HomeRoom(
                                        campaignList,
                                        audiences,
                                        domains,
                                        relayTroubles,
                                        quotas,
                                        engagementHours,
                                        contactFigures,
                                        clock),
                                // Before the campaigns: “new” is not the name of one.
                                new EditorRoom(campaigns, audiences, drafts, templates),
                                new ReviewRoom(
                                        campaigns,
                                        audiences,
                                        contacts,
                                        contactSearch,
                                        drafts,
                                        previews,
                                        gates,
                                        schedules,
                                        campaignControl,
                                        quotas,
                                        new Reach(jdbi),
                                        relayTroubles),
                                new CampaignListRoom(campaigns, campaignList, audiences),
                                new RecipientsRoom(
                                        reportHeads, new Recipients(jdbi), campaignControl),
                                new ReportRoom(
                                        reportHeads,
                                        campaigns,
                                        campaignControl,
                                        new ReceivingDomains(jdbi),
                                        linkClicks,
                                        engagementHours,
                                        new ClickMaps(clock, campaigns, audiences, linkClicks),
                                        previews,
                                        clock),
                                new AudienceRoom(
                                        audiences, audienceDeletion, contactSearch, bulkChanges),
                                new StatisticsRoom(audiences, contactFigures, clock),
                                new FormRoom(audiences, signUpForms, baseUrl),
                                new ImportRoom(audiences, importJobs, new ImportPreviews(jdbi)),
                                new ContactRoom(
                                        contacts,
                                        audiences,
                                        contactSearch,
                                        bulkChanges,
                                        contactFigures,
                                        importJobs),
                                new OneContactRoom(
                                        contacts, audiences, blacklist, timeline, consents, optIns),
                                new SearchRoom(
                                        campaigns,
                                        audiences,
                                        contactSearch,
                                        templates,
                                        transactionals),
                                new BlacklistRoom(blacklist),
                                new DomainRoom(domains),
                                new RelayRoom(relays, relayHealths, relayTrials, mailbox != null),
                                new TemplateRoom(
                                        templates, new TemplatePreviews(clock, sharedBlocks)),
                                new TransactionalRoom(
                                        transactionals,
                                        dispatches,
                                        new TransactionalPreviews(
                                                jdbi,
                                                clock,
                                                audiences,
                                                wordings,
                                                outbox,
                                                trackingTokens),
                                        audiences,
                                        templates,
                                        baseUrl),
                                new ApiRoom(apiTokens, baseUrl),
                                new PeopleRoom(people, userMails, baseUrl),
                                new AuditRoom(audit),
                                new SettingsRoom(accountSettings, userMails, quotas, baseUrl),
                                new SetUpRoom(
                                        domains, relays, relayTrials, audiences, accountSettings),
                                new YouRoom(users, sessions, attempts, twoStep, passkeys)));
        var signInPages =
                new SignInPages(users, attempts, twoStep, passkeys, userMails, entrance, audit);
        var passwordPages = new PasswordPages(passwordLinks, entrance);
        var mailboxDoor =
                new MailboxDoor(
                        dashboard,
                        new BasicSignIn(users, attempts, audit, "the built-in mailbox"),
                        twoStep,
                        accounts,
                        audit);
        Supplier<Leaving> leaving =
                () ->
                        mailbox == null
                                ? Leaving.ALL
                                : relays.anyOfAccounts() ? Leaving.SOME : Leaving.NOTHING;
        var openApi = OpenApi.load();
        var health = new Health(jdbi);
        web =
                Javalin.create(http -> {
                    settings(http);
                    var proxies = new TrustedProxies(config.trustedProxies());
                    http.contextResolver.ip = proxies::ip;
                    http.contextResolver.scheme = proxies::scheme;
                    refuseDisguisedVerbs(http);
                    errors(http, dashboard);
                    api.routes(http.routes);
                    openApi.routes(http.routes);
                    new ReferencePage(openApi, baseUrl, mailbox != null).routes(http.routes);
                    trackingPages.routes(http.routes);
                    confirmPages.routes(http.routes);
                    formPages.routes(http.routes);
                    viewPages.routes(http.routes);
                    preferencesPages.routes(http.routes);
                    new HomePage(leaving, baseUrl, entrance::isFresh).routes(http.routes);
                    signInPages.routes(http.routes);
                    passwordPages.routes(http.routes);
                    dashboard.routes(http.routes);
                    Assets.routes(http.routes);
                    health.routes(http.routes);
                    if (config.metricsToken() != null) {
                        new Metrics(jdbi, couriers, config.metricsToken()).routes(http.routes);
                    }
                    if (mailbox != null) {
                        // Behind a public address every connection comes from the proxy beside
                        // us: then all sign in.
                        var access =
                                new MailboxAccess(
                                        config.baseUrl().isEmpty(),
                                        mailboxDoor::signIn,
                                        mailboxDoor::isOpen);
                        new MailboxPages(mailbox, access, leaving, mailboxDoor).routes(http.routes);
                    }
                });
        start(web, port);
        jobs =
                new Jobs(
                        mailings,
                        schedules,
                        couriers,
                        ledgerHome,
                        new Alarms(jdbi, clock, relays, relayHealths),
                        outbox,
                        new MonthlyPartitions(
                                jdbi, clock, List.of("engagement_event", "contact_event")),
                        idempotentAnswers,
                        confirmations,
                        unansweredRequests,
                        importJobs,
                        bulkChanges,
                        engagementHours,
                        new ContactCounts(jdbi),
                        contactFigures,
                        signUpLimits);
        if (mailbox != null) {
            log.warn(
                    "No relay is configured: {} leaves this machine. Mail is kept in the built-in"
                            + " mailbox, see {}/mailbox. Set DYNOSEND_SMTP_URL to send for real",
                    relays.anyOfAccounts() ? "only mail of accounts with their own" : "nothing",
                    baseUrl);
        }
    }

    Accounts accounts() {
        return accounts;
    }

    Api api() {
        return api;
    }

    Dashboard dashboard() {
        return dashboard;
    }

    Users users() {
        return users;
    }

    ApiTokens apiTokens() {
        return apiTokens;
    }

    Quotas quotas() {
        return quotas;
    }

    Outbox outbox() {
        return outbox;
    }

    UnansweredRequests unansweredRequests() {
        return unansweredRequests;
    }

    Engagements engagements() {
        return engagements;
    }

    /** Of the account made by this start; empty when there was one. They cannot be read again. */
    Optional<Credentials> firstCredentials() {
        return firstCredentials;
    }

    /** Where the owner of a server that nobody has set up says who they are; works once. */
    Optional<String> setupLink() {
        return setupLink;
    }

    /** An API token of the owner of the first account. */
    String newToken() {
        return apiTokens.issue(accounts.firstOwner().orElseThrow(), "command line");
    }

    String baseUrl() {
        return baseUrl;
    }

    /** Of this machine, whatever the base URL says. */
    int port() {
        return web.port();
    }

    /**
     * Answers what is being asked, finishes what is behind the barrier, and gives back the rest.
     */
    @Override
    public void close() {
        // The leases are renewed until the last answer is in.
        couriers.close();
        jobs.close();
        web.stop();
        if (mailbox != null) mailbox.close();
    }

    /** Access to a database with the array types that our statements bind. */
    static Jdbi jdbi(DataSource database) {
        return Jdbi.create(database)
                .registerArrayType(String.class, "text")
                .registerArrayType(Long.class, "int8")
                .registerArrayType(Integer.class, "int4")
                .registerArrayType(Double.class, "float8")
                .registerArrayType(Boolean.class, "bool");
    }

    private static void settings(JavalinConfig http) {
        http.concurrency.useVirtualThreads = true;
        http.startup.showJavalinBanner = false;
        http.jetty.modifyServer(server -> server.setErrorHandler(new ServerErrors()));
        http.jetty.modifyServletContextHandler(context -> {
            context.setErrorHandler(new ServerErrors());
            context.setMaxFormContentSize(Api.LARGEST_FORM);
        });
        http.router.javaLangErrorHandler(ServerErrors::fatal);
        // Of pages; the API sets its own for each operation.
        http.jetty.multipartConfig.maxFileSize(LARGEST_FORM_KB, SizeUnit.KB);
        http.jetty.multipartConfig.maxTotalRequestSize(LARGEST_FORM_KB, SizeUnit.KB);
    }

    // The framework would let a header turn a GET into a POST; no GET changes anything here.
    private static void refuseDisguisedVerbs(JavalinConfig http) {
        http.routes.before(ctx -> {
            if (ctx.header("X-HTTP-Method-Override") != null) {
                throw new BadRequestResponse("X-HTTP-Method-Override is not taken");
            }
        });
    }

    // One server, two kinds of readers: programs get JSON, people a page.
    private static void errors(JavalinConfig http, Dashboard dashboard) {
        http.routes.exception(
                Problem.class,
                (problem, ctx) -> {
                    if (ApiErrors.concerns(ctx)) ApiErrors.problem(problem, ctx);
                    else ErrorPages.problem(problem, ctx);
                });
        http.routes.exception(
                HttpResponseException.class,
                (refusal, ctx) -> {
                    if (ApiErrors.concerns(ctx)) ApiErrors.refused(refusal, ctx);
                    else if (refusal.getStatus() != 404 || !dashboard.frameMissing(ctx)) {
                        ErrorPages.refused(refusal, ctx);
                    }
                });
        http.routes.exception(
                Exception.class,
                (bug, ctx) -> {
                    if (ApiErrors.concerns(ctx)) ApiErrors.bug(bug, ctx);
                    else ErrorPages.bug(bug, ctx);
                });
    }

    // Whoever configured the password knows who they are. Until somebody has come, every start
    // makes
    // a link: who looks for it looks at the end of the log.
    private Optional<String> setupLink(Config config, PasswordLinks links) {
        boolean made = firstCredentials.isPresent() && config.firstLogin().password() == null;
        return (made ? accounts.firstOwner() : links.notSetUp())
                .map(owner -> PasswordPages.link(baseUrl, links.make(owner, true)));
    }

    private static FirstAccount firstAccount(Config config) {
        var login = config.firstLogin();
        return new FirstAccount(login.email(), login.password(), login.apiToken());
    }

    private static void start(Javalin web, int port) {
        try {
            web.start(port);
        } catch (JavalinBindException e) {
            throw new Config.Invalid(
                    "Port %d is taken; stop who has it, or set DYNOSEND_PORT".formatted(port));
        }
    }

    /** The port itself, or any free one for 0. */
    private static int freePort(int wanted) {
        try (var socket = new ServerSocket(wanted)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new Config.Invalid(
                    "Port %d is taken; stop who has it, or set DYNOSEND_PORT".formatted(wanted));
        }
    }
}
