package io.penstock.perf.policies.loopback;

import io.penstock.perf.policies.scenario.Moves;
import io.penstock.perf.policies.scenario.Outcome;
import io.penstock.perf.policies.scenario.Scenario;
import io.penstock.perf.policies.scenario.Tally;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.ListeningPorts;
import io.penstock.perf.rig.LoopbackPorts;
import io.penstock.perf.rig.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The scenario with a real proxy, real connections and real time. */
public final class LoopbackRun {
    private static final int LOG_LINES = 10;

    private final Scenario scenario;
    private final Cores cores;
    private final Path directory;
    private final long warmUpNs;
    private final long measuredNs;
    private final long settleNs;

    /**
     * A kind of run.
     *
     * @param directory for files of the proxies
     * @param warmUpNs under load and not counted, for policies that learn and for the JIT compiler
     * @param measuredNs after that
     * @param settleNs until health checks have noticed what has changed
     */
    public LoopbackRun(Scenario scenario, Cores cores, Path directory, long warmUpNs, long measuredNs, long settleNs) {
        this.scenario = scenario;
        this.cores = cores;
        this.directory = directory;
        this.warmUpNs = warmUpNs;
        this.measuredNs = measuredNs;
        this.settleNs = settleNs;
    }

    /** Starts the proxy, loads it, takes one backend out, ends it. */
    public Outcome run(Balancer balancer) throws IOException, InterruptedException {
        List<Integer> ports = LoopbackPorts.pick(Scenario.BACKENDS + 2);
        int port = ports.get(Scenario.BACKENDS);
        int clientPort = ports.get(Scenario.BACKENDS + 1);
        Path own = Files.createTempDirectory(directory, "policy");
        List<String> command = balancer.prepare(own, port, ports.subList(0, Scenario.BACKENDS));
        try (Reactor reactor = new Reactor()) {
            List<TimedBackend> backends = new ArrayList<>();
            for (int backend = 0; backend < Scenario.BACKENDS; backend++) {
                backends.add(new TimedBackend(reactor, backend, ports.get(backend)));
                backends.get(backend).listen();
            }
            try (ServerProcess proxy =
                    ServerProcess.start(cores.forMeasured(command), own.resolve("proxy.log"), Map.of())) {
                if (!proxy.await(() -> ListeningPorts.contains(port))) {
                    throw new IOException(balancer.name() + " does not listen" + logOf(proxy));
                }
                InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
                Tally tally = load(reactor, backends, target);
                Moves moves = removeOne(reactor, backends, clientPort, target);
                if (!proxy.isAlive()) {
                    throw new IOException(balancer.name() + " ended" + logOf(proxy));
                }
                return tally.outcome(moves);
            }
        }
    }

    private Tally load(Reactor reactor, List<TimedBackend> backends, InetSocketAddress target) throws IOException {
        TimedBackend flapping = backends.get(Scenario.FLAPPING);
        long beginNs = reactor.nowNs();
        for (long downNs = scenario.firstDownNs();
                downNs + scenario.downNs() < warmUpNs + measuredNs;
                downNs += scenario.cycleNs()) {
            reactor.at(beginNs + downNs, flapping::refuse);
            reactor.at(beginNs + downNs + scenario.downNs(), flapping::listen);
        }
        return new LoadedClients(reactor, target).run(beginNs, warmUpNs, measuredNs);
    }

    private Moves removeOne(Reactor reactor, List<TimedBackend> backends, int clientPort, InetSocketAddress target)
            throws IOException {
        reactor.runFor(settleNs);
        int[] before = new FixedFlows(reactor, clientPort, target).place();
        reactor.at(reactor.nowNs(), backends.get(Scenario.REMOVED)::refuse);
        reactor.runFor(settleNs);
        int[] after = new FixedFlows(reactor, clientPort, target).place();
        return Moves.between(before, after, Scenario.REMOVED);
    }

    private static String logOf(ServerProcess proxy) throws IOException {
        return "; its log: " + String.join("\n", proxy.logTail(LOG_LINES));
    }
}
