package io.dynosend.liquid.tree;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.Output;
import java.util.List;

/** Nodes one after the other, each with the line it stands on. */
public final class Sequence implements Node {

    public static final Sequence EMPTY = new Sequence(List.of(), new int[0], "");

    private final Node[] nodes;
    private final int[] lines;
    private final String partial;

    /**
     * Nodes of one template or partial.
     *
     * @param lines the line of each node, from 1
     * @param partial the name of the partial, empty for the template itself
     */
    public Sequence(List<Node> nodes, int[] lines, String partial) {
        this.nodes = nodes.toArray(Node[]::new);
        this.lines = lines;
        this.partial = partial;
    }

    @Override
    public Flow render(Scope scope, Output out) {
        int at = 0;
        try {
            for (; at < nodes.length; at++) {
                Flow flow = nodes[at].render(scope, out);
                scope.step(out);
                if (flow != Flow.ON) {
                    return flow;
                }
            }
        } catch (LiquidRenderException e) {
            throw e.at(lines[at], partial);
        }
        return Flow.ON;
    }
}
