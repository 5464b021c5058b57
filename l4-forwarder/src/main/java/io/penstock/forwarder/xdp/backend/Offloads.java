package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.netlink.Link;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What interfaces do to packets on their own that gets in the way of XDP. Checks only. */
final class Offloads implements Step {
    private static final Pattern LARGE_RECEIVE = Pattern.compile("(?m)^large-receive-offload: on$");

    private final BackendPlan plan;
    private final HostTool tool;

    Offloads(BackendPlan plan, HostTool tool) {
        this.plan = plan;
        this.tool = tool;
    }

    @Override
    public String name() {
        return "offloads";
    }

    @Override
    public List<Finding> check(Surroundings host, HostRecord record) throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        Link link = host.required(plan.interfaceName());
        findings.add(Finding.of(
                link.up(),
                "interface " + link.name(),
                link.up() ? "up" : "down",
                "up",
                "nothing arrives",
                "ip link set " + link.name() + " up"));
        if (link.kind().equals(Optional.of("veth"))) {
            findings.add(Finding.hint(
                    "the other end of veth " + link.name(),
                    "not to be seen from here",
                    "tx off, and an XDP program if a forwarder is there",
                    "packets that pass through XDP lose the mark that their checksum is still to be made,"
                            + " and XDP_TX is lost in a veth whose other end has no program",
                    "ethtool -K PEER tx off"));
        }
        if (plan.encapsulation() == Encapsulation.IPIP && hasLargeReceive(link.name())) {
            findings.add(Finding.hint(
                    "offload lro of " + link.name(),
                    "on",
                    "off",
                    "drivers refuse a native XDP program beside it, or hand over joined packets",
                    "ethtool -K " + link.name() + " lro off"));
        }
        return findings;
    }

    /** Of an interface that ethtool(8) knows nothing of, or where it is not installed, nothing is said. */
    private boolean hasLargeReceive(String name) throws InterruptedException {
        try {
            return LARGE_RECEIVE.matcher(tool.run("ethtool -k " + name)).find();
        } catch (IOException unknown) {
            return false;
        }
    }
}
