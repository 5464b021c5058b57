package io.penstock.perf.policies.scenario;

import java.util.ArrayDeque;
import java.util.Deque;

/** How a backend works: on so many requests at once, the others wait in their order. */
public final class QueueingServer {
    private record Job(long serviceNs, Runnable done) {}

    private final Timers timers;
    private final int servers;
    private final Deque<Job> waiting = new ArrayDeque<>();
    private int busy;

    public QueueingServer(Timers timers, int servers) {
        this.timers = timers;
        this.servers = servers;
    }

    public void accept(long serviceNs, Runnable done) {
        Job job = new Job(serviceNs, done);
        if (busy < servers) {
            busy++;
            begin(job);
        } else {
            waiting.add(job);
        }
    }

    private void begin(Job job) {
        timers.at(timers.nowNs() + job.serviceNs(), () -> end(job));
    }

    private void end(Job job) {
        job.done().run();
        Job next = waiting.poll();
        if (next == null) {
            busy--;
        } else {
            begin(next);
        }
    }
}
