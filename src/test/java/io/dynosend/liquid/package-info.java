@NullMarked
package io.dynosend.liquid;

import org.jspecify.annotations.NullMarked;
