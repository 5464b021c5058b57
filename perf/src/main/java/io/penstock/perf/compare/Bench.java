package io.penstock.perf.compare;

import io.penstock.perf.rig.ListeningPorts;
import io.penstock.perf.rig.LoopbackPorts;
import io.penstock.perf.rig.ServerProcess;
import io.penstock.perf.rig.SyscallCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One contestant set up for one workload: its clients, its backend and, where there is one, the proxy between them. All
 * of them sleep while nothing is run. {@link #close} ends all.
 */
final class Bench implements AutoCloseable {
    private static final int LOG_LINES = 10;

    private final Contestant contestant;
    private final Workload workload;
    private final Setting setting;
    private final Path directory;
    private final Link link;
    private final Load load;
    private final PauseLog pauseLog;

    /** Null without a proxy, and before the first run of a workload that starts it anew. */
    private ServerProcess proxy;

    /** Starts all of it. */
    Bench(Contestant contestant, Workload workload, Setting setting) throws IOException, InterruptedException {
        this.contestant = contestant;
        this.workload = workload;
        this.setting = setting;
        directory = Files.createTempDirectory(setting.directory(), workload.label() + "-" + contestant.name());
        pauseLog = new PauseLog(directory.resolve("pauses.log"));
        List<Integer> ports = LoopbackPorts.pick(2);
        link = new Link(ports.get(contestant.isProxy() ? 0 : 1), ports.get(1));
        load = switch (workload.driver()) {
            case WRK -> new WrkLoad(workload == Workload.CONNECT, link, setting, directory);
            case IPERF -> new IperfLoad(workload, link, setting, directory);
            case OWN -> new OwnLoad(workload, link, setting, directory);
        };
        if (contestant.isProxy() && !workload.startsProxyAnew()) {
            try {
                startProxy();
                awaitProxy();
            } catch (IOException | InterruptedException e) {
                close();
                throw e;
            }
        }
    }

    Contestant contestant() {
        return contestant;
    }

    /** A run of which nothing is kept but what the clients saw. */
    Work warmUp(int seconds, Pace pace) throws IOException, InterruptedException {
        Work work = load.run(seconds, pace, Window.NONE);
        requireProxy();
        return work;
    }

    Measurement measure(Pace pace) throws IOException, InterruptedException {
        if (!contestant.isProxy()) {
            return Measurement.withoutProxy(load.run(setting.seconds(), pace, Window.NONE));
        }
        if (workload.startsProxyAnew()) {
            // Its first clients wait for it to listen: nobody asks before them.
            startProxy();
        }
        Meter meter = new Meter(proxy, workload.startsProxyAnew());
        try {
            Work work = load.run(setting.seconds(), pace, meter);
            requireProxy();
            return meter.measurement(work);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + proxyState(), e);
        } finally {
            if (workload.startsProxyAnew()) {
                proxy.close();
            }
        }
    }

    /** A run for the sake of counting alone, which slows the proxy down. */
    SyscallFigures countSyscalls(Pace pace) throws IOException, InterruptedException {
        Path files = Files.createTempDirectory(directory, "syscalls");
        try (SyscallCounter counter = SyscallCounter.attach(proxy.pids(), files)) {
            Work work = load.run(setting.seconds(), pace, new Window() {
                @Override
                public void open() throws IOException {
                    counter.enable();
                }

                @Override
                public void close() throws IOException {
                    counter.disable();
                }
            });
            SyscallCounter.Counts counts = counter.detach();
            return new SyscallFigures(counts.calls() / work.units(), counts.splices() / work.units());
        }
    }

    private void startProxy() throws IOException {
        Path config = directory.resolve("proxy.conf");
        Contestant.Program program = contestant.program();
        Files.writeString(config, program.config(workload.tuning(), link, directory));
        proxy = ServerProcess.start(
                setting.cores().forMeasured(program.command(config, directory)),
                directory.resolve("proxy.log"),
                contestant.logsPauses(workload) ? Map.of("PENSTOCK_JAVA_OPTS", pauseLog.option()) : Map.of());
    }

    /** Of the proxy, where it is a JVM whose latencies are measured: what is logged from its first begin on. */
    PauseLog pauseLog() {
        return pauseLog;
    }

    private void awaitProxy() throws IOException, InterruptedException {
        if (!proxy.await(() -> ListeningPorts.contains(link.port()))) {
            throw new IOException(contestant.name() + " does not listen" + proxyState());
        }
    }

    private void requireProxy() throws IOException {
        if (proxy != null && !proxy.isAlive()) {
            throw new IOException("the proxy ended" + proxyState());
        }
    }

    private String proxyState() throws IOException {
        if (proxy == null) {
            return "";
        }
        return (proxy.isAlive() ? "; the proxy runs, its log: " : "; the proxy is dead, its log: ")
                + String.join("\n", proxy.logTail(LOG_LINES));
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
        load.close();
    }
}
