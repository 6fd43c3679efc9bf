/** From source to tree; whatever is wrong is found here, with its line and column. */
@NullMarked
package io.dynosend.liquid.parse;

import org.jspecify.annotations.NullMarked;
