/** Joining and leaving: the confirmation of a subscription, its evidence, welcome and goodbye. */
@NullMarked
package io.dynosend.optin;

import org.jspecify.annotations.NullMarked;
