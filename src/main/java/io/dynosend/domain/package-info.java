/** The domains that an account sends from: their keys, their DNS records. */
@NullMarked
package io.dynosend.domain;

import org.jspecify.annotations.NullMarked;
