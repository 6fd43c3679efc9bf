package io.dynosend.domain;

import java.util.List;
import java.util.Locale;

/**
 * A TXT record that a domain should have, and what the last check found in its place.
 *
 * @param purpose what it is for
 * @param name where it belongs
 * @param value what to copy there
 * @param finding as of the last check
 */
public record DnsRecord(Purpose purpose, String name, String value, Finding finding) {

    /** What a record is for. */
    public enum Purpose {
        DKIM_RSA,
        DKIM_ED25519,
        SPF,
        DMARC;

        /** The spelling in answers and in the database. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How what was found compares to what should be there. */
    public enum State {
        UNCHECKED,
        OK,
        MISSING,
        WRONG,
        /** DNS did not answer: nothing is known. */
        UNREACHABLE;

        /** The spelling in answers and in the database. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a check found.
     *
     * @param found the texts that were there, cut to 500 characters each
     * @param advice what to do; empty if nothing
     */
    public record Finding(State state, List<String> found, String advice) {

        static final Finding UNCHECKED =
                new Finding(
                        State.UNCHECKED, List.of(), "Publish the record, then check the domain");

        static final Finding SPF_UNCHECKED =
                new Finding(
                        State.UNCHECKED,
                        List.of(),
                        "Publish one that names the servers of your relay in the place of RELAY;"
                                + " its operator says which. Then check the domain");

        private static final int LONGEST = 500;
        private static final int MOST = 10;

        public Finding {
            found =
                    found.stream()
                            .limit(MOST)
                            .map(text -> text.substring(0, Math.min(LONGEST, text.length())))
                            .toList();
        }
    }
}
