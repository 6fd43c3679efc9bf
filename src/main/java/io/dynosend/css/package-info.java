/** Style sheets: their rules, where these stand, and which elements they are about. */
@NullMarked
package io.dynosend.css;

import org.jspecify.annotations.NullMarked;
