package io.dynosend.content;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A browser of this machine, without a window and without a network. */
record Chromium(Path program) {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome");
    private static final long SECONDS = 120;

    /** The one on the PATH, if any. */
    static Optional<Chromium> find() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Chromium::new);
    }

    /** What a window of that size shows of a page. */
    BufferedImage picture(Path page, int width, int height) throws IOException {
        Path folder = Files.createTempDirectory("chromium");
        Path picture = folder.resolve("picture.png");
        var process =
                new ProcessBuilder(
                                program.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--hide-scrollbars",
                                "--host-resolver-rules=MAP * ~NOTFOUND",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--window-size=%d,%d".formatted(width, height),
                                "--screenshot=" + picture,
                                page.toUri().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) throw new IOException("It hangs");
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
        if (!Files.exists(picture)) throw new IOException(Files.readString(folder.resolve("log")));
        return ImageIO.read(picture.toFile());
    }
}
