package io.dynosend.campaign;

/** Something without which a campaign is not sent. */
public enum Missing {
    SUBJECT,
    CONTENT,
    /** Of the audience: the law wants it in every commercial message. */
    POSTAL_ADDRESS
}
