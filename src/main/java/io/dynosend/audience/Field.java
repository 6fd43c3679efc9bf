package io.dynosend.audience;

/** A custom field of an audience; its tag is the key in the API and the variable in a message. */
public record Field(String label, FieldType type, String tag, boolean visible, boolean required) {}
