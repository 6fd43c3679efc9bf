package io.dynosend.domain;

import io.dynosend.common.ALabels;
import io.dynosend.common.Problem.BadInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Names of domains. */
final class DomainName {

    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final String NAME = "(%s\\.)+%s".formatted(LABEL, LABEL);
    // Room for what is put before it.
    private static final int LONGEST = 200;
    // RFC 1035 §2.3.4.
    private static final int LONGEST_NAME = 253;

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
        if (given.length() > LONGEST_NAME) return "";
        return ALabels.of(given).map(name -> name.toLowerCase(Locale.ROOT)).orElse("");
    }
}
