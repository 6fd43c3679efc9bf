package io.dynosend.dashboard;

import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** Files that come with a form. */
final class Uploads {

    private static final int IN_MEMORY = 64 << 10;
    private static final int LONGEST_NAME = 255;

    private Uploads() {}

    /** Lets a form be as large as its file; all others are small. */
    static void allow(Context http, long most) throws IOException {
        if (http.req().getContentLengthLong() > most) throw tooLarge(most);
        http.req()
                .setAttribute(
                        ServletContextRequest.MULTIPART_CONFIG_ELEMENT,
                        new MultipartConfigElement("", most, most, IN_MEMORY));
        if (!http.isMultipartFormData()) return;
        try {
            http.req().getParts();
        } catch (ServletException | IllegalStateException e) {
            throw tooLarge(most);
        }
    }

    /** The file of a field; empty if none was chosen. */
    static Optional<UploadedFile> file(Context http, String field) {
        return Optional.ofNullable(http.uploadedFile(field))
                .filter(file -> !file.filename().isEmpty());
    }

    /** What the file is called, for people. */
    static String name(UploadedFile file) {
        String name = file.filename().replaceAll("\\p{Cntrl}", "");
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }

    /** Into a file that nobody else may read. */
    static void copy(UploadedFile upload, Path file) throws IOException {
        try (var content = upload.content();
                var out = Files.newOutputStream(file)) {
            content.transferTo(out);
        }
    }

    private static ContentTooLargeResponse tooLarge(long most) {
        return new ContentTooLargeResponse(
                "The file is over %d MB; split it in two".formatted(most >> 20));
    }
}
