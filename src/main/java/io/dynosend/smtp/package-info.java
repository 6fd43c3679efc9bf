/** A small SMTP client that tells in which phase something failed. Knows nothing of the ledger. */
@NullMarked
package io.dynosend.smtp;

import org.jspecify.annotations.NullMarked;
