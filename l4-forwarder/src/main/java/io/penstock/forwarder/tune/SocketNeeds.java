package io.penstock.forwarder.tune;

import static io.penstock.forwarder.tune.DescriptorNeeds.atLeast;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.config.ServiceConfig.ListenOptions;
import io.penstock.forwarder.tune.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Queues of clients that come, and buffers of UDP. */
final class SocketNeeds {
    /** The kernel's own default for both queues since 5.4. */
    private static final int USUAL_BACKLOG = 4_096;

    private static final int FAST_OPEN_CLIENT = 1;
    private static final int FAST_OPEN_SERVER = 2;

    private SocketNeeds() {}

    static List<Finding> of(ForwarderConfig config, Host host) {
        List<Finding> findings = new ArrayList<>();
        List<ServiceConfig> tcp = config.proxyServices().stream()
                .filter(service -> !service.isUdp())
                .toList();
        List<ServiceConfig> udp =
                config.proxyServices().stream().filter(ServiceConfig::isUdp).toList();
        if (!tcp.isEmpty()) {
            backlog(tcp, host, findings);
            fastOpen(config, tcp, host, findings);
        }
        if (!udp.isEmpty()) {
            int receive = udp.stream()
                    .mapToInt(service -> service.udp().receiveBufferBytes())
                    .max()
                    .orElseThrow();
            int send = udp.stream()
                    .mapToInt(service -> service.udp().sendBufferBytes())
                    .max()
                    .orElseThrow();
            buffer("net.core.rmem_max", "receive-buffer", receive, host, findings);
            buffer("net.core.wmem_max", "send-buffer", send, host, findings);
        }
        return findings;
    }

    private static void backlog(List<ServiceConfig> services, Host host, List<Finding> findings) {
        // The default is as much as the kernel allows, and asks for nothing.
        int asked = services.stream()
                .mapToInt(service -> service.tcp().listener().backlog())
                .filter(backlog -> backlog != ListenOptions.MAX_BACKLOG)
                .max()
                .orElse(0);
        int needed = Math.max(asked, USUAL_BACKLOG);
        host.number("net.core.somaxconn")
                .ifPresent(has -> findings.add(Finding.ofSysctl(
                        "net.core.somaxconn",
                        has,
                        needed,
                        atLeast(has, needed, asked > has ? Verdict.SHORT : Verdict.BETTER),
                        "lowers every backlog: in a burst clients beyond it must try again after a second")));
        host.number("net.ipv4.tcp_max_syn_backlog")
                .ifPresent(has -> findings.add(Finding.ofSysctl(
                        "net.ipv4.tcp_max_syn_backlog",
                        has,
                        USUAL_BACKLOG,
                        atLeast(has, USUAL_BACKLOG, Verdict.BETTER),
                        "half-open clients beyond it are dropped, or are answered by cookies, which lose options")));
        host.number("net.ipv4.tcp_syncookies")
                .ifPresent(has -> findings.add(Finding.ofSysctl(
                        "net.ipv4.tcp_syncookies",
                        has,
                        1,
                        atLeast(has, 1, Verdict.SHORT),
                        "without cookies a flood of forged SYNs keeps every client out")));
        host.number("net.ipv4.tcp_abort_on_overflow")
                .ifPresent(has -> findings.add(Finding.ofSysctl(
                        "net.ipv4.tcp_abort_on_overflow",
                        has,
                        0,
                        has == 0 ? Verdict.OK : Verdict.BETTER,
                        "1 resets clients in a burst that would be served a moment later")));
    }

    private static void fastOpen(
            ForwarderConfig config, List<ServiceConfig> services, Host host, List<Finding> findings) {
        boolean server =
                services.stream().anyMatch(service -> service.tcp().listener().fastOpen() > 0);
        boolean client = config.pools().values().stream()
                .anyMatch(pool -> pool.outgoing().source().fastOpen());
        int needed = (server ? FAST_OPEN_SERVER : 0) | (client ? FAST_OPEN_CLIENT : 0);
        if (needed != 0) {
            host.number("net.ipv4.tcp_fastopen")
                    .ifPresent(has -> findings.add(Finding.ofSysctl(
                            "net.ipv4.tcp_fastopen",
                            has,
                            has | needed,
                            (has & needed) == needed ? Verdict.OK : Verdict.SHORT,
                            "fast-open of the file is of no effect without: 1 towards backends, 2 for clients")));
        }
    }

    private static void buffer(String name, String key, int needed, Host host, List<Finding> findings) {
        host.number(name)
                .ifPresent(has -> findings.add(Finding.ofSysctl(
                        name,
                        has,
                        needed,
                        atLeast(has, needed, Verdict.SHORT),
                        "bounds udp." + key + " for a process without CAP_NET_ADMIN: bursts beyond it are dropped")));
    }
}
