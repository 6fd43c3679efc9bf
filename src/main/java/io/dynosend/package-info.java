@NullMarked
package io.dynosend;

import org.jspecify.annotations.NullMarked;
