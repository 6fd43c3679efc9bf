/** What readers do with a message: opens, clicks, unsubscribes, and the signed links that tell. */
@NullMarked
package io.dynosend.tracking;

import org.jspecify.annotations.NullMarked;
