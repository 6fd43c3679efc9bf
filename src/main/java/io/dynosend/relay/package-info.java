/** Where an account's mail is handed over: its relays, their limits and how they are doing. */
@NullMarked
package io.dynosend.relay;

import org.jspecify.annotations.NullMarked;
