package io.dynosend.contact;

import java.util.List;

/**
 * A contact as it is shown.
 *
 * @param fieldTags of all custom fields of its audience, in the order they were made
 */
public record Profile(Contact contact, String audienceUid, List<String> fieldTags) {}
