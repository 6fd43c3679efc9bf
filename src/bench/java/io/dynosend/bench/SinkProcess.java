package io.dynosend.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The sink as a process of its own, asked over its standard input. */
final class SinkProcess implements AutoCloseable {

    /** What arrived: accepted messages, and how many recipients got how many more than one. */
    record Report(long accepted, long recipients) {

        long duplicates() {
            return accepted - recipients;
        }
    }

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final int port;

    private SinkProcess(Process process, BufferedReader answers, int port) {
        this.process = process;
        this.answers = answers;
        this.questions = process.outputWriter(StandardCharsets.US_ASCII);
        this.port = port;
    }

    static SinkProcess start(String... flags) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-XX:+UseSerialGC",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Sink.class.getName()));
        command.addAll(List.of(flags));
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        return new SinkProcess(process, answers, Integer.parseInt(answers.readLine()));
    }

    int port() {
        return port;
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** What arrived since the last question. */
    Report report() throws IOException {
        questions.write("report\n");
        questions.flush();
        var answer = answers.readLine().split(" ", -1);
        return new Report(Long.parseLong(answer[0]), Long.parseLong(answer[1]));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
