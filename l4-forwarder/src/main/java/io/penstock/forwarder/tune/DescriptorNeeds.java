package io.penstock.forwarder.tune;

import io.penstock.forwarder.tcp.TcpForwarder;
import io.penstock.forwarder.tune.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Open files, pipes, and what the kernel keeps of each flow beside. */
final class DescriptorNeeds {
    private static final int PAGE_BYTES = 4_096;

    private DescriptorNeeds() {}

    /** @param process whose limit counts: {@code self}, or a PID */
    static List<Finding> of(Demand demand, Host host, String process) {
        List<Finding> findings = new ArrayList<>();
        long needed = demand.descriptors();
        String why = demand.isBounded()
                ? "two for each connection, one for each session: clients beyond it wait or are refused"
                : "two for each connection, one for each session, and the file sets no limit to both";
        host.openFiles(process)
                .ifPresent(has -> findings.add(Finding.of(
                        "open files (RLIMIT_NOFILE)",
                        has,
                        needed,
                        atLeast(has, needed, Verdict.SHORT),
                        why,
                        "LimitNOFILE=" + needed + " in the unit, or ulimit -n " + needed)));
        for (String bound : List.of("fs.nr_open", "fs.file-max")) {
            host.number(bound)
                    .ifPresent(has -> findings.add(Finding.ofSysctl(
                            bound,
                            has,
                            needed,
                            atLeast(has, needed, Verdict.SHORT),
                            bound.equals("fs.nr_open")
                                    ? "no process can have a higher limit of open files"
                                    : "all processes of the host together have no more")));
        }
        if (demand.splice()) {
            pipes(demand, host, findings);
        }
        conntrack(demand, host, findings);
        return findings;
    }

    private static void pipes(Demand demand, Host host, List<Finding> findings) {
        long pages = (long) demand.workers() * TcpForwarder.MAX_PIPES * (TcpForwarder.PIPE_BYTES / PAGE_BYTES);
        host.number("fs.pipe-user-pages-soft")
                .ifPresent(
                        has -> findings.add(
                                Finding.ofSysctl(
                                        "fs.pipe-user-pages-soft",
                                        has,
                                        pages,
                                        // 0 is no limit.
                                        has == 0 ? Verdict.OK : atLeast(has, pages, Verdict.BETTER),
                                        "a user without CAP_SYS_RESOURCE gets no more pages for pipes, and transfers are copied instead")));
    }

    private static void conntrack(Demand demand, Host host, List<Finding> findings) {
        host.number("net.netfilter.nf_conntrack_max").ifPresent(has -> {
            long needed = demand.isBounded() ? demand.trackedFlows() : demand.descriptors();
            findings.add(Finding.ofSysctl(
                    "net.netfilter.nf_conntrack_max",
                    has,
                    needed,
                    // Absent rules track nothing, which cannot be seen here; only a bound that the file sets is a
                    // promise.
                    atLeast(has, needed, demand.isBounded() ? Verdict.SHORT : Verdict.BETTER),
                    "where flows are tracked each takes two entries, and packets are dropped when the table is full"
                            + " (or leave them out: notrack)"));
        });
    }

    static Verdict atLeast(long has, long needed, Verdict otherwise) {
        return has >= needed ? Verdict.OK : otherwise;
    }
}
