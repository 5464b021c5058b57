package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.bpf.BpfPins;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.linux.Syscalls;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.netlink.Sysctls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * This host, as the backend of a plan: looks, prepares, or undoes. Everything is of the network namespace of the thread that asks. NOT
 * thread safe; whoever opened it closes it.
 */
public final class BackendHost implements AutoCloseable {
    /** What each plan pins, by its name. */
    public static final Path PINS = BpfPins.ROOT.resolve("penstock-backend");

    /** Where it is remembered what was changed. */
    public static final Path STATE = Path.of("/run/penstock");

    private static final Path SOCKETS = Path.of("/proc/thread-self/net");

    private final BackendPlan plan;
    private final NetlinkSocket socket;
    private final HostFile file;
    private final String again;
    private final List<Step> steps = new ArrayList<>();

    private BackendHost(BackendPlan plan, NetlinkSocket socket, HostFile file, String again) {
        this.plan = plan;
        this.socket = socket;
        this.file = file;
        this.again = again;
    }

    /**
     * Looks at nothing yet.
     *
     * @param pins the directory of all plans' pins
     * @param state where it is remembered what was changed
     * @param again the command line that prepares for this plan, for what no other command mends
     */
    public static BackendHost open(BackendPlan plan, Syscalls syscalls, Path pins, Path state, String again)
            throws IOException {
        return open(plan, syscalls, new Sysctls(), pins, state, again);
    }

    static BackendHost open(BackendPlan plan, Syscalls syscalls, Sysctls sysctls, Path pins, Path state, String again)
            throws IOException {
        HostFile file = HostFile.of(state, sysctls);
        NetlinkSocket socket = NetlinkSocket.open(syscalls);
        HostTool tool = new HostTool(syscalls);
        BackendHost host = new BackendHost(plan, socket, file, again);
        host.steps.add(new Offloads(plan, tool));
        if (plan.encapsulation() == Encapsulation.VXLAN) {
            host.steps.add(new VxlanDevice(plan, socket, tool));
        }
        host.steps.add(new KernelSettings(plan, sysctls, state));
        if (plan.encapsulation() == Encapsulation.IPIP) {
            host.steps.add(new Decapsulation(plan, pins.resolve(plan.name()), again));
        }
        host.steps.add(new SegmentSizes(plan, tool));
        // Behind the settings, and undone before them: without them this host would answer ARP for it.
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
    public record Result(List<String> done, List<String> problems) {
        private interface Action {
            List<String> take() throws IOException, InterruptedException;
        }

        /** Whether it could be done. */
        private boolean add(Action action) throws InterruptedException {
            try {
                done.addAll(action.take());
                return true;
            } catch (IOException refused) {
                problems.add(refused.getMessage());
                return false;
            }
        }
    }

    /**
     * Changes nothing.
     *
     * @param servers whether a server that is not there is missing, and not only worth a hint: a host is prepared before they start
     */
    public List<Finding> check(boolean servers) throws IOException, InterruptedException {
        Surroundings host = Surroundings.read(socket);
        host.required(plan.interfaceName());
        HostRecord record = HostRecord.read(file, host);
        record.claim(plan);
        List<Finding> findings = new ArrayList<>();
        for (Step step : steps) {
            try {
                List<Finding> found = step.check(host, record);
                findings.addAll(
                        servers || !(step instanceof Servers)
                                ? found
                                : found.stream().map(Finding::asHint).toList());
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

    /**
     * Puts right what is not; what is right stays as it is. A step that fails does not keep the others from being done, but for those that
     * rely on it.
     */
    public Result prepare() throws IOException, InterruptedException {
        Surroundings.read(socket).required(plan.interfaceName());
        FileChannel alone = file.lock();
        try {
            HostRecord record = HostRecord.read(file, Surroundings.read(socket));
            record.claim(plan);
            record.store();
            Result result = new Result(new ArrayList<>(), new ArrayList<>());
            List<Step> failed = new ArrayList<>();
            for (Step step : steps) {
                Optional<Step> missing = failed.stream().filter(step::reliesOn).findFirst();
                if (missing.isPresent()) {
                    result.problems.add(step.name() + " are left as they are: "
                            + missing.get().name() + " could not be put right");
                } else if (!result.add(() -> step.prepare(Surroundings.read(socket), record))) {
                    failed.add(step);
                }
            }
            return result;
        } finally {
            alone.close();
        }
    }

    /** Undoes what earlier calls have done for the plan, in the other order. What other calls' VIPs need stays. */
    public Result remove() throws IOException, InterruptedException {
        FileChannel alone = file.lock();
        try {
            HostRecord record = HostRecord.read(file, Surroundings.read(socket));
            record.release(plan);
            record.store();
            Result result = new Result(new ArrayList<>(), new ArrayList<>());
            for (int i = steps.size() - 1; i >= 0; i--) {
                Step step = steps.get(i);
                result.add(() -> step.remove(Surroundings.read(socket), record));
            }
            return result;
        } finally {
            alone.close();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
