package io.penstock.config;

import java.util.List;

/** One node of the tree; an alias is the very node it names, so the tree may share branches but never loops. */
sealed interface YamlNode {
    Position at();

    /** Nodes in this branch, shared ones counted each time they appear. */
    long expandedNodes();

    /** What YAML 1.2's core schema takes an unquoted scalar for; a quoted one is always text. */
    enum ScalarType {
        TEXT,
        INTEGER,
        FLOAT,
        BOOLEAN,
        NOTHING
    }

    record Scalar(Position at, String text, ScalarType type) implements YamlNode {
        @Override
        public long expandedNodes() {
            return 1;
        }
    }

    record Sequence(Position at, List<YamlNode> items, long expandedNodes) implements YamlNode {}

    record Mapping(Position at, List<Entry> entries, long expandedNodes) implements YamlNode {}

    record Entry(Scalar key, YamlNode value) {}
}
