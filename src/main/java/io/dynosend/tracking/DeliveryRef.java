package io.dynosend.tracking;

/** One line of the ledger: a message to one recipient. */
public record DeliveryRef(long account, long mailing, int number) {}
