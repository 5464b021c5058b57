package io.penstock.forwarder.client.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.penstock.cli.Words;
import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.bpf.BpfRig;
import io.penstock.forwarder.xdp.backend.BackendHost;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A network namespace as a backend's host, which the command has not prepared yet: one interface, an address and a default route of each
 * family. {@link #close} undoes all of it.
 */
final class BackendLab {
    static final String VIP = "192.0.2.10";
    static final String VIP6 = "2001:db8:9::10";

    private static final AtomicInteger LABS = new AtomicInteger();

    final String name = "test-k-" + ProcessHandle.current().pid() + "-" + LABS.incrementAndGet();
    final Path pins = BackendHost.PINS.resolve(name);
    final NetworkNamespace host;

    private BackendLab(NetworkNamespace host) {
        this.host = host;
    }

    /** The calling test is skipped where no program can be loaded. */
    static BackendLab make() throws Exception {
        BpfRig.assumeLoadable();
        NetworkNamespace host = NetworkNamespace.create();
        XdpRun.forget(host);
        host.addCable("eth0", "peer0");
        host.ip("address add 10.0.0.11/24 dev eth0");
        host.ip("address add 2001:db8::11/64 dev eth0 nodad");
        host.ip("route add default via 10.0.0.1 dev eth0 proto static metric 50");
        host.ip("-6 route add default via 2001:db8::1 dev eth0 metric 60");
        return new BackendLab(host);
    }

    void close() throws Exception {
        XdpRun.forget(host);
        host.close();
        BpfPins.remove(pins);
    }

    /** A call for one VIP. */
    XdpRun one(String vip, String encapsulation, String interfaceName, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "backend",
                "--vip",
                vip,
                "--encapsulation",
                encapsulation,
                "--interface",
                interfaceName,
                "--name",
                name));
        words.addAll(List.of(more));
        return XdpRun.in(host, words.toArray(String[]::new));
    }

    /** As {@link #one}, and it must succeed. */
    XdpRun done(String vip, String encapsulation, String interfaceName, String... more) throws Exception {
        XdpRun run = one(vip, encapsulation, interfaceName, more);
        assertEquals("", run.err());
        assertEquals(0, run.exitCode(), run.out());
        return run;
    }

    /** A call for both VIPs. */
    XdpRun backend(String encapsulation, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "backend",
                "--vip",
                VIP,
                "--vip",
                VIP6,
                "--encapsulation",
                encapsulation,
                "--interface",
                "eth0",
                "--name",
                name));
        words.addAll(List.of(more));
        return XdpRun.in(host, words.toArray(String[]::new));
    }

    /** What is missing, by the command's own words. */
    Set<String> missing(String encapsulation, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(more));
        words.addAll(List.of("--check", "--json"));
        XdpRun run = backend(encapsulation, words.toArray(String[]::new));
        Set<String> missing = Words.objects(run.json().getAsJsonObject(), "findings").stream()
                .filter(finding -> Words.text(finding, "state").equals("missing"))
                .map(finding -> Words.text(finding, "what"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(missing.isEmpty() ? 0 : 1, run.exitCode(), run.out());
        return missing;
    }

    JsonObject finding(String what, String encapsulation, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(more));
        words.addAll(List.of("--check", "--json"));
        XdpRun run = backend(encapsulation, words.toArray(String[]::new));
        return Words.objects(run.json().getAsJsonObject(), "findings").stream()
                .filter(finding -> Words.text(finding, "what").equals(what))
                .findFirst()
                .orElseThrow(() -> new AssertionError(what + " in " + run.out()));
    }

    String setting(String key) throws Exception {
        return host.run("sysctl", "-n", key).strip();
    }

    boolean hasAddress(String address, String device) throws Exception {
        return host.ip("-o address show dev " + device).contains(" " + address + "/");
    }

    /** All that the command may change. */
    String state() throws Exception {
        return host.run(
                "sh",
                "-c",
                // Link-local addresses come when they come.
                "ip -o address show scope global; ip -o link show | cut -d : -f 2; ip -4 route; ip -6 route | grep -v fe80;"
                        + " grep . /proc/sys/net/ipv4/conf/*/arp_ignore /proc/sys/net/ipv4/conf/*/arp_announce"
                        + " /proc/sys/net/ipv4/conf/*/rp_filter; ip link show dev eth0 | grep -c xdp || true");
    }

    /** Of tunnels that its program decapsulates, as the command has them. */
    String sources() throws Exception {
        return Words.text(finding("sources of program decap", "ipip"), "has");
    }
}
