package io.penstock.perf.failures;

import io.penstock.perf.rig.Cores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One balancer, started afresh at one of the settings, through all failures; always of the same backend. */
final class Session {
    private static final long START_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_MS = 20;

    /** Of the victim, before the first failure. */
    private static final int CHECKS_BEFORE = 2;

    private final Path launcher;
    private final Path directory;
    private final Cores cores;
    private final int port;
    private final List<BackendProcess> backends;
    private final Consumer<String> progress;

    /**
     * @param launcher of our forwarder
     * @param directory for what balancers need
     * @param port where balancers listen, one after the other
     * @param backends all running; the last of them fails
     * @param progress is told what is being done
     */
    Session(
            Path launcher,
            Path directory,
            Cores cores,
            int port,
            List<BackendProcess> backends,
            Consumer<String> progress) {
        this.launcher = launcher;
        this.directory = directory;
        this.cores = cores;
        this.port = port;
        this.backends = List.copyOf(backends);
        this.progress = progress;
    }

    /** @param phaseNs as {@link Trial#run} has it */
    Map<Failure, Observation> run(Balancer.Kind kind, Settings settings, Set<Failure> failures, long phaseNs)
            throws IOException, InterruptedException {
        Site site = new Site(port, backends.stream().map(BackendProcess::server).toList());
        BackendProcess victim = backends.get(backends.size() - 1);
        Map<Failure, Trial.Times> times = new EnumMap<>(Failure.class);
        List<Outcome> outcomes;
        try (Balancer balancer = Balancer.start(kind, settings, site, launcher, directory, cores)) {
            Clients clients = new Clients(port);
            try (clients) {
                awaitSteady(clients, settings, victim);
                for (Failure failure : failures) {
                    progress.accept(settings.label() + ": " + kind.label() + ", " + failure.label());
                    try {
                        times.put(failure, new Trial(settings, balancer, clients, victim).run(failure, phaseNs));
                    } catch (IOException e) {
                        throw new IOException(kind.label() + ", " + failure.label() + ": " + e.getMessage(), e);
                    }
                }
            }
            outcomes = clients.outcomes();
        }
        Map<Failure, Observation> observations = new EnumMap<>(Failure.class);
        times.forEach((failure, when) -> observations.put(
                failure, Observation.of(when, outcomes, victim.server().name())));
        return observations;
    }

    /** Until every backend has served a client, and what checks need is loaded: the very first one may be late. */
    private void awaitSteady(Clients clients, Settings settings, BackendProcess victim)
            throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        for (BackendProcess backend : backends) {
            String name = backend.server().name();
            while (!clients.isServedBy(name, startNs)) {
                if (System.nanoTime() - startNs >= START_TIMEOUT_NS) {
                    throw new IOException("clients were never served by " + name);
                }
                Thread.sleep(POLL_MS);
            }
        }
        for (int check = 0; settings.isHttp() && check < CHECKS_BEFORE; check++) {
            victim.tell("await-check");
        }
    }
}
