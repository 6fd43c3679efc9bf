/** What comes back from receivers, and what it means for an address. */
@NullMarked
package io.dynosend.bounce;

import org.jspecify.annotations.NullMarked;
