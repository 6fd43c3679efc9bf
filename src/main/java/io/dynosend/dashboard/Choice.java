package io.dynosend.dashboard;

/**
 * One of several to choose from.
 *
 * @param value what the form sends
 */
public record Choice(String value, String label) {}
