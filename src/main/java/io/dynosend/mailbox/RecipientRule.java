package io.dynosend.mailbox;

import java.util.Locale;

/** How the mailbox plays a recipient, told by how the address begins; the case does not matter. */
enum RecipientRule {
    /** Refused for good at RCPT: no such user. */
    BOUNCE,
    /** Refused for now at its first RCPT, taken from then on, as a greylisting server does. */
    DEFER,
    /** Refused for now at RCPT, every time: mailbox full. */
    FULL,
    /** Taken, but the answer to the final dot comes a second late. */
    SLOW,
    /** Refused for good after the final dot: content. */
    SPAM,
    /** Taken. */
    NONE;

    static RecipientRule of(String address) {
        var lower = address.toLowerCase(Locale.ROOT);
        for (var rule : values())
            if (rule != NONE && lower.startsWith(rule.name().toLowerCase(Locale.ROOT))) return rule;
        return NONE;
    }
}
