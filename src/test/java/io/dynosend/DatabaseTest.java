package io.dynosend;

import io.dynosend.account.Accounts.FirstAccount;
import io.dynosend.common.EmailAddress;
import io.dynosend.common.Uid;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;

/**
 * The whole program on one PostgreSQL, started once for all test classes. Its relay is the built-in
 * mailbox. Every test has an account of its own.
 */
public abstract class DatabaseTest {

    protected static final TestClock clock = new TestClock();
    protected static final Jdbi jdbi = Application.jdbi(TestPostgres.DATABASE.dataSource());
    protected static final Application application =
            new Application(
                    Config.read(
                            Map.of(),
                            List.of("--port", "0", "--data", TestPostgres.FOLDER.toString())),
                    TestPostgres.DATABASE.dataSource(),
                    clock);

    protected final Http http = new Http(application.port(), newAccount());

    @AfterEach
    void timeGoesBack() {
        clock.reset();
    }

    /** Another account; its API token. */
    protected static String newAccount() {
        var email = new EmailAddress("owner-%s@example.org".formatted(Uid.random()));
        return application
                .accounts()
                .create("Test", new FirstAccount(email, "a long password", null))
                .apiToken();
    }

    protected static <T> T single(Class<T> type, String sql, Object... params) {
        return jdbi.withHandle(db -> db.select(sql, params).mapTo(type).one());
    }

    protected static void execute(String sql, Object... params) {
        jdbi.useHandle(db -> db.execute(sql, params));
    }
}
