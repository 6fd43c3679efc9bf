/** Campaigns: one message for a whole audience, and the numbers it comes back with. */
@NullMarked
package io.dynosend.campaign;

import org.jspecify.annotations.NullMarked;
