package io.dynosend.template;

import io.dynosend.common.Problem.Conflict;
import io.dynosend.content.Blocks;
import io.dynosend.content.Blocks.Block;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The blocks of an account as they are now. */
public final class SharedBlocks {

    // Who uses a block is written down while nobody can delete it.
    private static final String HOLD =
            """
            SELECT id
            FROM template
            WHERE account_id = :account
              AND ((kind = 'block' AND name = ANY(:names)) OR id = :layout)
            ORDER BY id
            FOR KEY SHARE
            """;

    private static final String BY_NAME =
            """
            SELECT t.name, v.html, v.made_text
            FROM template t
            JOIN template_version v ON v.account_id = t.account_id AND v.template_id = t.id
                AND v.version = t.version
            WHERE t.account_id = :account AND t.kind = 'block' AND t.name = ANY(:names)
            """;

    private final Jdbi jdbi;

    public SharedBlocks(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Those that templates use, and those that these use. What is not there is left out. */
    public Blocks usedBy(long account, Collection<String> sources) {
        var missing = Blocks.named(sources);
        if (missing.isEmpty()) return Blocks.NONE;
        return jdbi.withHandle(db -> usedBy(db, account, missing));
    }

    /**
     * Keeps the blocks and the layout of what is being saved until the transaction ends.
     *
     * @param names of blocks that were there a moment ago
     * @param layout 0: none
     * @throws Conflict if one is gone
     */
    public static void hold(Handle tx, long account, Set<String> names, long layout) {
        if (names.isEmpty() && layout == 0) return;
        int held =
                tx.createQuery(HOLD)
                        .bind("account", account)
                        .bindArray("names", String.class, names)
                        .bind("layout", layout)
                        .mapTo(Long.class)
                        .list()
                        .size();
        if (held < names.size() + (layout == 0 ? 0 : 1)) {
            throw new Conflict(
                    "A block or a layout of it was deleted at this moment", "template_deleted");
        }
    }

    static Blocks usedBy(Handle db, long account, Set<String> names) {
        var found = new LinkedHashMap<String, Block>();
        var asked = new HashSet<String>();
        Set<String> next = new TreeSet<>(names);
        while (!next.isEmpty()) {
            asked.addAll(next);
            var used = new TreeSet<String>();
            db.createQuery(BY_NAME)
                    .bind("account", account)
                    .bindArray("names", String.class, next)
                    .map((row, _) -> {
                        var block = new Block(row.getString("html"), row.getString("made_text"));
                        found.put(row.getString("name"), block);
                        used.addAll(Blocks.named(List.of(block.html(), block.text())));
                        return block;
                    })
                    .list();
            used.removeAll(asked);
            next = used;
        }
        return new Blocks(found);
    }
}
