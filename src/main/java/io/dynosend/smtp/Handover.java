package io.dynosend.smtp;

/** How far a message came on its way to the final dot. Only Ready leads to the dot. */
public sealed interface Handover {

    /** All but the dot is out. */
    record Ready() implements Handover {}

    /** Refused for good. */
    record Refused(Phase phase, Reply reply) implements Handover {}

    /** Refused for now. */
    record Deferred(Phase phase, Reply reply) implements Handover {}

    /** The connection broke. Nothing was sent: free to retry. */
    record Lost(Phase phase, String cause) implements Handover {}
}
