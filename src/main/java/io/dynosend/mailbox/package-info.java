/** The built-in mailbox: receives over SMTP what would have gone out, keeps it, and shows it. */
@NullMarked
package io.dynosend.mailbox;

import org.jspecify.annotations.NullMarked;
