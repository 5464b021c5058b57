package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.linux.Syscalls;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.netlink.Sysctls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * This host, as the backend of a plan: looks, prepares, or undoes. Everything is of the network namespace of the thread that asks. NOT
 * thread safe; whoever opened it closes it.
 */
public final class BackendHost implements AutoCloseable {
    /** What each plan pins, by its name. */
    public static final Path PINS = BpfPins.ROOT.resolve("penstock-backend");

    /** Where kernel settings are remembered as they were. */
    public static final Path STATE = Path.of("/run/penstock");

    private static final Path SOCKETS = Path.of("/proc/thread-self/net");

    private final BackendPlan plan;
    private final NetlinkSocket socket;
    private final String again;
    private final List<Step> steps = new ArrayList<>();

    private BackendHost(BackendPlan plan, NetlinkSocket socket, String again) {
        this.plan = plan;
        this.socket = socket;
        this.again = again;
    }

    /**
     * Looks at nothing yet.
     *
     * @param pins the directory of all plans' pins
     * @param state where kernel settings are remembered
     * @param again the command line that prepares for this plan, for what no other command mends
     */
    public static BackendHost open(BackendPlan plan, Syscalls syscalls, Path pins, Path state, String again)
            throws IOException {
        NetlinkSocket socket = NetlinkSocket.open(syscalls);
        HostTool tool = new HostTool(syscalls);
        BackendHost host = new BackendHost(plan, socket, again);
        host.steps.add(new Offloads(plan, tool));
        if (plan.encapsulation() == Encapsulation.VXLAN) {
            host.steps.add(new VxlanDevice(plan, socket, tool));
        }
        host.steps.add(new KernelSettings(plan, new Sysctls(), state));
        if (plan.encapsulation() == Encapsulation.IPIP) {
            host.steps.add(new Decapsulation(plan, pins.resolve(plan.name()), again));
        }
        host.steps.add(new SegmentSizes(plan, tool));
        // Behind the settings: before them this host would answer ARP for it.
        host.steps.add(new VipAddresses(plan, socket));
        host.steps.add(new Servers(plan, SOCKETS));
        return host;
    }

    /**
     * What was done, and what could not be.
     *
     * @param done a line each; empty when there was nothing to do
     * @param problems a line each, in the words of whoever refused
     */
    public record Result(List<String> done, List<String> problems) {}

    /** Changes nothing. */
    public List<Finding> check() throws IOException, InterruptedException {
        Surroundings host = Surroundings.read(socket);
        host.required(plan.interfaceName());
        List<Finding> findings = new ArrayList<>();
        for (Step step : steps) {
            try {
                findings.addAll(step.check(host));
            } catch (IOException unknown) {
                findings.add(Finding.of(false, "an answer", "none", "one", unknown.getMessage(), again));
            }
        }
        return findings;
    }

    /** What became of packets in the program that takes tunnels off; empty where there is none. */
    public Map<DecapCounter, Long> counts() throws IOException {
        for (Step step : steps) {
            if (step instanceof Decapsulation decapsulation) {
                return decapsulation.counts();
            }
        }
        return Map.of();
    }

    /** Puts right what is not; what is right stays as it is. */
    public Result prepare() throws IOException, InterruptedException {
        Surroundings.read(socket).required(plan.interfaceName());
        return each(steps, (step, host) -> step.prepare(host));
    }

    /** Undoes it, in the other order. What other VIPs of this host need stays. */
    public Result remove() throws IOException, InterruptedException {
        Surroundings before = Surroundings.read(socket);
        before.required(plan.interfaceName());
        boolean last = isLast(before);
        List<Step> backwards = new ArrayList<>(steps);
        Collections.reverse(backwards);
        return each(backwards, (step, host) -> step.remove(host, last));
    }

    /** Whether no VIP is left on lo behind those of the plan. */
    private boolean isLast(Surroundings host) throws IOException {
        int lo = host.loopback().index();
        return host.addresses().stream()
                .filter(address ->
                        address.linkIndex() == lo && !address.address().isLoopback())
                .allMatch(address ->
                        plan.addresses().stream().anyMatch(vip -> vip.address().equals(address.address())));
    }

    private interface Action {
        List<String> take(Step step, Surroundings host) throws IOException, InterruptedException;
    }

    /** One that fails does not keep the others from being done. */
    private Result each(List<Step> order, Action action) throws IOException, InterruptedException {
        List<String> done = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Step step : order) {
            Surroundings host = Surroundings.read(socket);
            try {
                done.addAll(action.take(step, host));
            } catch (IOException refused) {
                problems.add(refused.getMessage());
            }
        }
        return new Result(done, problems);
    }

    @Override
    public void close() {
        socket.close();
    }
}
