package io.dynosend.smtp;

/** What became of a message that was cleared to be ended with its dot. */
public sealed interface Answer {

    record Accepted(Reply reply) implements Answer {}

    record Refused(Reply reply) implements Answer {}

    record Deferred(Reply reply) implements Answer {}

    /** The dot may be out, and nobody can tell whether the server has taken the message. */
    record Unanswered(String cause) implements Answer {}

    /** The connection was found broken before the dot was written: free to retry. */
    record Unsent(String cause) implements Answer {}
}
