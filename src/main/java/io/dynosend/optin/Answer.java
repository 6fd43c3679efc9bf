package io.dynosend.optin;

/** What became of the wish to send somebody a confirmation mail. */
public enum Answer {
    /** It is queued. */
    SENT,
    /** The contact has confirmed, or has left. */
    NOT_UNCONFIRMED,
    /** The contact was asked twice, and nobody is asked more often. */
    TWICE_ALREADY,
    /** The address was asked within the last 24 hours, if not for this audience. */
    TODAY_ALREADY,
    BLACKLISTED,
    /** The account has no mails left this month. */
    QUOTA_EXCEEDED,
    /** Nobody can be written to in the audience's name. */
    SENDER_UNUSABLE
}
