package io.dynosend.audience;

import java.util.List;

/**
 * What a contact of an audience is held to.
 *
 * @param id of the audience
 * @param doubleOptIn whether a new contact is asked to confirm
 * @param fields the custom fields in the order they were made, without EMAIL
 */
public record Schema(long id, String uid, boolean doubleOptIn, List<Field> fields) {

    /** The keys of the custom fields. */
    public List<String> tags() {
        return fields.stream().map(Field::tag).toList();
    }
}
