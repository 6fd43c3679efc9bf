package io.dynosend.web;

/** What became of a look at an address. */
public sealed interface Visit {

    /** Somebody answered, after all redirects. */
    record Answered(int status) implements Visit {}

    /** Nobody did. */
    record Unreachable(String why) implements Visit {}

    /** We do not ask there: it is no public web address. */
    record Refused(String why) implements Visit {}
}
