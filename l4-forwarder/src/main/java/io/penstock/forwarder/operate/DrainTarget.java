package io.penstock.forwarder.operate;

/** Whose connections are to end. */
public sealed interface DrainTarget {
    record Backend(String pool, String id) implements DrainTarget {
        @Override
        public String toString() {
            return "backend " + pool + "/" + id;
        }
    }

    /** Of a pool: those at backends that take no new connections because better ones are back. */
    record FailBack(String pool) implements DrainTarget {
        @Override
        public String toString() {
            return "fail-back " + pool;
        }
    }

    /** All of them; listeners close first. */
    record Forwarder() implements DrainTarget {
        @Override
        public String toString() {
            return "forwarder";
        }
    }
}
