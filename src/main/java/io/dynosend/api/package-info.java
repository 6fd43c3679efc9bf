/** The Dynosend API v2, section by section. Translates; decides nothing. */
@NullMarked
package io.dynosend.api;

import org.jspecify.annotations.NullMarked;
