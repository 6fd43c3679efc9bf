/** The loops: what this node does by itself, again and again. */
@NullMarked
package io.dynosend.jobs;

import org.jspecify.annotations.NullMarked;
