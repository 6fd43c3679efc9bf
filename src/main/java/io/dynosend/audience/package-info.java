/** The lists that contacts belong to, and the custom fields of each. */
@NullMarked
package io.dynosend.audience;

import org.jspecify.annotations.NullMarked;
