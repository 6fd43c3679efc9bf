package io.dynosend.tracking;

import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Jdbi;

/** The monthly partitions of the raw events, made before they are needed. */
public final class EventPartitions {

    private static final int MONTHS_AHEAD = 2;

    private final Jdbi jdbi;
    private final InstantSource clock;

    public EventPartitions(Jdbi jdbi, InstantSource clock) {
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /** Makes those of this month and the next two that are missing. */
    public void createAhead() {
        var now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        for (int i = 0; i <= MONTHS_AHEAD; i++) create(now.plusMonths(i));
    }

    private void create(YearMonth month) {
        String statement =
                """
                CREATE TABLE IF NOT EXISTS engagement_event_%s
                PARTITION OF engagement_event
                FOR VALUES FROM ('%s-01T00:00Z') TO ('%s-01T00:00Z')
                """
                        .formatted(month.toString().replace('-', '_'), month, month.plusMonths(1));
        jdbi.useHandle(db -> db.execute(statement));
    }
}
