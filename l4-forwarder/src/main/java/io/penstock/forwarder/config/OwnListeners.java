package io.penstock.forwarder.config;

import io.penstock.config.ConfigValue;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The listeners of one file, for backends that are one of them: what is forwarded there comes back, until descriptors run
 * out. What comes over TCP goes on over TCP, and over UDP as UDP. Known only by literal: which other addresses this host has, and where names lead, a file does not say.
 */
final class OwnListeners {
    private final List<Listener> all = new ArrayList<>();
    private final Map<String, List<Source>> byPool = new HashMap<>();

    /** Where what goes to a pool has come in. */
    private record Source(Protocol protocol, ListenConfig listen) {}

    private record Listener(ConfigValue value, Protocol protocol, ListenConfig listen) {
        boolean takes(IpAddress address, int firstPort, int lastPort) {
            return listen.unix().isEmpty()
                    && firstPort <= listen.lastPort()
                    && lastPort >= listen.firstPort()
                    && takes(address);
        }

        private boolean takes(IpAddress address) {
            IpAddress own = listen.address();
            boolean wildcard = own.isAny() && (listen.dualStack() || own.isIpv4() == address.isIpv4());
            return own.equals(address) || (wildcard && address.isLoopback());
        }
    }

    void add(ConfigValue value, Protocol protocol, ListenConfig listen) {
        all.add(new Listener(value, protocol, listen));
    }

    /** What these listeners take may go to these pools. */
    void lead(Protocol protocol, List<ListenConfig> listens, Set<String> pools) {
        List<Source> sources =
                listens.stream().map(listen -> new Source(protocol, listen)).toList();
        pools.forEach(
                pool -> byPool.computeIfAbsent(pool, name -> new ArrayList<>()).addAll(sources));
    }

    /** Reports a backend of this pool that is a listener. */
    void check(String pool, ConfigValue value, HostPort backend) {
        Optional<IpAddress> address = IpAddress.parse(backend.host());
        List<Source> sources = byPool.getOrDefault(pool, List.of());
        if (backend.isUnix()) {
            checkUnix(sources, value, backend);
            return;
        }
        boolean portless = backend.firstPort() == BackendConfig.CLIENTS_PORT;
        if (portless
                && sources.stream().anyMatch(source -> source.listen().unix().isPresent())) {
            value.problem("needs a port: clients of a UNIX socket come to none");
            return;
        }
        if (address.isEmpty()) {
            return;
        }
        all.stream()
                .filter(listener ->
                        sources.stream().anyMatch(source -> reaches(source, listener, address.get(), backend)))
                .findFirst()
                .ifPresent(listener -> report(value, listener));
    }

    private void checkUnix(List<Source> sources, ConfigValue value, HostPort backend) {
        all.stream()
                .filter(listener ->
                        !sources.isEmpty() && listener.listen().toString().equals(backend.host()))
                .findFirst()
                .ifPresent(listener -> report(value, listener));
    }

    private static void report(ConfigValue value, Listener listener) {
        value.problem("is a listener of this forwarder: " + listener.value().key() + " at line "
                + listener.value().line());
    }

    private static boolean reaches(Source source, Listener listener, IpAddress address, HostPort backend) {
        if (source.protocol() != listener.protocol()) {
            return false;
        }
        ListenConfig own = source.listen();
        return backend.firstPort() == BackendConfig.CLIENTS_PORT
                ? listener.takes(address, own.firstPort(), own.lastPort())
                : listener.takes(address, backend.firstPort(), backend.firstPort());
    }
}
