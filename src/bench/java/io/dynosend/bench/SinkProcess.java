package io.dynosend.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A {@link Sink} in a process of its own, with the class path of this one. */
final class SinkProcess implements AutoCloseable {

    private static final List<String> JAVA_FLAGS =
            List.of("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:-UsePerfData");

    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter commands;
    private final int port;

    /**
     * What it has taken since it started or was reset.
     *
     * @param distinct recipients
     * @param cpuMillis of the process since it started
     */
    record Count(long accepted, long distinct, long duplicates, long cpuMillis) {}

    private SinkProcess(Process process) throws IOException {
        this.process = process;
        this.answers = process.inputReader();
        this.commands = new PrintWriter(process.outputWriter(), true);
        this.port = Integer.parseInt(answer().replace("listening ", ""));
    }

    /**
     * @param flags those of {@link Sink}
     */
    static SinkProcess start(String... flags) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JAVA_FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Sink.class.getName());
        command.addAll(List.of(flags));
        return new SinkProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    int port() {
        return port;
    }

    synchronized Count count() throws IOException {
        commands.println("count");
        String json = answer();
        return new Count(
                number(json, "accepted"),
                number(json, "distinct"),
                number(json, "duplicates"),
                number(json, "cpu_ms"));
    }

    synchronized void reset() throws IOException {
        commands.println("reset");
        answer();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) throw new IOException("The sink has ended");
        return line;
    }

    private static long number(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
        if (!found.find()) throw new IllegalStateException("The sink does not tell " + name);
        return Long.parseLong(found.group(1));
    }
}
