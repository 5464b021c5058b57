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
 * out. Known only by literal: which other addresses this host has, and where names lead, a file does not say.
 */
final class OwnListeners {
    private final List<Listener> all = new ArrayList<>();
    private final Map<String, List<ListenConfig>> byPool = new HashMap<>();

    private record Listener(ConfigValue value, ListenConfig listen) {
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

    void add(ConfigValue value, ListenConfig listen) {
        all.add(new Listener(value, listen));
    }

    /** What these listeners take may go to these pools. */
    void lead(List<ListenConfig> listens, Set<String> pools) {
        pools.forEach(
                pool -> byPool.computeIfAbsent(pool, name -> new ArrayList<>()).addAll(listens));
    }

    /** Reports a backend of this pool that is a listener. */
    void check(String pool, ConfigValue value, HostPort backend) {
        Optional<IpAddress> address = IpAddress.parse(backend.host());
        List<ListenConfig> sources = byPool.getOrDefault(pool, List.of());
        if (backend.isUnix()) {
            checkUnix(sources, value, backend);
            return;
        }
        boolean portless = backend.firstPort() == BackendConfig.CLIENTS_PORT;
        if (portless && sources.stream().anyMatch(source -> source.unix().isPresent())) {
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

    private void checkUnix(List<ListenConfig> sources, ConfigValue value, HostPort backend) {
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

    private static boolean reaches(ListenConfig source, Listener listener, IpAddress address, HostPort backend) {
        return backend.firstPort() == BackendConfig.CLIENTS_PORT
                ? listener.takes(address, source.firstPort(), source.lastPort())
                : listener.takes(address, backend.firstPort(), backend.firstPort());
    }
}
