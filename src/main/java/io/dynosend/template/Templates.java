package io.dynosend.template;

import static io.dynosend.common.Sql.isUniqueViolation;
import static io.dynosend.common.Sql.utc;

import io.dynosend.common.Problem.BadInput;
import io.dynosend.common.Problem.Conflict;
import io.dynosend.common.Problem.NotFound;
import io.dynosend.common.Uid;
import io.dynosend.content.Blocks;
import io.dynosend.content.Format;
import io.dynosend.content.Source;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** The templates, layouts and blocks of an account, and the only code that writes them. */
public final class Templates {

    /** A version as it is to be kept. */
    private record Compiled(
            Source source,
            @Nullable String subject,
            @Nullable String text,
            boolean inlineCss,
            Source.Compiled compiled,
            Set<String> blockNames) {}

    private static final String LIST =
            TemplateRows.SELECT
                    + """
                    WHERE account_id = :account AND (cast(:kind AS text) IS NULL OR kind = :kind)
                    ORDER BY id DESC
                    """;

    private static final String BY_UID =
            TemplateRows.SELECT + "WHERE account_id = :account AND uid = :uid";

    private static final String BY_ID =
            TemplateRows.SELECT + "WHERE account_id = :account AND id = :id";

    private static final String LOCK = BY_UID + " FOR UPDATE";

    private static final String VERSION =
            TemplateRows.SELECT_VERSION
                    + """
                    WHERE v.account_id = :account AND v.template_id = :template
                      AND v.version = :version
                    """;

    private static final String VERSIONS =
            TemplateRows.SELECT_VERSION
                    + """
                    WHERE v.account_id = :account AND v.template_id = :template
                    ORDER BY v.version DESC
                    """;

    private static final String INSERT =
            """
            INSERT INTO template (account_id, uid, kind, name, version, created_at, updated_at)
            VALUES (:account, :uid, :kind, :name, 1, :now, :now)
            RETURNING id
            """;

    private static final String INSERT_VERSION =
            """
            INSERT INTO template_version (
                account_id, template_id, version, format, subject, content, text, inline_css, html,
                made_text, block_names, created_at)
            VALUES (
                :account, :template, :version, :format, :subject, :content, :text, :inlineCss,
                :html, :madeText, :blockNames, :now)
            """;

    private static final String UPDATE =
            """
            UPDATE template
            SET name = :name, version = :version, updated_at = :now
            WHERE account_id = :account AND id = :id
            """;

    private static final String DELETE =
            "DELETE FROM template WHERE account_id = :account AND id = :id";

    private static final String USERS =
            """
            SELECT t.kind || ' “' || t.name || '”'
            FROM template t
            JOIN template_version v ON v.account_id = t.account_id AND v.template_id = t.id
                AND v.version = t.version
            WHERE t.account_id = :account AND t.id <> :id AND :name = ANY(v.block_names)
            ORDER BY t.id
            """;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final List<TemplateUse> uses;

