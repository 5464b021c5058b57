package io.penstock.perf.change.balancers;

import io.penstock.perf.compare.Tools;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * HAProxy without a master process, as init scripts run it: a reload and a hand-over are the same, a new process that
 * gets the listening sockets of the one before it ({@code -x}, which needs {@code expose-fd listeners}) and then tells it
 * to finish ({@code -sf}). What stands in quotes is from its manuals of version 2.6.
 */
public final class Haproxy implements Balancer {
    private static final int COMMAND_TIMEOUT_S = 20;

    private final Cores cores;
    private final String stopAfter;
    private final Path config;
    private final Path pidFile;
    private final Path socket;
    private final List<Long> started = new ArrayList<>();

    private Haproxy(Path directory, Cores cores, String stopAfter) {
        this.cores = cores;
        this.stopAfter = stopAfter;
        config = directory.resolve("haproxy.cfg");
        pidFile = directory.resolve("haproxy.pid");
        socket = directory.resolve("haproxy.sock");
    }

    /**
     * Returns once it accepts.
     *
     * @param directory for its files, empty
     * @param stopAfter how long a process that was told to finish may take, such as {@code 30s}
     */
    public static Haproxy start(Site site, Path directory, Cores cores, String stopAfter)
            throws IOException, InterruptedException {
        Haproxy haproxy = new Haproxy(directory, cores, stopAfter);
        Runtime.getRuntime().addShutdownHook(new Thread(haproxy::close, "haproxy-end"));
        Files.writeString(haproxy.config, text(site, haproxy.socket, stopAfter));
        haproxy.run(List.of());
        return haproxy;
    }

    @Override
    public String label() {
        return "haproxy";
    }

    @Override
    public void reload(Site site) throws IOException, InterruptedException {
        Files.writeString(config, text(site, socket, stopAfter));
        handOver();
    }

    @Override
    public void handOver() throws IOException, InterruptedException {
        String running = Long.toString(started.get(started.size() - 1));
        run(List.of("-x", socket.toString(), "-sf", running));
    }

    /** The process that is started goes to the background once it listens, and has told the one before it by then. */
    private void run(List<String> more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Tools.require("haproxy").toString(), "-D", "-f", config.toString(), "-p", pidFile.toString()));
        command.addAll(more);
        ToolRun.outputOf(cores.forMeasured(command), COMMAND_TIMEOUT_S);
        synchronized (started) {
            started.add(Long.parseLong(Files.readString(pidFile).trim()));
        }
    }

    @Override
    public List<Long> pids() {
        synchronized (started) {
            return started.stream().filter(Haproxy::isAlive).toList();
        }
    }

    /** Daemons are no children of ours: a number may be another's by now. */
    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("/haproxy"))
                .isPresent();
    }

    /**
     * The backends are not checked. With "hard-stop-after" connections that are left after this time are closed; without
     * it a process stays until its last connection ends.
     */
    static String text(Site site, Path socket, String stopAfter) {
        StringBuilder text =
                new StringBuilder("""
                global
                  nbthread %1$d
                  stats socket %2$s mode 600 level admin expose-fd listeners
                  hard-stop-after %3$s
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                  default_backend %4$s
                frontend %4$s
                  bind 127.0.0.1:%5$d
                """.formatted(Penstock.WORKERS, socket, stopAfter, Site.NAME, site.port()));
        site.extras().stream()
                .filter(listener -> !listener.ownService())
                .forEach(listener -> text.append("  bind 127.0.0.1:%d%n".formatted(listener.port())));
        site.extras().stream()
                .filter(Site.Listener::ownService)
                .forEach(listener ->
                        text.append("frontend extra-%1$d%n  bind 127.0.0.1:%1$d%n".formatted(listener.port())));
        text.append("backend %s%n  balance roundrobin%n".formatted(Site.NAME));
        for (Site.Server server : site.backends()) {
            text.append(
                    "  server %s 127.0.0.1:%d weight %d%n".formatted(server.name(), server.port(), server.weight()));
        }
        return text.toString();
    }

    /** They have nothing to save. */
    @Override
    public void close() {
        pids().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
}
