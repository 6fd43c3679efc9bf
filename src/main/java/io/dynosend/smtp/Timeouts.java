package io.dynosend.smtp;

import java.time.Duration;

/**
 * How long to wait in each phase (RFC 5321 §4.5.3.2). A wait is for the whole of a reply, however
 * slowly its bytes drip; it may last a quarter longer than said, at most a second.
 *
 * @param connect for each address of the relay
 * @param command for the greeting, the handshake, and the reply to any command not below
 * @param data for the reply to DATA
 * @param block for the server to take each 64 KiB that are written
 * @param dot for the reply to the end of a message
 */
public record Timeouts(
        Duration connect, Duration command, Duration data, Duration block, Duration dot) {

    public static final Timeouts DEFAULT =
            new Timeouts(
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(3),
                    Duration.ofMinutes(10));

    /** None of them longer than this. */
    public Timeouts atMost(Duration patience) {
        return new Timeouts(
                shorter(connect, patience),
                shorter(command, patience),
                shorter(data, patience),
                shorter(block, patience),
                shorter(dot, patience));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    Duration shortest() {
        var shortest = command;
        if (data.compareTo(shortest) < 0) shortest = data;
        if (block.compareTo(shortest) < 0) shortest = block;
        return dot.compareTo(shortest) < 0 ? dot : shortest;
    }
}
