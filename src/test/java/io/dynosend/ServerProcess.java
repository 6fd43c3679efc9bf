package io.dynosend;

import java.nio.file.Path;

/** A server in a process of its own, on the classes of this one. */
public final class ServerProcess {

    private ServerProcess() {}

    /**
     * What starts it with what its environment says; made to start quickly, not to run for long.
     */
    public static ProcessBuilder serve() {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.dynosend.Main",
                "serve");
    }
}
