/** The people of an audience: who they are, whether they want mail, and how they got in. */
@NullMarked
package io.dynosend.contact;

import org.jspecify.annotations.NullMarked;
