package io.penstock.perf.load;

import io.penstock.linux.Syscalls;
import io.penstock.net.Endpoint;
import java.io.PrintStream;

/**
 * The generator's one thread: warms itself up, then makes a run for each {@code go} it reads. Owns the event loop, the
 * backend and the workload. Protocol, one line each:
 *
 * <pre>
 * out: ready                       the backend listens
 * in:  go [RATE]                   the target may be connected to
 * out: start                       the measured period begins
 * out: end                         and is over; connections are still open
 * out: {"units":123,…}             plain numbers
 * in:  quit, or the end of input
 * </pre>
 */
final class Generator implements AutoCloseable {
    private static final int WARM_UP_CONNECTIONS_MAX = 200;
    private static final double WARM_UP_RATE = 5_000;

    private final EventLoop loop;
    private final Endpoint own;
    private final Backend backend;
    private final WorkloadKind kind;
    private final PrintStream out;
    private final Workload workload;

    /**
     * Listens at once; fails with LoadException when that cannot be.
     *
     * @param own where the backend listens
     */
    Generator(Syscalls syscalls, WorkloadKind kind, Endpoint own, PrintStream out) {
        this.kind = kind;
        this.own = own;
        this.out = out;
        loop = new EventLoop(syscalls);
        backend = new Backend(loop, own);
        workload = kind.create(loop, backend);
    }

    /**
     * Makes the JIT compiler do its work on the code of both ends before any target is measured, by loading the own
     * backend: half of the time with each of the closed and the open loop, where the workload has both.
     */
    void warmUp(long lengthNs) {
        if (lengthNs == 0) {
            return;
        }
        int connections = Math.min(WARM_UP_CONNECTIONS_MAX, kind.connections());
        try (Workload rehearsal = kind.create(loop, backend)) {
            RunPlan half = new RunPlan(own, connections, connections, 0, 0, lengthNs / 2, Marks.NONE);
            rehearsal.run(kind.canDoWithoutRate() ? half : half.withRate(WARM_UP_RATE));
            rehearsal.run(kind.hasRate() ? half.withRate(WARM_UP_RATE) : half);
        }
    }

    /** Until {@code quit} or the end of the input. */
    void serve(RunPlan plan) {
        CommandInput input = new CommandInput(loop);
        say("ready");
        for (String line = input.next(); line != null && !line.equals("quit"); line = input.next()) {
            RunPlan next = GoLine.parse(line, kind, plan).withMarks(new SpokenMarks());
            say(workload.run(next).toJson());
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    @Override
    public void close() {
        workload.close();
        backend.close();
        loop.close();
    }

    /** Between the lines of a pipe, whose reader meters the target. */
    private final class SpokenMarks implements Marks {
        @Override
        public void start() {
            say("start");
        }

        @Override
        public void end() {
            say("end");
        }
    }
}
