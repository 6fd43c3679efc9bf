package io.dynosend.campaign;

import io.dynosend.template.TemplateUse;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The layouts and blocks of campaigns that are not started; the others have theirs with them. */
public final class CampaignTemplates implements TemplateUse {

    private static final String WITH_BLOCK =
            """
            SELECT 'campaign “' || name || '”'
            FROM campaign
            WHERE account_id = :account AND mailing_id IS NULL AND :name = ANY(block_names)
            ORDER BY id
            """;

    private static final String WITH_LAYOUT =
            """
            SELECT 'campaign “' || name || '”'
            FROM campaign
            WHERE account_id = :account AND mailing_id IS NULL AND layout_id = :layout
            ORDER BY id
            """;

    @Override
    public List<String> ofBlock(Handle tx, long account, String name) {
        return tx.createQuery(WITH_BLOCK)
                .bind("account", account)
                .bind("name", name)
                .mapTo(String.class)
                .list();
    }

    @Override
    public List<String> ofLayout(Handle tx, long account, long layout) {
        return tx.createQuery(WITH_LAYOUT)
                .bind("account", account)
                .bind("layout", layout)
                .mapTo(String.class)
                .list();
    }
}
