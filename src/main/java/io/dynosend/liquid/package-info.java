/** The Liquid template language: text in, text out. It knows nothing of mail. */
@NullMarked
package io.dynosend.liquid;

import org.jspecify.annotations.NullMarked;
