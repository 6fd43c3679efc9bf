package io.dynosend.api;

/**
 * Which part of a list is wanted.
 *
 * @param number from 1
 * @param size entries a page
 */
record Page(long number, long size) {

    private static final long DEFAULT_SIZE = 20;
    private static final Page ALL = new Page(1, Long.MAX_VALUE);

    /** The first page of 20, unless {@code page} and {@code per_page} say otherwise. */
    static Page of(Params params) {
        return new Page(
                params.positive("page").orElse(1L),
                params.positive("per_page").orElse(DEFAULT_SIZE));
    }

    /** As above; everything when neither is given. */
    static Page orAll(Params params) {
        boolean given =
                params.optional("page").isPresent() || params.optional("per_page").isPresent();
        return given ? of(params) : ALL;
    }

    /** How many entries come before it. */
    long offset() {
        return Math.multiplyExact(number - 1, size);
    }
}
