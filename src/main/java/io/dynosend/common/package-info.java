/** What every room speaks: addresses, uids, problems, and the few words of SQL that all share. */
@NullMarked
package io.dynosend.common;

import org.jspecify.annotations.NullMarked;
