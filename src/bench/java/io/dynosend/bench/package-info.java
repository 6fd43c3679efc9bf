/** Measurements; run by {@code ./dynosend bench NAME}. Each ends with one line of JSON. */
@NullMarked
package io.dynosend.bench;

import org.jspecify.annotations.NullMarked;
