/** Pages that anyone may see, and what every page of the program has in common. */
@NullMarked
package io.dynosend.pages;

import org.jspecify.annotations.NullMarked;
