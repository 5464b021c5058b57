package io.penstock.vrrp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.testing.NetworkNamespace;
import io.penstock.vrrp.config.VrrpConfigReader;
import io.penstock.vrrp.operate.AgentStatus;
import io.penstock.vrrp.protocol.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Two hosts on a switch, each a network namespace with an agent in this process. */
final class AgentPair {
    /** One of the two hosts, by its address. */
    enum Host {
        A("192.0.2.1"),
        B("192.0.2.2");

        final String address;

        Host(String address) {
            this.address = address;
        }

        String port() {
            return "port-" + name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Path directory;
    private final NetworkNamespace bridge = NetworkNamespace.create();
    private final Map<Host, NetworkNamespace> hosts = new EnumMap<>(Host.class);
    private final Map<Host, VrrpAgent> agents = new EnumMap<>(Host.class);

    AgentPair(Path directory) throws Exception {
        this.directory = directory;
        bridge.ip("link add br0 type bridge mcast_snooping 0");
        bridge.ip("link set br0 up");
        for (Host host : Host.values()) {
            NetworkNamespace namespace = NetworkNamespace.create();
            hosts.put(host, namespace);
            // IPv6 addresses are usable at once: nobody else may have them.
            namespace.run("sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
            String thread = namespace.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self"))
                    .getFileName()
                    .toString());
            bridge.ip("link add " + host.port() + " type veth peer name eth0 netns " + thread);
            bridge.ip("link set " + host.port() + " master br0 up");
            namespace.ip("addr add " + host.address + "/24 dev eth0");
            namespace.ip("link set eth0 up");
            NetworkNamespace.await(
                    "a carrier", () -> namespace.ip("-br link show dev eth0").contains(" UP "));
        }
    }

    NetworkNamespace namespace(Host host) {
        return hosts.get(host);
    }

    /** Returns when it runs. */
    VrrpAgent start(Host host, String yaml) throws Exception {
        Path file = write(host, yaml);
        VrrpAgent agent = namespace(host).call(() -> VrrpAgent.start(VrrpConfigReader.read(file), new LinuxSyscalls()));
        agents.put(host, agent);
        return agent;
    }

    /** Into its configuration file. */
    Path write(Host host, String yaml) throws Exception {
        return Files.writeString(directory.resolve(host + ".yaml"), yaml);
    }

    VrrpAgent agent(Host host) {
        return agents.get(host);
    }

    AgentStatus status(Host host) {
        return agent(host).status();
    }

    State state(Host host, String router) {
        return status(host).router(router).orElseThrow().view().state();
    }

    void await(Host host, String router, State state) throws Exception {
        NetworkNamespace.await(router + " of " + host + " is " + state.label(), () -> state(host, router) == state);
    }

    void awaitVip(Host host, String vip) throws Exception {
        NetworkNamespace.await(host + " has " + vip, () -> has(host, vip));
    }

    void awaitNoVip(Host host, String vip) throws Exception {
        NetworkNamespace.await(host + " has no " + vip, () -> !has(host, vip));
    }

    private boolean has(Host host, String vip) throws Exception {
        return namespace(host).ip("addr show dev eth0").contains(" " + vip + "/");
    }

    void unplug(Host host) throws Exception {
        bridge.ip("link set " + host.port() + " down");
    }

    void plug(Host host) throws Exception {
        bridge.ip("link set " + host.port() + " up");
    }

    /** As SIGTERM does. */
    void stop(Host host) throws Exception {
        VrrpAgent agent = agents.remove(host);
        agent.stop();
        assertTrue(agent.awaitEnd(LONG));
        namespace(host).call(() -> {
            agent.close();
            return null;
        });
    }

    /** Agents that run are stopped. */
    void end() throws Exception {
        for (Host host : Host.values()) {
            if (agents.containsKey(host)) {
                stop(host);
            }
        }
        hosts.values().forEach(NetworkNamespace::close);
        bridge.close();
    }
}
