package io.dynosend.relay;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.smtp.Credentials;
import io.dynosend.smtp.Security;
import org.jspecify.annotations.Nullable;

/**
 * How an account wants a relay to be.
 *
 * @param credentials null: none
 * @param domain null: for all
 */
public record RelaySettings(
        String name,
        String host,
        int port,
        Security security,
        @Nullable Credentials credentials,
        @Nullable String domain,
        int weight,
        RelayLimits limits) {

    private static final int LONGEST_NAME = 255;
    private static final int LARGEST_WEIGHT = 1_000;
    private static final int LARGEST_PORT = 65_535;
    private static final int SUBMISSIONS_PORT = 465;
    private static final String HOST = "[A-Za-z0-9]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?";

    // No name ends in a number (RFC 3696 §2). 0x7f000001, 127.1 and 0177.0.0.1 are addresses that
    // each resolver reads in its own way, so one way to write them is taken.
    private static final String NUMBER_AT_END = "(.*\\.)?([0-9]+|0[Xx][0-9A-Fa-f]*)";
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String FOUR_NUMBERS = "(" + OCTET + "\\.){3}" + OCTET;

    /**
     * @throws BadInput naming what cannot be used
     */
    public RelaySettings {
        if (name.length() > LONGEST_NAME)
            throw new BadInput("name must have at most 255 characters");
        if (!host.matches(HOST)) {
            throw new BadInput("host must be a name or an address, such as smtp.example.com");
        }
        if (host.matches(NUMBER_AT_END) && !host.matches(FOUR_NUMBERS)) {
            throw new BadInput(
                    "host must be a name, or an address of four numbers such as 192.0.2.25");
        }
        if (port < 1 || port > LARGEST_PORT) {
            throw new BadInput("port must be a number from 1 to 65535");
        }
        if (weight < 1 || weight > LARGEST_WEIGHT) {
            throw new BadInput("weight must be a number from 1 to " + LARGEST_WEIGHT);
        }
        if (credentials != null && !isEncrypted(security)) {
            throw new BadInput("security must be tls or starttls when there is a password");
        }
    }

    /**
     * What fits the port: TLS from the first byte on 465, else STARTTLS where a password is sent.
     */
    public static Security security(int port, boolean credentials) {
        if (port % 1_000 == SUBMISSIONS_PORT) return Security.TLS;
        return credentials ? Security.STARTTLS : Security.STARTTLS_IF_OFFERED;
    }

    private static boolean isEncrypted(Security security) {
        return security == Security.TLS || security == Security.STARTTLS;
    }
}
