package io.dynosend;

import io.dynosend.database.Database;
import org.jdbi.v3.core.Jdbi;

/** Lets tests of other packages reach a database the way the program does. */
public final class Databases {

    private Databases() {}

    public static Jdbi jdbi(Database database) {
        return Application.jdbi(database.dataSource());
    }
}
