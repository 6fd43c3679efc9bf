package io.dynosend.database;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

/**
 * One transaction around everything that a thread does with the database, however many verbs it
 * calls: each of them joins it, because Jdbi gives a thread the handle that it has open already.
 */
public final class UnitOfWork {

    private static final ScopedValue<Boolean> OPEN = ScopedValue.newInstance();

    private UnitOfWork() {}

    /** Runs the work; what it throws undoes all of it. */
    public static <R, X extends Exception> R run(Jdbi jdbi, HandleCallback<R, X> work) throws X {
        return ScopedValue.where(OPEN, true).<R, X>call(() -> inTransaction(jdbi, work));
    }

    static boolean isOpen() {
        return OPEN.isBound();
    }

    private static <R, X extends Exception> R inTransaction(Jdbi jdbi, HandleCallback<R, X> work)
            throws X {
        return jdbi.inTransaction((Handle tx) -> work.withHandle(tx));
    }
}
