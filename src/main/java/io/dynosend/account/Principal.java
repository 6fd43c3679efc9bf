package io.dynosend.account;

import java.util.Set;

/**
 * Who asks: a user, the account that everything they see belongs to, and what they may do there.
 *
 * @param scopes what the token they show is narrowed to; all of them if it is not
 * @param readOnly the token they show changes nothing, whatever the role
 */
public record Principal(long account, long user, Role role, Set<Scope> scopes, boolean readOnly) {

    /** A user with all that the role allows. */
    public Principal(long account, long user, Role role) {
        this(account, user, role, Set.of(Scope.values()), false);
    }

    /**
     * Whether they may do something in a part of the API.
     *
     * @param writes whether it changes anything
     */
    public boolean may(Scope scope, boolean writes) {
        return scopes.contains(scope) && (!writes || (role.writes() && !readOnly));
    }
}
