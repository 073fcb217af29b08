package io.shmipc.benchmarks.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table of a page. */
final class Table {

    private final List<String> lines = new ArrayList<>();

    Table(List<String> heads) {
        add(heads);
        add(Collections.nCopies(heads.size(), "---"));
    }

    void add(List<String> cells) {
        lines.add("| " + String.join(" | ", cells) + " |");
    }

    @Override
    public String toString() {
        return String.join("\n", lines) + "\n";
    }
}
