/**
 * The PostgreSQL that everything lives in: one of our own in the data folder, or the operator's.
 */
@NullMarked
package io.dynosend.database;

import org.jspecify.annotations.NullMarked;
