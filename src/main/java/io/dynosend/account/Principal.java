package io.dynosend.account;

/** Who asks: a user, and the account that everything they see belongs to. */
public record Principal(long account, long user) {}
