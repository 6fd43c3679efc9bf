/** The standard filters, by kind. */
@NullMarked
package io.dynosend.liquid.filter;

import org.jspecify.annotations.NullMarked;
