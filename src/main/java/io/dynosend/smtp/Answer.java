package io.dynosend.smtp;

/** What became of a message whose dot was written. */
public sealed interface Answer {

    record Accepted(Reply reply) implements Answer {}

    record Refused(Reply reply) implements Answer {}

    record Deferred(Reply reply) implements Answer {}

    /** Nobody can tell whether the server has taken it. */
    record Unanswered(String cause) implements Answer {}
}
