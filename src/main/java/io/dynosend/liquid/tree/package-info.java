/** What a template compiles to: small nodes and expressions that render into one buffer. */
@NullMarked
package io.dynosend.liquid.tree;

import org.jspecify.annotations.NullMarked;
