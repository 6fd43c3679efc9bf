/**
 * Where people work who have an account: pages that call the same verbs as the API. A room is a
 * class with routes; see docs/dashboard.md.
 */
@NullMarked
package io.dynosend.dashboard;

import org.jspecify.annotations.NullMarked;
