/**
 * The delivery ledger and what works it off: recipients are written, claimed in chunks, brought to
 * the relay up to the final dot, past the barrier, and to exactly one outcome.
 *
 * <p>The promise: every recipient of a mailing ends as sent, failed, skipped, or unknown; nobody is
 * lost, nobody is mailed twice, nobody is mailed after an unsubscribe that was committed before the
 * barrier. Unknown are at most those whose final dot was on its way when this program died.
 *
 * <p>Single messages ({@link io.dynosend.sending.Outbox}) are sent at least once instead, every
 * time the same bytes: of a confirmation or a receipt, twice is better than never.
 */
@NullMarked
package io.dynosend.sending;

import org.jspecify.annotations.NullMarked;
