/** Mails to the users of an account, about signing in. */
@NullMarked
package io.dynosend.notification;

import org.jspecify.annotations.NullMarked;
