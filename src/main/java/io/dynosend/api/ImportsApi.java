package io.dynosend.api;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.contact.Imports;
import io.dynosend.contact.Imports.Rejection;
import io.dynosend.contact.Imports.Result;
import io.javalin.http.UploadedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Contacts by the thousand, from a CSV file. Beyond the document, in its style. */
public final class ImportsApi implements Section {

    private static final int LONGEST_NAME = 255;

    private final Imports imports;

    public ImportsApi(Imports imports) {
        this.imports = imports;
    }

    @Override
    public Scope scope() {
        return Scope.CONTACTS;
    }

    @Override
    public void operations(Operations operations) {
        operations.post("/imports", this::run);
        operations.get("/imports", this::get);
    }

    private void run(Call call) throws IOException {
        var params = call.params();
        String audience = params.required("audience_uid");
        var upload =
                params.file("file")
                        .orElseThrow(() ->
                                new BadInput(
                                        "Missing parameter: file, a CSV file sent as"
                                                + " multipart/form-data",
                                        "missing_parameter"));
        var tags = Optional.ofNullable(params.tags()).orElse(List.of());
        var file = Files.createTempFile("dynosend-import-", ".csv");
        try {
            copy(upload, file);
            var result =
                    imports.run(
                            call.account(), audience, file, shownName(upload), tags, call.actor());
            call.success("Import finished", result(result));
        } finally {
            Files.delete(file);
        }
    }

    private void get(Call call) {
        call.answer(
                Map.of(
                        "import",
                        result(imports.get(call.account(), call.params().required("import_uid")))));
    }

    // For humans only; it may be anything.
    private static String shownName(UploadedFile upload) {
        String name = upload.filename().replaceAll("\\p{Cntrl}", "");
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }

    private static void copy(UploadedFile upload, Path file) throws IOException {
        // Into the file that is there, which nobody else may read.
        try (var content = upload.content();
                var out = Files.newOutputStream(file)) {
            content.transferTo(out);
        }
    }

    private static Map<String, Object> result(Result result) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("import_uid", result.uid());
        answer.put("rows", result.created() + result.updated() + result.rejected());
        answer.put("created", result.created());
        answer.put("updated", result.updated());
        answer.put("rejected", result.rejected());
        answer.put("rejections", result.rejections().stream().map(ImportsApi::line).toList());
        return answer;
    }

    private static Map<String, Object> line(Rejection rejection) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("line", rejection.line());
        answer.put("reason", rejection.reason());
        return answer;
    }
}
