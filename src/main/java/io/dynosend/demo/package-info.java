/** The main job, shown end to end through the doors that everybody uses: HTTP and SMTP. */
@NullMarked
package io.dynosend.demo;

import org.jspecify.annotations.NullMarked;
