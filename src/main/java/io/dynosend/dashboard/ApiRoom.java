package io.dynosend.dashboard;

import io.dynosend.account.ApiTokens;
import io.dynosend.account.Principal;
import io.dynosend.account.Scope;
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
        if (scopes.isEmpty()) form.wrong("scopes", "Tick what it may do");
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
        show(visit, Form.empty(), tokens.issue(holder, name));
    }

    private void revoke(Visit visit) {
        tokens.revoke(visit.user(), visit.number("token"));
        visit.go("/api", "The token is revoked; its next request is refused.");
    }
}
