package io.dynosend.liquid.tree;

import io.dynosend.liquid.Output;

/** Something that renders. */
public sealed interface Node
        permits Text,
                Echo,
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
                Snippet,
                Include,
                Extension {

    Flow render(Scope scope, Output out);
}
