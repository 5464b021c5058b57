package io.penstock.forwarder.xdp.backend;

import io.penstock.net.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether somebody serves the VIPs, and answers from them. Checks only. */
final class Servers implements Step {
    private static final String UDP_WHY =
            "bound to any address it answers from this host's own, which the client drops, unless it uses IP_PKTINFO";

    private final BackendPlan plan;
    private final Path net;

    /** @param net the directory of tcp, tcp6, udp and udp6: /proc/thread-self/net */
    Servers(BackendPlan plan, Path net) {
        this.plan = plan;
        this.net = net;
    }

    @Override
    public String name() {
        return "servers";
    }

    @Override
    public List<Finding> check(Surroundings host, HostRecord record) throws IOException {
        List<LocalSocket> tcp = LocalSocket.listening(net);
        List<LocalSocket> udp = LocalSocket.datagram(net);
        List<Finding> findings = new ArrayList<>();
        for (ServedVip vip : plan.vips()) {
            if (vip.port() == 0) {
                anyPort(vip.address(), tcp, udp, findings);
            } else if (vip.udp()) {
                datagrams(vip, udp, findings);
            } else {
                stream(vip, tcp, findings);
            }
        }
        return findings;
    }

    private static void stream(ServedVip vip, List<LocalSocket> tcp, List<Finding> findings) {
        boolean served = tcp.stream().anyMatch(socket -> socket.port() == vip.port() && socket.serves(vip.address()));
        findings.add(Finding.of(
                served,
                "tcp port " + vip.port() + " of " + vip.address(),
                served ? "listening" : "nobody listens",
                "listening",
                "clients are reset",
                "start the server, or have it listen on " + vip.address()));
    }

    private static void datagrams(ServedVip vip, List<LocalSocket> udp, List<Finding> findings) {
        List<LocalSocket> serving = udp.stream()
                .filter(socket -> socket.port() == vip.port() && socket.serves(vip.address()))
                .toList();
        String what = "udp port " + vip.port() + " of " + vip.address();
        if (serving.stream().anyMatch(socket -> socket.address().equals(vip.address()))) {
            findings.add(Finding.of(true, what, "bound to it", "bound to it", UDP_WHY, ""));
        } else if (serving.isEmpty()) {
            findings.add(Finding.of(
                    false,
                    what,
                    "nobody is bound to it",
                    "bound to it",
                    "clients get no answer",
                    "start the server, or have it bind " + vip.address()));
        } else {
            findings.add(Finding.hint(
                    what, "bound to any address", "bound to it", UDP_WHY, "have the server bind " + vip.address()));
        }
    }

    private static void anyPort(IpAddress vip, List<LocalSocket> tcp, List<LocalSocket> udp, List<Finding> findings) {
        String ports = ports(tcp.stream().filter(socket -> socket.serves(vip)).toList());
        String bound = ports(
                udp.stream().filter(socket -> socket.address().equals(vip)).toList());
        boolean served = !ports.isEmpty() || !bound.isEmpty();
        String has = "tcp " + (ports.isEmpty() ? "none" : ports) + "; udp " + (bound.isEmpty() ? "none" : bound);
        String what = "servers at " + vip;
        String mend =
                "name the port, as in --vip " + (vip.isIpv4() ? vip : "[" + vip + "]") + ":80, to have it checked";
        findings.add(
                served
                        ? new Finding(what, has, "those of the VIP", Finding.Verdict.OK, "", "")
                        : Finding.hint(what, has, "those of the VIP", "nobody listens: clients are reset", mend));
    }

    private static String ports(List<LocalSocket> sockets) {
        return sockets.stream().map(LocalSocket::port).collect(Collectors.toCollection(TreeSet::new)).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }
}
