package io.penstock.perf.policies.loopback;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A proxy with a policy of its own, as an operator would configure and start it. */
public interface Balancer {
    String name();

    /**
     * Writes what it needs.
     *
     * @param directory its own, empty
     * @param port where it is to listen on 127.0.0.1
     * @param backendPorts on 127.0.0.1, in the order of the scenario
     * @return the words that start it in the foreground
     */
    List<String> prepare(Path directory, int port, List<Integer> backendPorts) throws IOException;
}
