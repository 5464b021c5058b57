package io.penstock.forwarder.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An agent beside each of some {@link NamedBackends}: says its line to whoever connects, at first that all is well. */
final class Agents implements AutoCloseable {
    private static final String WELL = "up ready 100%";

    private final int port = Ports.free();
    private final Map<String, String> lines = new ConcurrentHashMap<>();
    private final List<TestBackend> agents = new ArrayList<>();

    static Agents of(String... backends) throws IOException {
        Agents all = new Agents();
        for (String name : backends) {
            all.agents.add(TestBackend.at(
                    NamedBackends.host(name),
                    all.port,
                    socket -> Clients.write(socket, all.lines.getOrDefault(name, WELL) + "\n")));
        }
        return all;
    }

    void say(String backend, String line) {
        lines.put(backend, line);
    }

    /** A line of the pool. */
    String yaml() {
        return "agent: { port: " + port + ", interval: 100ms }";
    }

    @Override
    public void close() {
        agents.forEach(TestBackend::close);
    }
}
