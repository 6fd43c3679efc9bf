/**
 * Templates, layouts and blocks: content that is kept, version by version, for messages to come.
 */
@NullMarked
package io.dynosend.template;

import org.jspecify.annotations.NullMarked;
