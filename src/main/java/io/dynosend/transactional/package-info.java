/** Messages that answer what a person did, such as receipts and password resets. */
@NullMarked
package io.dynosend.transactional;

import org.jspecify.annotations.NullMarked;
