package io.penstock.perf.udp;

import io.penstock.perf.compare.NginxConfig;
import io.penstock.perf.compare.Tools;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.ForwarderProcess;
import io.penstock.perf.rig.ListeningPorts;
import io.penstock.perf.rig.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A proxy that runs, or none between clients and backend. {@link #close} ends it. */
final class Contestant implements AutoCloseable {
    static final String DIRECT = "direct";
    static final String NGINX = "nginx";
    static final String OURS = "penstock";

    private static final int LOG_LINES = 10;

    private final String name;
    private final Site site;
    private final ServerProcess process;

    private Contestant(String name, Site site, ServerProcess process) {
        this.name = name;
        this.site = site;
        this.process = process;
    }

    static Contestant direct(Site site) {
        return new Contestant(DIRECT, site, null);
    }

    /** With one worker process. */
    static Contestant nginx(Site site, Path scratch, Cores cores) throws IOException, InterruptedException {
        Path directory = Files.createDirectory(scratch.resolve(NGINX));
        List<NginxConfig.DatagramServer> servers = Arrays.stream(Shape.Service.values())
                .map(service -> new NginxConfig.DatagramServer(
                        site.port(service),
                        site.backendPort(service),
                        service == Shape.Service.ANSWERED ? "proxy_responses 1;" : ""))
                .toList();
        Path config = directory.resolve("nginx.conf");
        Files.writeString(config, NginxConfig.datagrams(Tools.require("nginx"), directory, servers));
        return started(NGINX, site, cores, NginxConfig.command(config, directory), directory);
    }

    /** With one worker and without health checks, since nginx makes none. */
    static Contestant penstock(Path launcher, Site site, Path scratch, Cores cores)
            throws IOException, InterruptedException {
        Path directory = Files.createDirectory(scratch.resolve(OURS));
        Path config = directory.resolve("forwarder.yaml");
        Files.writeString(config, penstockConfig(site));
        return started(OURS, site, cores, ForwarderProcess.command(launcher, config), directory);
    }

    static String penstockConfig(Site site) {
        StringBuilder services = new StringBuilder();
        StringBuilder pools = new StringBuilder();
        for (Shape.Service service : Shape.Service.values()) {
            String label = service.name().toLowerCase(Locale.ROOT);
            services.append("""
                      %1$s:
                        listen: "127.0.0.1:%2$d"
                        protocol: udp
                        pool: %1$s
                    """.formatted(label, site.port(service)));
            if (service == Shape.Service.ANSWERED) {
                services.append("    responses: 1\n");
            }
            pools.append("""
                      %s:
                        health: none
                        backends: ["127.0.0.1:%d"]
                    """.formatted(label, site.backendPort(service)));
        }
        return "workers: 1\ndrain-timeout: 1s\nservices:\n" + services + "pools:\n" + pools;
    }

    private static Contestant started(String name, Site site, Cores cores, List<String> command, Path directory)
            throws IOException, InterruptedException {
        ServerProcess process = ServerProcess.start(cores.forMeasured(command), directory.resolve("log"), Map.of());
        Contestant contestant = new Contestant(name, site, process);
        if (!process.await(() -> site.ports().values().stream().allMatch(ListeningPorts::containsUdp))) {
            String state = contestant.state();
            contestant.close();
            throw new IOException(name + " does not listen" + state);
        }
        return contestant;
    }

    String name() {
        return name;
    }

    boolean isProxy() {
        return process != null;
    }

    Site site() {
        return site;
    }

    /** Empty without a proxy. */
    List<Long> pids() {
        return isProxy() ? process.pids() : List.of();
    }

    /** The end of its log, for what went wrong with it. */
    String state() throws IOException {
        return isProxy() ? "; its log: " + String.join("\n", process.logTail(LOG_LINES)) : "";
    }

    @Override
    public void close() {
        if (isProxy()) {
            process.close();
        }
    }
}
