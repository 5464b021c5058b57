package io.penstock.vrrp.it;

import io.penstock.testing.FrrInstallation;
import io.penstock.testing.NetworkNamespace;
import io.penstock.testing.TestDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * FRR's vrrpd with the zebra it needs. It finds its virtual routers by the MAC addresses of macvlan interfaces that the operator makes, and
 * has the addresses of a backup unreachable by taking their interface's carrier away.
 */
final class FrrMember implements Member {
    private static final String MACVLAN = "vrrp4-" + Profile.VRID;

    private final FrrInstallation installation = FrrInstallation.find("vrrpd").orElseThrow();
    private final NetworkNamespace host;
    private final Port port;
    private final int priority;
    private final String vip;
    private final Path directory;
    private final Path log;
    private TestDaemon zebra;
    private TestDaemon vrrpd;

    FrrMember(NetworkNamespace host, Path directory, Port port, Profile profile, int priority, Duration interval)
            throws Exception {
        this.host = host;
        this.port = port;
        this.priority = priority;
        this.directory = directory;
        log = directory.resolve("vrrpd.log");
        Files.writeString(log, "");
        vip = profile.family().vip();
        Files.writeString(directory.resolve("zebra.conf"), "");
        Files.writeString(
                directory.resolve("vrrpd.conf"),
                "interface eth0\n vrrp " + Profile.VRID + " version " + profile.version() + "\n vrrp " + Profile.VRID
                        + " priority " + priority + "\n vrrp " + Profile.VRID + " advertisement-interval "
                        + interval.toMillis() + "\n vrrp " + Profile.VRID + " ip "
                        + vip.substring(0, vip.indexOf('/')) + "\n");
        host.run("chown", "-R", installation.owner(), directory.toString());
        // It answers for the VIP with the virtual MAC only, and not while it is a backup.
        Lan.set(host, "ipv4/conf/all/arp_ignore", 1);
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
        // As at the host's start, and nobody answers before vrrpd wants it.
        clear();
        host.ip("link add " + MACVLAN + " link eth0 type macvlan mode bridge");
        host.ip("link set " + MACVLAN + " address " + String.format("00:00:5e:00:01:%02x", Profile.VRID));
        host.ip("link set " + MACVLAN + " protodown on");
        host.ip("addr add " + vip + " dev " + MACVLAN);
        host.ip("link set " + MACVLAN + " up");
        zebra = daemon("zebra");
        NetworkNamespace.await("zebra runs", () -> Files.exists(directory.resolve("zserv.api")));
        vrrpd = daemon("vrrpd");
        NetworkNamespace.await("vrrpd runs", () -> Files.exists(directory.resolve("vrrpd.vty")));
    }

    private void clear() throws Exception {
        if (zebra != null) {
            zebra.kill();
            host.ip("link delete " + MACVLAN);
        }
        Files.deleteIfExists(directory.resolve("zserv.api"));
    }

    private TestDaemon daemon(String name) throws Exception {
        Files.deleteIfExists(directory.resolve(name + ".vty"));
        List<String> command = new ArrayList<>(installation.command(name, directory));
        command.addAll(List.of("-z", directory.resolve("zserv.api").toString()));
        command.addAll(List.of("-i", directory.resolve(name + ".pid").toString()));
        command.addAll(List.of("--vty_socket", directory.toString()));
        command.addAll(List.of("-f", directory.resolve(name + ".conf").toString()));
        return TestDaemon.start(host::start, log, command);
    }

    @Override
    public void terminate() throws Exception {
        vrrpd.terminate();
    }

    @Override
    public void kill() throws Exception {
        vrrpd.kill();
    }

    @Override
    public void freeze() throws Exception {
        vrrpd.freeze();
    }

    @Override
    public void thaw() throws Exception {
        vrrpd.thaw();
    }

    @Override
    public boolean isRunning() {
        return vrrpd != null && vrrpd.isAlive();
    }

    @Override
    public boolean leavesNothing() {
        return false;
    }

    @Override
    public boolean announcesAgain() {
        return false;
    }

    @Override
    public String log() {
        return vrrpd.log();
    }

    @Override
    public void end() throws Exception {
        if (isRunning()) {
            vrrpd.kill();
        }
        clear();
    }
}
