@NullMarked
package io.dynosend.dashboard;

import org.jspecify.annotations.NullMarked;
