/** From a newsletter's source and one recipient to a finished MIME message. */
@NullMarked
package io.dynosend.content;

import org.jspecify.annotations.NullMarked;
