/** The reference of the API for people, made from its description. */
@NullMarked
package io.dynosend.reference;

import org.jspecify.annotations.NullMarked;
