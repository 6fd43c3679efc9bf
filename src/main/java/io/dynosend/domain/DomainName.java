package io.dynosend.domain;

import io.dynosend.common.Problem.BadInput;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Names of domains. */
final class DomainName {

    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final String NAME = "(%s\\.)+%s".formatted(LABEL, LABEL);
    // Room for what is put before it.
    private static final int LONGEST = 200;

    private DomainName() {}

    /**
     * A domain that mail can come from, in A-labels and lower case (RFC 5890).
     *
     * @throws BadInput if it is none
     */
    static String checked(String given) {
        String ascii = ascii(given);
        boolean name =
                ascii.length() <= LONGEST && ascii.matches(NAME) && !ascii.matches(".*\\.[0-9]+");
        if (!name) throw new BadInput("domain must be the name of a domain, such as example.com");
        return ascii;
    }

    /** The domain and those above it that somebody can own: not the last label alone. */
    static List<String> andParents(String domain) {
        var all = new ArrayList<String>();
        String at = ascii(domain);
        while (at.contains(".")) {
            all.add(at);
            at = at.substring(at.indexOf('.') + 1);
        }
        return all;
    }

    private static String ascii(String given) {
        try {
            return IDN.toASCII(given, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }
}
