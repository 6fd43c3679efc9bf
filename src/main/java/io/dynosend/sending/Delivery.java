package io.dynosend.sending;

import io.dynosend.common.EmailAddress;
import java.time.Duration;

/**
 * One recipient of a mailing who waits for the message.
 *
 * @param number within the mailing, from 1
 * @param contact 0: none, which only a test may have
 * @param tries how often a receiver has deferred it so far
 * @param deferredFor since the first of them; zero: none has
 */
public record Delivery(
        int number, long contact, EmailAddress address, int tries, Duration deferredFor) {}
