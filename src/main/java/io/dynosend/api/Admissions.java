package io.dynosend.api;

import io.dynosend.account.ApiTokens;
import io.dynosend.account.Principal;
import io.dynosend.account.RateLimit;
import io.dynosend.common.Problem.TooManyRequests;
import io.dynosend.common.Problem.Unauthenticated;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Optional;

/** Who may come in, and how often (sections "Authentication" and "Rate limit"). */
public final class Admissions {

    /**
     * A call that may go on.
     *
     * @param remaining how many more the user may make now
     */
    record Admission(Principal principal, int remaining) {}

    static final int REQUESTS_A_SECOND = RateLimit.REQUESTS_A_SECOND;

    private static final String SCHEME = "Bearer ";

    private final ApiTokens tokens;
    private final RateLimit limit;
    private final FailedAuthentications failures = new FailedAuthentications();

    public Admissions(ApiTokens tokens, RateLimit limit) {
        this.tokens = tokens;
        this.limit = limit;
    }

    /**
     * Lets a call in, a little later if that keeps it within the rate.
     *
     * @throws Unauthenticated without a valid token
     * @throws TooManyRequests beyond the user's rate, or the address's of calls without a token
     */
    Admission admit(Context http) {
        var principal = token(http).flatMap(tokens::holder);
        if (principal.isEmpty()) throw refused(http);
        int remaining = limit.take(principal.get());
        return new Admission(principal.get(), remaining);
    }

    private static Optional<String> token(Context http) {
        String header = http.header("Authorization");
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(header.substring(SCHEME.length()).strip())
                : Optional.empty();
    }

    // Only those without a valid token are counted by address: nobody can lock out their neighbour.
    private RuntimeException refused(Context http) {
        var wait = limit.lifted() ? Duration.ZERO : failures.count(http.ip(), System.nanoTime());
        if (wait.isPositive()) return new TooManyRequests(wait);
        return new Unauthenticated(
                token(http).isPresent()
                        ? "The API token is not valid"
                        : "Send your API token in the header Authorization: Bearer YOUR_API_TOKEN");
    }
}
