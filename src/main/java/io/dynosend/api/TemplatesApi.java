package io.dynosend.api;

import static io.dynosend.api.Answers.time;

import io.dynosend.account.Scope;
import io.dynosend.api.Api.Operations;
import io.dynosend.api.Api.Section;
import io.dynosend.common.Problem.BadInput;
import io.dynosend.content.Source;
import io.dynosend.template.NewTemplate;
import io.dynosend.template.Template;
import io.dynosend.template.TemplateChanges;
import io.dynosend.template.TemplateKind;
import io.dynosend.template.TemplateVersion;
import io.dynosend.template.Templates;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Templates, layouts and blocks, which the API document does not have. */
public final class TemplatesApi implements Section {

    private final Templates templates;

    public TemplatesApi(Templates templates) {
        this.templates = templates;
    }

    @Override
    public Scope scope() {
        return Scope.CAMPAIGNS;
    }

    @Override
    public void operations(Operations operations) {
        operations.get("/templates", this::listOrGet);
        operations.get("/templates/versions", this::versions);
        operations.post("/templates", this::create);
        operations.patch("/templates/update", this::update);
        operations.delete("/templates", this::delete);
    }

    private void listOrGet(Call call) {
        if (call.params().has("template_uid")) {
            get(call);
        } else {
            var kind = call.params().optional("kind").map(TemplateKind::of);
            call.answer(
                    templates.list(call.account(), kind.orElse(null)).stream()
                            .map(TemplatesApi::template)
                            .toList());
        }
    }

    private void get(Call call) {
        var template = templates.get(call.account(), uid(call));
        int number = version(call.params(), "version").orElse(template.version());
        var version = templates.version(call.account(), template, number);
        var answer = template(template);
        answer.putAll(version(version));
        call.answer(Map.of("template", answer));
    }

    private void versions(Call call) {
        var template = templates.get(call.account(), uid(call));
        call.answer(
                templates.versions(call.account(), template).stream()
                        .map(TemplatesApi::version)
                        .toList());
    }

    private void create(Call call) {
        var params = call.params();
        var given = ContentParams.given(params);
        var wanted =
                new NewTemplate(
                        params.optional("kind").map(TemplateKind::of).orElse(TemplateKind.TEMPLATE),
                        params.required("name"),
                        given.orElseThrow(() -> BadInput.missing("html")),
                        params.line("subject").orElse(null),
                        params.verbatim("text").orElse(null),
                        params.optional("inline_css").isPresent() && params.flag("inline_css"));
        call.success("Template created", "template_uid", templates.create(call.account(), wanted));
    }

    private void update(Call call) {
        var params = call.params();
        String uid = uid(call);
        var given = ContentParams.given(params);
        var changes =
                new TemplateChanges(
                        params.has("name") ? params.required("name") : null,
                        given.map(Source::format).orElse(null),
                        params.has("subject") ? params.line("subject").orElse("") : null,
                        given.map(Source::content).orElse(null),
                        params.has("text") ? params.verbatim("text").orElse("") : null,
                        params.optional("inline_css").isPresent()
                                ? params.flag("inline_css")
                                : null,
                        version(params, "restore_version").orElse(null));
        int version = templates.update(call.account(), uid, changes);
        call.success("Template updated", "version", version);
    }

    private void delete(Call call) {
        templates.delete(call.account(), uid(call));
        call.success("Template deleted");
    }

    private static String uid(Call call) {
        return call.params().required("template_uid");
    }

    private static Optional<Integer> version(Params params, String name) {
        return params.positive(name).map(number -> (int) Math.min(number, Integer.MAX_VALUE));
    }

    private static Map<String, @Nullable Object> template(Template template) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("uid", template.uid());
        answer.put("kind", template.kind().wire());
        answer.put("name", template.name());
        answer.put("version", template.version());
        answer.put("created_at", time(template.createdAt()));
        answer.put("updated_at", time(template.updatedAt()));
        return answer;
    }

    private static Map<String, @Nullable Object> version(TemplateVersion version) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("version", version.version());
        answer.put("format", version.source().format().wire());
        answer.put("source", version.source().content());
        answer.put("subject", version.subject());
        answer.put("text", version.text());
        answer.put("inline_css", version.inlineCss());
        answer.put("html", version.html());
        answer.put("saved_at", time(version.createdAt()));
        return answer;
    }
}
