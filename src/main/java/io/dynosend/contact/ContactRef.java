package io.dynosend.contact;

import io.dynosend.common.EmailAddress;

/** How a caller points at one contact of an audience. */
public sealed interface ContactRef {

    record ByUid(String uid) implements ContactRef {}

    record ByEmail(EmailAddress email) implements ContactRef {}
}
