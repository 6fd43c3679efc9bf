package io.dynosend.dashboard;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;

/** Light or dark: as the system has it, or as somebody wants it in this browser. */
final class Theme {

    private static final String COOKIE = "dynosend-theme";
    private static final List<String> CHOICES = List.of("light", "dark");
    private static final Duration KEPT = Duration.ofDays(400);

    private Theme() {}

    /** What was chosen; empty: nothing. */
    static String of(Context http) {
        var chosen = http.cookie(COOKIE);
        return chosen != null && CHOICES.contains(chosen) ? chosen : "";
    }

    static void choose(Visit visit) {
        String wanted = Form.of(visit.http()).text("theme");
        boolean known = CHOICES.contains(wanted);
        visit.http()
                .header(
                        "Set-Cookie",
                        "%s=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Lax"
                                .formatted(
                                        COOKIE,
                                        known ? wanted : "",
                                        Dashboard.ROOT,
                                        known ? KEPT.toSeconds() : 0));
        visit.go("/you", null);
    }
}
