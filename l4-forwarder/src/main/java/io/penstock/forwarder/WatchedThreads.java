package io.penstock.forwarder;

import io.penstock.forwarder.control.Controller;
import io.penstock.forwarder.worker.WorkerCounter;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.process.Watchdog.Watched;
import java.util.ArrayList;
import java.util.List;

/** The workers and the control thread as the watchdog sees them. A worker that has drained owes no sign of life. */
final class WatchedThreads {
    private WatchedThreads() {}

    static List<Watched> of(Controller controller, List<WorkerProxy> workers) {
        List<Watched> watched = new ArrayList<>();
        watched.add(new Control(controller));
        workers.forEach(worker -> watched.add(new Data(worker)));
        return watched;
    }

    private record Control(Controller controller) implements Watched {
        @Override
        public String name() {
            return "fwd-ctl";
        }

        @Override
        public void ask() {
            controller.turn();
        }

        @Override
        public long signs() {
            return controller.turns();
        }

        @Override
        public boolean hasEnded() {
            return false;
        }
    }

    private record Data(WorkerProxy worker) implements Watched {
        @Override
        public String name() {
            return worker.name();
        }

        @Override
        public void ask() {
            worker.wake();
        }

        @Override
        public long signs() {
            return worker.counters().value(WorkerCounter.TURNS);
        }

        @Override
        public boolean hasEnded() {
            return worker.hasEnded();
        }
    }
}
