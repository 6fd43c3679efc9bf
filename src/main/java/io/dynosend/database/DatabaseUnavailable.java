package io.dynosend.database;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be used. The message is one line for the operator: what is wrong and what to
 * do about it. It never holds a password.
 */
public final class DatabaseUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseUnavailable(String message) {
        this(message, null);
    }

    DatabaseUnavailable(String message, @Nullable Throwable cause) {
        super(message.replaceAll("\\s*\\R\\s*", " ").strip(), cause);
    }
}
