package io.dynosend.liquid.tree;

/** Something that renders. */
public sealed interface Node
        permits Text,
                Output,
                Sequence,
                Assign,
                Capture,
                Counter,
                Branches,
                Case,
                For,
                TableRow,
                Cycle,
                IfChanged,
                Jump,
                Render,
                Include,
                Extension {

    Flow render(Scope scope, StringBuilder out);
}
