/**
 * Signatures of a domain on its mail (RFC 6376, RFC 8463). Knows nothing of who owns the domain.
 */
@NullMarked
package io.dynosend.dkim;

import org.jspecify.annotations.NullMarked;
