package io.dynosend.database;

import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** The monthly partitions of append-only tables, made before they are needed. */
public final class MonthlyPartitions {

    private static final int MONTHS_AHEAD = 2;

    private static final String EXISTS = "SELECT to_regclass(:partition) IS NOT NULL";

    // It waits for every transaction that writes to the tables around, and all others wait for it.
    // Better to come again later; there are two months left.
    private static final String HURRY = "SET LOCAL lock_timeout = '1s'";

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final List<String> tables;

    /**
     * @param tables partitioned by the range of a {@code timestamptz}
     */
    public MonthlyPartitions(Jdbi jdbi, InstantSource clock, List<String> tables) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.tables = List.copyOf(tables);
    }

    /** Makes those of this month and the next two that are missing. */
    public void createAhead() {
        var now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        for (String table : tables) {
            for (int i = 0; i <= MONTHS_AHEAD; i++) create(table, now.plusMonths(i));
        }
    }

    private void create(String table, YearMonth month) {
        String partition = table + "_" + month.toString().replace('-', '_');
        String statement =
                """
                CREATE TABLE IF NOT EXISTS %s
                PARTITION OF %s
                FOR VALUES FROM ('%s-01T00:00Z') TO ('%s-01T00:00Z')
                """
                        .formatted(partition, table, month, month.plusMonths(1));
        jdbi.useTransaction(tx -> {
            if (tx.createQuery(EXISTS).bind("partition", partition).mapTo(Boolean.class).one()) {
                return;
            }
            tx.execute(HURRY);
            tx.execute(statement);
        });
    }
}
