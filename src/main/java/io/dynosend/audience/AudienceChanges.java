package io.dynosend.audience;

import io.dynosend.common.EmailAddress;
import io.dynosend.common.SingleLine;
import org.jspecify.annotations.Nullable;

/** What is to change of an audience; null: stays. */
public record AudienceChanges(
        @Nullable String name,
        @Nullable String defaultSubject,
        @Nullable EmailAddress fromEmail,
        @Nullable String fromName,
        @Nullable Boolean doubleOptIn,
        @Nullable TrackingMode tracking,
        Lines contactInformation,
        @Nullable MailChange welcomeMail,
        @Nullable MailChange goodbyeMail) {

    /**
     * Another mail.
     *
     * @param mail null: none any more
     */
    public record MailChange(@Nullable ResponseMail mail) {}

    /** The lines of the contact information that are to change; empty clears one. */
    public record Lines(
            @Nullable String company,
            @Nullable String address1,
            @Nullable String address2,
            @Nullable String country,
            @Nullable String state,
            @Nullable String zip,
            @Nullable String city,
            @Nullable String phone,
            @Nullable String website,
            @Nullable String email) {}

    public AudienceChanges {
        if (name != null) SingleLine.checked("name", name);
        if (defaultSubject != null) SingleLine.checked("default_subject", defaultSubject);
        if (fromName != null) SingleLine.checked("from_name", fromName);
    }
}
