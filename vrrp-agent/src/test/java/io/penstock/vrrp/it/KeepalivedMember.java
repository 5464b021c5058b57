package io.penstock.vrrp.it;

import io.penstock.testing.NetworkNamespace;
import io.penstock.testing.TestDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** keepalived in the foreground: a parent, which starts anew what dies, and a child, which speaks VRRP. */
final class KeepalivedMember implements Member {
    private final NetworkNamespace host;
    private final Port port;
    private final int priority;
    private final Path config;
    private final Path log;
    private final Path parentPid;
    private final Path childPid;
    private TestDaemon parent;

    KeepalivedMember(NetworkNamespace host, Path directory, Port port, Profile profile, int priority, Duration interval)
            throws Exception {
        this.host = host;
        this.port = port;
        this.priority = priority;
        config = directory.resolve("keepalived.conf");
        log = directory.resolve("keepalived.log");
        parentPid = directory.resolve("keepalived.pid");
        childPid = directory.resolve("vrrp.pid");
        Files.writeString(config, text(port, profile, priority, interval));
        Files.writeString(log, "");
    }

    private static String text(Port port, Profile profile, int priority, Duration interval) {
        String source = port.source(profile.family());
        String peer = port.other().source(profile.family());
        StringBuilder vips = new StringBuilder();
        profile.family().vips().forEach(vip -> vips.append("    ").append(vip).append('\n'));
        // By default the kernel kills it (RLIMIT_RTTIME) when it needs more than 10 ms in a row, as it may on a busy
        // machine.
        return "global_defs {\n  router_id " + port + "\n  vrrp_version " + profile.version()
                + "\n  vrrp_rt_priority 10\n  vrrp_rlimit_rttime 1000000\n}\n"
                + "vrrp_instance web {\n  state BACKUP\n  interface eth0\n"
                + "  virtual_router_id " + Profile.VRID + "\n"
                + "  priority " + priority + "\n"
                + "  advert_int " + interval.toMillis() / 1_000.0 + "\n"
                + (profile.hasVirtualMac() ? "  use_vmac\n" : "")
                + (profile.isUnicast()
                        ? "  unicast_src_ip " + source + "\n  unicast_peer {\n    " + peer + "\n  }\n"
                        : "")
                + "  virtual_ipaddress {\n" + vips + "  }\n}\n";
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
        // One that was killed has left them, and they would be taken for those of one that runs.
        Files.deleteIfExists(parentPid);
        Files.deleteIfExists(childPid);
        int before = Files.readString(log).length();
        parent = TestDaemon.start(
                host::start,
                log,
                List.of(
                        "keepalived",
                        "-n",
                        "-l",
                        "-D",
                        "-P",
                        "-f",
                        config.toString(),
                        "-p",
                        parentPid.toString(),
                        "-r",
                        childPid.toString()));
        NetworkNamespace.await("keepalived runs", () -> log().indexOf("VRRP sockpool", before) >= 0);
    }

    @Override
    public void terminate() throws Exception {
        parent.terminate();
    }

    /** The child first: one whose parent dies may still say that it stops. */
    @Override
    public void kill() throws Exception {
        parent.freeze();
        TestDaemon.signal(child(), "KILL");
        parent.kill();
    }

    @Override
    public void freeze() throws Exception {
        parent.freeze();
        TestDaemon.signal(child(), "STOP");
        TestDaemon.awaitStopped(child());
    }

    @Override
    public void thaw() throws Exception {
        TestDaemon.signal(child(), "CONT");
        parent.thaw();
    }

    private long child() throws Exception {
        return Long.parseLong(Files.readString(childPid).trim());
    }

    @Override
    public boolean isRunning() {
        return parent != null && parent.isAlive();
    }

    @Override
    public boolean leavesNothing() {
        return false;
    }

    @Override
    public boolean announcesAgain() {
        return true;
    }

    @Override
    public String log() {
        return parent.log();
    }

    @Override
    public void end() throws Exception {
        if (isRunning()) {
            kill();
        }
    }
}
