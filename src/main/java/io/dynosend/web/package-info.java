/** Requests to addresses that strangers wrote. It knows nothing of mail. */
@NullMarked
package io.dynosend.web;

import org.jspecify.annotations.NullMarked;
