package io.penstock.perf.load;

import java.util.Locale;

/** The workloads by name, and what they are unless told otherwise. */
enum WorkloadKind {
    /** An open loop of small messages on a few connections; at rate 0 a closed one, which finds the capacity. */
    LATENCY(50) {
        @Override
        Workload create(EventLoop loop, Backend backend) {
            return new KeepAliveWorkload(loop, backend, ResponseSizes.SMALL);
        }
    },

    /** A closed loop of mixed sizes on thousands of connections. */
    MANY(5_000) {
        @Override
        Workload create(EventLoop loop, Backend backend) {
            return new KeepAliveWorkload(loop, backend, ResponseSizes.MIXED);
        }
    },

    /** A closed loop of small messages beside thousands of idle connections. */
    IDLE(200) {
        @Override
        Workload create(EventLoop loop, Backend backend) {
            return new IdleWorkload(loop, backend);
        }
    },

    /** An open loop of connections with one small message each, as soon as the target listens. */
    COLD(1) {
        @Override
        Workload create(EventLoop loop, Backend backend) {
            return new ColdWorkload(loop);
        }
    };

    private final int connections;

    WorkloadKind(int connections) {
        this.connections = connections;
    }

    /** How many connections make requests, by default. */
    int connections() {
        return connections;
    }

    /** Whether a rate means something to it. */
    boolean hasRate() {
        return this == LATENCY || this == COLD;
    }

    /** Whether it can do without a rate, as a closed loop. */
    boolean canDoWithoutRate() {
        return this != COLD;
    }

    abstract Workload create(EventLoop loop, Backend backend);

    /** By its name in lower case. */
    static WorkloadKind of(String name) {
        for (WorkloadKind kind : values()) {
            if (kind.toString().equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no such workload: '" + name + "'");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
