/** What Liquid values are: their text, numbers, truth, order and properties. */
@NullMarked
package io.dynosend.liquid.value;

import org.jspecify.annotations.NullMarked;
