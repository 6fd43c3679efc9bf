package io.dynosend.liquid.tree;

import io.dynosend.liquid.LiquidRenderException;
import io.dynosend.liquid.Output;
import java.util.BitSet;
import java.util.List;

/** Nodes one after the other, each with the line it stands on. */
public final class Sequence implements Node {

    public static final Sequence EMPTY = new Sequence(List.of(), new int[0], new BitSet(), "");

    private final Node[] nodes;
    private final int[] lines;
    private final BitSet silent;
    private final String partial;

    /**
     * Nodes of one template or partial.
     *
     * @param lines the line of each node, from 1
     * @param silent which nodes show nothing, and so show no failure of theirs either
     * @param partial the name of the partial, empty for the template itself
     */
    public Sequence(List<Node> nodes, int[] lines, BitSet silent, String partial) {
        this.nodes = nodes.toArray(Node[]::new);
        this.lines = lines;
        this.silent = silent;
        this.partial = partial;
    }

    @Override
    public Flow render(Scope scope, Output out) {
        int at = 0;
        while (at < nodes.length) {
            try {
                for (; at < nodes.length; at++) {
                    Flow flow = nodes[at].render(scope, out);
                    scope.step(out);
                    if (flow != Flow.ON) {
                        return flow;
                    }
                }
            } catch (LiquidRenderException e) {
                failed(e.at(lines[at], partial), silent.get(at), scope, out);
                at++;
            }
        }
        return Flow.ON;
    }

    private static void failed(
            LiquidRenderException failure, boolean silent, Scope scope, Output out) {
        if (!scope.rendering().isLax() || failure.isLimit()) {
            throw failure;
        }
        if (!silent) {
            Echo.show(failure.shown(), scope.rendering().escapesHtml(), scope, out);
        }
        scope.step(out);
    }
}
