/** Addresses that an account never mails again, whatever list they are on. */
@NullMarked
package io.dynosend.blacklist;

import org.jspecify.annotations.NullMarked;
