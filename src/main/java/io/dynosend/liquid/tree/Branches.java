package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;
import java.util.List;

/** {@code if} and {@code unless}: the first branch whose condition holds. */
public final class Branches implements Node {

    private final Branch[] branches;

    public Branches(List<Branch> branches) {
        this.branches = branches.toArray(Branch[]::new);
    }

    @Override
    public Flow render(Scope scope, Output out) {
        for (Branch branch : branches) {
            if (branch.condition.isTrue(scope) == branch.wanted) {
                return branch.body.render(scope, out);
            }
        }
        return Flow.ON;
    }

    /**
     * One branch.
     *
     * @param wanted what the condition has to be: false for {@code unless}
     */
    public record Branch(Condition condition, boolean wanted, Node body) {}
}
