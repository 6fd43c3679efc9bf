package io.dynosend.dashboard;

import io.dynosend.account.ApiToken;
import io.dynosend.account.ApiTokens;
import io.dynosend.account.Principal;
import io.dynosend.account.Scope;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.templates.StaticTemplates;
import io.dynosend.templates.Templates;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a developer needs: where to ask, and a token. */
public final class ApiRoom implements Dashboard.Room {

    private final ApiTokens tokens;
    private final String baseUrl;
    private final Templates templates = new StaticTemplates();

    /**
     * @param baseUrl of this installation, without a slash at its end
     */
    public ApiRoom(ApiTokens tokens, String baseUrl) {
        this.tokens = tokens;
        this.baseUrl = baseUrl;
    }

    @Override
    public void open(Dashboard.Doors doors) {
        doors.get("/api", visit -> show(visit, Form.empty(), ""));
        doors.post("/api/tokens", this::issue);
        doors.post("/api/tokens/{token}/revoke", this::revoke);
    }

    /** What revoking does, before it is done. */
    public static String revocation(ApiToken token) {
        return "Revoke the token “%s”? What uses it stops working at once.".formatted(token.name());
    }

    /** What a scope is called. */
    public static String label(Scope scope) {
        return switch (scope) {
            case CONTACTS -> "Contacts";
            case CAMPAIGNS -> "Campaigns";
            case TRANSACTIONAL -> "Transactional";
        };
    }

    /** What it covers. */
    public static String covers(Scope scope) {
        return switch (scope) {
            case CONTACTS -> "Audiences, contacts, events, imports and the blacklist";
            case CAMPAIGNS -> "Campaigns, templates, domains and relays";
            case TRANSACTIONAL -> "Transactional messages";
        };
    }

    private void show(Visit visit, Form form, String issued) {
        visit.show(
                templates.dashboardApi(
                        visit,
                        tokens.list(visit.user()),
                        List.of(Scope.values()),
                        baseUrl,
                        form,
                        issued));
    }

    // Shown in the answer to the form itself: it is kept nowhere, so no other page can show it.
    private void issue(Visit visit) {
        var form = Form.of(visit.http());
        String name = form.required("name", "Say what will use it");
        Set<Scope> scopes =
                Arrays.stream(Scope.values())
                        .filter(scope -> form.checked("scope_" + scope.wire()))
                        .collect(Collectors.toSet());
        if (scopes.isEmpty()) form.wrong("scopes", "Tick at least one");
        if (!form.isFine()) {
            visit.http().status(422);
            show(visit, form, "");
            return;
        }
        var user = visit.user();
        var holder =
                new Principal(
                        user.account(),
                        user.user(),
                        user.role(),
                        scopes,
                        form.checked("read_only"));
        String token = tokens.issue(holder, name);
        visit.note("created the API token “%s”".formatted(name));
        show(visit, Form.empty(), token);
    }

    private void revoke(Visit visit) {
        long id = visit.number("token");
        var token =
                tokens.list(visit.user()).stream()
                        .filter(each -> each.id() == id)
                        .findFirst()
                        .orElseThrow(() -> new NotFound("Token"));
        if (!visit.confirms(revocation(token), "Revoke the token")) return;
        tokens.revoke(visit.user(), id);
        visit.note("revoked the API token “%s”".formatted(token.name()));
        visit.go("/api", "“%s” is revoked; its next request is refused.".formatted(token.name()));
    }
}
