package io.dynosend.mailbox;

/**
 * One way to look at a message.
 *
 * @param link to the same message, seen that way
 */
public record Tab(String title, String link, boolean current) {}
