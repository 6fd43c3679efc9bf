package io.dynosend.audience;

import io.dynosend.common.EmailAddress;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A list of contacts, and who speaks to them. */
public record Audience(
        long id,
        String uid,
        String name,
        String defaultSubject,
        EmailAddress fromEmail,
        String fromName,
        boolean doubleOptIn,
        TrackingMode tracking,
        ContactInformation contactInformation,
        Instant createdAt,
        Instant updatedAt) {

    /** Who stands behind the mail, and where: what the law wants in every commercial message. */
    public record ContactInformation(
            String company,
            String address1,
            String address2,
            String country,
            String state,
            String zip,
            String city,
            String phone,
            String website,
            String email) {

        /**
         * The postal address as it stands on an envelope, without blank lines; empty when unknown.
         */
        public List<String> postalAddress() {
            if (address1.isBlank()) return List.of();
            String town =
                    Stream.of(city, state, zip).filter(s -> !s.isBlank()).reduce("", this::spaced);
            return Stream.of(company, address1, address2, town, country)
                    .filter(line -> !line.isBlank())
                    .toList();
        }

        private String spaced(String left, String right) {
            return left.isEmpty() ? right : left + " " + right;
        }
    }

    /** Counts by status. */
    public record Statistics(long contacts, long subscribed, long unsubscribed) {}
}
