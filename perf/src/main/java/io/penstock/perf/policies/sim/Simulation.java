package io.penstock.perf.policies.sim;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.balance.Policy;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.balance.Selection;
import io.penstock.perf.policies.scenario.Contestant;
import io.penstock.perf.policies.scenario.Outcome;
import io.penstock.perf.policies.scenario.QueueingServer;
import io.penstock.perf.policies.scenario.Request;
import io.penstock.perf.policies.scenario.Requests;
import io.penstock.perf.policies.scenario.Scenario;
import io.penstock.perf.policies.scenario.Tally;

/**
 * One run of the scenario in simulated time. The policy is asked, and the loads are told, just as a worker does it;
 * health checks notice the flapping backend after the time that they take on average.
 */
public final class Simulation {
    /** Of a connect over loopback or a rack. */
    private static final long CONNECT_NS = 100_000;

    /** Half an interval until the first check, then one for each further result that it takes. */
    private static final long NOTICE_NS =
            Scenario.HEALTH_INTERVAL_NS / 2 + (Scenario.HEALTH_RESULTS - 1) * Scenario.HEALTH_INTERVAL_NS;

    private static final long SEED = 1;

    private final Scenario scenario;
    private final Contestant contestant;
    private final long warmUpNs;
    private final long endNs;
    private final Timeline timeline = new Timeline();
    private final Requests requests = new Requests();
    private final Selection selection = new Selection(SEED);
    private final QueueingServer[] servers = new QueueingServer[Scenario.BACKENDS];
    private final Pool pool;
    private final Tally tally = new Tally();
    private boolean flappingIsDown;

    /**
     * A run that has not begun.
     *
     * @param warmUpNs not counted, for policies that learn
     * @param measuredNs after that
     */
    public Simulation(Scenario scenario, Contestant contestant, long warmUpNs, long measuredNs) {
        this.scenario = scenario;
        this.contestant = contestant;
        this.warmUpNs = warmUpNs;
        endNs = warmUpNs + measuredNs;
        pool = new Pool(contestant);
        for (int backend = 0; backend < servers.length; backend++) {
            servers[backend] = new QueueingServer(timeline, Scenario.SERVERS);
        }
    }

    /** Runs until the last request is answered; once. */
    public Outcome run() {
        awaitNextRequest();
        for (long downNs = scenario.firstDownNs(); downNs < endNs; downNs += scenario.cycleNs()) {
            flap(downNs, downNs + scenario.downNs());
        }
        if (contestant.is(PolicyKind.ADAPTIVE)) {
            awaitNextLesson(new Learning(pool));
        }
        timeline.run();
        return tally.outcome(Removal.of(contestant));
    }

    /** Connections that are open, at all backends. */
    int open() {
        int open = 0;
        for (int backend = 0; backend < servers.length; backend++) {
            open += pool.load(backend).open();
        }
        return open;
    }

    private void flap(long downNs, long upNs) {
        timeline.at(downNs, () -> flappingIsDown = true);
        timeline.at(downNs + NOTICE_NS, () -> pool.leaveOut(Scenario.FLAPPING));
        timeline.at(upNs, () -> flappingIsDown = false);
        timeline.at(upNs + NOTICE_NS, () -> pool.takeIn(Scenario.FLAPPING));
    }

    private void awaitNextLesson(Learning learning) {
        long atNs = timeline.nowNs() + Learning.INTERVAL_NS;
        if (atNs < endNs) {
            timeline.at(atNs, () -> {
                learning.learn();
                awaitNextLesson(learning);
            });
        }
    }

    private void awaitNextRequest() {
        Request request = requests.next();
        if (request.atNs() < endNs) {
            timeline.at(request.atNs(), () -> onRequest(request));
        }
    }

    private void onRequest(Request request) {
        awaitNextRequest();
        long hash = pool.hash(request);
        selection.begin(timeline.nowNs());
        for (int attempt = 0; attempt < Scenario.ATTEMPTS; attempt++) {
            int backend = pool.pick(hash, selection);
            if (backend == Policy.NONE) {
                break;
            }
            if (tryConnect(pool.load(backend), backend)) {
                servers[backend].accept(
                        Scenario.serviceNs(backend, request.workNs()), () -> onAnswer(request, backend));
                return;
            }
            selection.tryExclude(pool.load(backend));
        }
        if (isMeasured(request)) {
            tally.onFailure();
        }
    }

    private boolean tryConnect(BackendLoad load, int backend) {
        if (!load.tryAcquire()) {
            return false;
        }
        if (flappingIsDown && backend == Scenario.FLAPPING) {
            load.onConnectFailed();
            return false;
        }
        load.onConnected(CONNECT_NS, timeline.nowNs());
        return true;
    }

    private void onAnswer(Request request, int backend) {
        long tookNs = timeline.nowNs() - request.atNs();
        pool.load(backend).onFirstByte(tookNs, timeline.nowNs());
        pool.load(backend).release();
        if (isMeasured(request)) {
            tally.onAnswer(backend, tookNs);
        }
    }

    private boolean isMeasured(Request request) {
        return request.atNs() >= warmUpNs;
    }
}
