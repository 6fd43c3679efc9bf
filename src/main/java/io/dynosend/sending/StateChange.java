package io.dynosend.sending;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A campaign stands elsewhere than before.
 *
 * @param campaign its uid
 * @param why for the operator
 */
public record StateChange(String campaign, String from, String to, String why) {

    /** Where a request notes its user, for as long as it lasts. */
    public static final String WHO = "who";

    private static final Logger log = LoggerFactory.getLogger(StateChange.class);

    /** One line with named values, for people and for programs. */
    public void log() {
        String who = MDC.get(WHO);
        log.atInfo()
                .addKeyValue("campaign", campaign)
                .addKeyValue("from", from)
                .addKeyValue("to", to)
                .addKeyValue("why", why)
                .addKeyValue("who", who == null ? "dynosend" : who)
                .log("Campaign {} is {}, was {}", campaign, to, from);
    }
}
