package io.dynosend.dashboard;

/**
 * What stands around a page of a list.
 *
 * @param said such as "51 to 100 of 2,000 contacts"
 * @param previous the address of the page before; empty: there is none
 * @param next of the page after; empty: there is none
 */
public record Pages(String said, String previous, String next) {}
