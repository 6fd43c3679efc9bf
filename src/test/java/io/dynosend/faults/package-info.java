/** What the ledger promises, under everything that goes wrong. */
@NullMarked
package io.dynosend.faults;

import org.jspecify.annotations.NullMarked;