    /**
     * @param uses who may stand in the way of a deletion
     */
    public Templates(Jdbi jdbi, InstantSource clock, List<TemplateUse> uses) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.uses = List.copyOf(uses);
    }

    /**
     * All of the account, newest first.
     *
     * @param kind null: of every kind
     */
    public List<Template> list(long account, @Nullable TemplateKind kind) {
        return jdbi.withHandle(db ->
                db.createQuery(LIST)
                        .bind("account", account)
                        .bind("kind", kind == null ? null : kind.wire())
                        .map((row, _) -> TemplateRows.template(row))
                        .list());
    }

    /**
     * The one of this uid.
     *
     * @throws NotFound if this account has none
     */
    public Template get(long account, String uid) {
        return jdbi.withHandle(db -> find(db, BY_UID, account, uid));
    }

    /**
     * One version of it.
     *
     * @throws NotFound if it has none of this number
     */
    public TemplateVersion version(long account, Template template, int version) {
        return jdbi.withHandle(db -> version(db, account, template, version));
    }

    /** All versions of it, newest first. */
    public List<TemplateVersion> versions(long account, Template template) {
        return jdbi.withHandle(db ->
                db.createQuery(VERSIONS)
                        .bind("account", account)
                        .bind("template", template.id())
                        .map((row, _) -> TemplateRows.version(row))
                        .list());
    }

    /**
     * Keeps a new one.
     *
     * @return its uid
     * @throws Conflict if there is a block of this name
     * @throws BadInput if the content does not compile, naming format, line and column
     */
    public String create(long account, NewTemplate wanted) {
        String uid = Uid.random();
        return naming(
                wanted.name(),
                () ->
                        jdbi.inTransaction(tx -> {
                            var compiled =
                                    compiled(
                                            tx,
                                            account,
                                            wanted.kind(),
                                            wanted.source(),
                                            wanted.subject(),
                                            wanted.text(),
                                            wanted.inlineCss());
                            long id =
                                    tx.createQuery(INSERT)
                                            .bind("account", account)
                                            .bind("uid", uid)
                                            .bind("kind", wanted.kind().wire())
                                            .bind("name", wanted.name())
                                            .bind("now", utc(clock.instant()))
                                            .mapTo(Long.class)
                                            .one();
                            insert(tx, account, id, 1, compiled);
                            return uid;
                        }));
    }

    /**
     * Changes one. A change of anything but the name is a new version.
     *
     * @return the number of its latest version now
     * @throws NotFound if the account has none of this uid, or it no such version
     * @throws Conflict if there is a block of this name, or the name of one is in use
     * @throws BadInput if the content does not compile, naming format, line and column
     */
    public int update(long account, String uid, TemplateChanges changes) {
        return naming(
                String.valueOf(changes.name()),
                () -> jdbi.inTransaction(tx -> update(tx, account, uid, changes)));
    }

    /**
     * Deletes one with all its versions.
     *
     * @throws NotFound if the account has none of this uid
     * @throws Conflict if something that is to be sent uses it, naming what
     */
    public void delete(long account, String uid) {
        jdbi.useTransaction(tx -> {
            var template = locked(tx, account, uid);
            refuseWhileUsed(tx, account, template, "deleted");
            tx.createUpdate(DELETE).bind("account", account).bind("id", template.id()).execute();
        });
    }

    /**
     * What uses it, each as a reader knows it, such as {@code campaign “May”}; of a template
     * nothing: its content is copied.
     */
    public List<String> users(long account, Template template) {
        return jdbi.withHandle(db -> users(db, account, template));
    }

    /** The one of this id. It is there: what points at it holds it. */
    Template byId(long account, long id) {
        return jdbi.withHandle(db ->
                db.createQuery(BY_ID)
                        .bind("account", account)
                        .bind("id", id)
                        .map((row, _) -> TemplateRows.template(row))
                        .one());
    }

    private static Template locked(Handle tx, long account, String uid) {
        // What is not there is said to those, too, who may lock nothing.
        find(tx, BY_UID, account, uid);
        return find(tx, LOCK, account, uid);
    }

    private int update(Handle tx, long account, String uid, TemplateChanges changes) {
        var template = locked(tx, account, uid);
        String name = changes.name() == null ? template.name() : changes.name();
        NewTemplate.requireName(template.kind(), name);
        if (!name.equals(template.name())) {
            refuseWhileUsed(tx, account, template, "renamed");
        }
        int version = template.version() + (changes.ofContent() ? 1 : 0);
        tx.createUpdate(UPDATE)
                .bind("account", account)
                .bind("id", template.id())
                .bind("name", name)
                .bind("version", version)
                .bind("now", utc(clock.instant()))
                .execute();
        if (changes.ofContent()) {
            insert(tx, account, template.id(), version, changed(tx, account, template, changes));
        }
        return version;
    }

    private Compiled changed(Handle tx, long account, Template template, TemplateChanges changes) {
        int base = changes.restored() == null ? template.version() : changes.restored();
        var old = version(tx, account, template, base);
        Format format = changes.format() == null ? old.source().format() : changes.format();
        String content = changes.content() == null ? old.source().content() : changes.content();
        boolean inline = changes.inlineCss() == null ? old.inlineCss() : changes.inlineCss();
        return compiled(
                tx,
                account,
                template.kind(),
                new Source(format, content),
                changed(changes.subject(), old.subject()),
                changed(changes.text(), old.text()),
                inline);
    }

    private static @Nullable String changed(@Nullable String change, @Nullable String old) {
        if (change == null) return old;
        return change.isBlank() ? null : change;
    }

    private static Compiled compiled(
            Handle tx,
            long account,
            TemplateKind kind,
            Source source,
            @Nullable String subject,
            @Nullable String text,
            boolean inlineCss) {
        var sources = new ArrayList<String>(List.of(source.content()));
        if (subject != null) sources.add(subject);
        if (text != null) sources.add(text);
        var names = Blocks.named(sources);
        var blocks = SharedBlocks.usedBy(tx, account, names);
        var compiled =
                switch (kind) {
                    case TEMPLATE -> source.compiledTemplate(subject, text, inlineCss, blocks);
                    case LAYOUT -> source.compiledLayout(blocks);
                    case BLOCK -> source.compiledBlock(text, inlineCss, blocks);
                };
        SharedBlocks.hold(tx, account, names, 0);
        return new Compiled(source, subject, text, inlineCss, compiled, names);
    }

    private void insert(Handle tx, long account, long template, int version, Compiled compiled) {
        tx.createUpdate(INSERT_VERSION)
                .bind("account", account)
                .bind("template", template)
                .bind("version", version)
                .bind("format", compiled.source().format().wire())
                .bind("subject", compiled.subject())
                .bind("content", compiled.source().content())
                .bind("text", compiled.text())
                .bind("inlineCss", compiled.inlineCss())
                .bind("html", compiled.compiled().html())
                .bind("madeText", compiled.compiled().text())
                .bindArray("blockNames", String.class, compiled.blockNames())
                .bind("now", utc(clock.instant()))
                .execute();
    }

    private void refuseWhileUsed(Handle tx, long account, Template template, String verb) {
        if (template.kind() == TemplateKind.LAYOUT && verb.equals("renamed")) return;
        var users = users(tx, account, template);
        if (users.isEmpty()) return;
        throw new Conflict(
                "The %s “%s” cannot be %s: it is used by %s"
                        .formatted(
                                template.kind().wire(),
                                template.name(),
                                verb,
                                String.join(", ", users)),
                "template_in_use");
    }

    private List<String> users(Handle tx, long account, Template template) {
        var users = new ArrayList<String>();
        switch (template.kind()) {
            case TEMPLATE -> {}
            case LAYOUT ->
                    uses.forEach(use -> users.addAll(use.ofLayout(tx, account, template.id())));
            case BLOCK -> {
                uses.forEach(use -> users.addAll(use.ofBlock(tx, account, template.name())));
                users.addAll(templatesWith(tx, account, template));
            }
        }
        return users;
    }

    private static List<String> templatesWith(Handle tx, long account, Template block) {
        return tx.createQuery(USERS)
                .bind("account", account)
                .bind("id", block.id())
                .bind("name", block.name())
                .mapTo(String.class)
                .list();
    }

    private static <T> T naming(String name, Supplier<T> work) {
        try {
            return work.get();
        } catch (UnableToExecuteStatementException e) {
            if (!isUniqueViolation(e)) throw e;
            throw new Conflict("There is a block “%s” already".formatted(name), "template_exists");
        }
    }

    private static Template find(Handle db, String statement, long account, String uid) {
        return db.createQuery(statement)
                .bind("account", account)
                .bind("uid", uid)
                .map((row, _) -> TemplateRows.template(row))
                .findOne()
                .orElseThrow(() -> new NotFound("Template"));
    }

    private static TemplateVersion version(
            Handle db, long account, Template template, int version) {
        return db.createQuery(VERSION)
                .bind("account", account)
                .bind("template", template.id())
                .bind("version", version)
                .map((row, _) -> TemplateRows.version(row))
                .findOne()
                .orElseThrow(() -> new NotFound("Version"));
    }
}
