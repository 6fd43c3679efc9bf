package io.dynosend.template;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Whoever may use layouts and blocks, and then stands in the way of their deletion. */
public interface TemplateUse {

    /**
     * Those that are still to be sent and use a block by its name, each as a reader knows it, such
     * as {@code campaign “May”}.
     */
    List<String> ofBlock(Handle tx, long account, String name);

    /** The same of a layout. */
    List<String> ofLayout(Handle tx, long account, long layout);
}
