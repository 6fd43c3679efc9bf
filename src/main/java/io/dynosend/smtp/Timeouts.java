package io.dynosend.smtp;

import java.time.Duration;

/**
 * How long to wait in each phase (RFC 5321 §4.5.3.2).
 *
 * @param block for each 64 KiB that are written
 */
public record Timeouts(
        Duration connect, Duration command, Duration data, Duration block, Duration dot) {

    public static final Timeouts DEFAULT =
            new Timeouts(
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(3),
                    Duration.ofMinutes(3),
                    Duration.ofMinutes(10));
}
