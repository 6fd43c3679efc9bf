package io.dynosend.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java of its own that starts the server of a data folder and keeps it until it is killed. */
final class OtherProcess implements AutoCloseable {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin/java").toString();

    private final Process process;
    private final String said;

    private OtherProcess(Process process, String said) {
        this.process = process;
        this.said = said;
    }

    static void main(String[] arguments) throws IOException {
        try (var server = EmbeddedPostgres.start(Path.of(arguments[0]))) {
            System.out.println(server.jdbcUrl());
            System.in.read();
        } catch (DatabaseUnavailable e) {
            System.out.println(e.getMessage());
        }
    }

    static OtherProcess on(Path dataFolder) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), dataFolder);
    }

    /** As another user, whose copy of the class path it gets: that of root is closed to others. */
    static OtherProcess as(String user, Path copies, Path dataFolder) throws IOException {
        var classPath = new ArrayList<String>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            classPath.add(copy(Path.of(entry), copies.resolve("" + classPath.size())).toString());
        }
        return start(
                List.of("runuser", "-u", user, "--"),
                String.join(File.pathSeparator, classPath),
                dataFolder);
    }

    /** The URL of its server, or why it has none. */
    String said() {
        return said;
    }

    long pid() {
        return process.pid();
    }

    /** By SIGKILL: it can do nothing more. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Lets it end by itself. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }

    private static OtherProcess start(List<String> runner, String classPath, Path dataFolder)
            throws IOException {
        var command = new ArrayList<>(runner);
        command.addAll(List.of(JAVA, "-Xmx128m", "-cp", classPath));
        command.addAll(List.of(OtherProcess.class.getName(), dataFolder.toString()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        return new OtherProcess(process, String.valueOf(output.readLine()));
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }
}
