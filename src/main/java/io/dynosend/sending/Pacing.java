package io.dynosend.sending;

import io.dynosend.common.EmailAddress;
import io.dynosend.relay.ConfiguredRelay;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/**
 * How fast mail goes out: by the limits of its relay and its campaign, by what its receivers bear,
 * and by the warm-up of its domain. Single messages count, but never wait.
 */
final class Pacing {

    private static final double SECONDS_AN_HOUR = 3_600;

    private final Allowances allowances;
    private final Receivers receivers;
    private final WarmUps warmUps;
    private final InstantSource clock;

    Pacing(Jdbi jdbi, InstantSource clock) {
        this.allowances = new Allowances(jdbi);
        this.receivers = new Receivers(jdbi, clock);
        this.warmUps = new WarmUps(jdbi);
        this.clock = clock;
    }

    Receivers receivers() {
        return receivers;
    }

    WarmUps warmUps() {
        return warmUps;
    }

    /**
     * Takes a message from the limits of relay and campaign.
     *
     * @return how long to wait before it; above {@link Allowances#PATIENCE}: it must not go now
     */
    Duration take(ConfiguredRelay relay, Chunk chunk) {
        var ofRelay = allowances.take("relay " + relay.uid(), relay.limits().rate());
        if (!chunk.bulk()) return Duration.ZERO;
        if (chunk.perHour() == 0 || isTooLong(ofRelay)) return ofRelay;
        var ofMailing =
                allowances.take("mailing " + chunk.mailing(), chunk.perHour() / SECONDS_AN_HOUR);
        return longer(ofRelay, ofMailing);
    }

    /**
     * Takes a message from what its receiver bears.
     *
     * @return as {@link #take}
     */
    Duration takeOfReceiver(ConfiguredRelay relay, EmailAddress recipient) {
        if (receivers.allQuick()) return Duration.ZERO;
        var pace = receivers.pace(relay.uid(), recipient.domain());
        var now = clock.instant();
        if (now.isBefore(pace.pausedUntil())) return untilEnd(now, pace.pausedUntil());
        return allowances.take(
                "receiver %s %s".formatted(relay.uid(), recipient.domain()), pace.perSecond());
    }

    /** How long so many messages of one receiver keep it busy. */
    Duration toServe(ConfiguredRelay relay, EmailAddress recipient) {
        return Duration.ofMillis(
                (long) (1_000 / receivers.pace(relay.uid(), recipient.domain()).perSecond()));
    }

    static boolean isTooLong(Duration wait) {
        return wait.compareTo(Allowances.PATIENCE) > 0;
    }

    static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration untilEnd(Instant now, Instant end) {
        return Duration.between(now, end).plus(Allowances.PATIENCE);
    }
}
