package io.dynosend.account;

import io.dynosend.common.Problem.BadInput;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** A part of the API that a token can be narrowed to. */
public enum Scope {
    /** Audiences, contacts, events, imports and the blacklist. */
    CONTACTS,
    CAMPAIGNS,
    TRANSACTIONAL;

    /** The spelling in the database and on the command line. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The scopes of these names.
     *
     * @throws BadInput naming the one that is none
     */
    public static Set<Scope> of(String... wires) {
        var scopes = EnumSet.noneOf(Scope.class);
        for (String wire : wires) scopes.add(of(wire));
        return scopes;
    }

    private static Scope of(String wire) {
        for (var scope : values()) {
            if (scope.wire().equals(wire)) return scope;
        }
        throw new BadInput(
                "“%s” is no scope; there are contacts, campaigns and transactional"
                        .formatted(wire));
    }
}
