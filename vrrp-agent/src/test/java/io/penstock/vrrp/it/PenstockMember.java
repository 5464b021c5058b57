package io.penstock.vrrp.it;

import io.penstock.testing.NetworkNamespace;
import io.penstock.testing.TestDaemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The packaged vrrp-agent. */
final class PenstockMember implements Member {
    static final Path LAUNCHER =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("target/dist/bin/vrrp-agent");

    private final NetworkNamespace host;
    private final Port port;
    private final int priority;
    private final Path config;
    private final Path log;
    private TestDaemon daemon;

    PenstockMember(NetworkNamespace host, Path directory, Port port, Profile profile, int priority, Duration interval)
            throws Exception {
        this.host = host;
        this.port = port;
        this.priority = priority;
        config = directory.resolve("vrrp-agent.yaml");
        log = directory.resolve("vrrp-agent.log");
        Files.writeString(config, text(port, profile, priority, interval));
        Files.writeString(log, "");
    }

    private static String text(Port port, Profile profile, int priority, Duration interval) {
        StringBuilder text = new StringBuilder("realtime: { priority: 10 }\nrouters:\n  web:\n    interface: eth0\n");
        text.append("    vrid: ").append(Profile.VRID).append('\n');
        text.append("    version: ").append(profile.version()).append('\n');
        text.append("    priority: ").append(priority).append('\n');
        text.append("    advertisement-interval: ").append(interval.toMillis()).append("ms\n");
        text.append("    vips: [\"")
                .append(String.join("\", \"", profile.family().vips()))
                .append("\"]\n");
        if (profile.isUnicast()) {
            text.append("    unicast: { peers: [\"")
                    .append(port.other().source(profile.family()))
                    .append("\"] }\n");
        }
        if (profile.hasVirtualMac()) {
            text.append("    virtual-mac: true\n");
        }
        return text.toString();
    }

    @Override
    public Port port() {
        return port;
    }

    @Override
    public int priority() {
        return priority;
    }

    @Override
    public void start() throws Exception {
        int before = log().length();
        daemon = TestDaemon.start(host::start, log, List.of(LAUNCHER.toString(), "run", "-c", config.toString()));
        NetworkNamespace.await(
                "the agent runs", () -> log().indexOf("state=running", before) >= 0 || !daemon.isAlive());
        if (!daemon.isAlive()) {
            throw new AssertionError("it has ended\n" + log());
        }
    }

    @Override
    public void terminate() throws Exception {
        daemon.terminate();
    }

    @Override
    public void kill() throws Exception {
        daemon.kill();
    }

    @Override
    public void freeze() throws Exception {
        daemon.freeze();
    }

    @Override
    public void thaw() throws Exception {
        daemon.thaw();
    }

    @Override
    public boolean isRunning() {
        return daemon != null && daemon.isAlive();
    }

    @Override
    public boolean leavesNothing() {
        return true;
    }

    @Override
    public boolean announcesAgain() {
        return true;
    }

    @Override
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void end() throws Exception {
        if (isRunning()) {
            daemon.kill();
        }
    }
}
