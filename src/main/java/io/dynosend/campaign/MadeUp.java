package io.dynosend.campaign;

import io.dynosend.audience.Audience;
import io.dynosend.audience.Field;
import io.dynosend.common.EmailAddress;
import io.dynosend.contact.Contact;
import io.dynosend.contact.ContactStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** A contact that nobody is, so that an author sees their message with something filled in. */
final class MadeUp {

    private static final String UID = "0000000000000";

    private MadeUp() {}

    static Contact contact(
            EmailAddress address, Audience audience, List<Field> fields, Instant now) {
        return new Contact(
                0,
                audience.id(),
                UID,
                address,
                ContactStatus.SUBSCRIBED,
                "api",
                null,
                List.of(),
                fields.stream().collect(Collectors.toMap(Field::tag, MadeUp::value)),
                now,
                now);
    }

    private static String value(Field field) {
        return switch (field.type()) {
            case TEXT, TEXTAREA -> field.label();
            case NUMBER -> "42";
            case DATE -> "2026-12-31";
            case DATETIME -> "2026-12-31 18:30:00";
            case TIME -> "18:30";
        };
    }
}
